// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/scan_files.h"

#include <utility>

#include "core/crypto/digest.h"
#include "roles/operator/scan_cache.h"

namespace sallyport::intake {
namespace {

// An engine may call itself anything: its name is no name of a file.
std::string file_of(const EngineInfo& engine) {
  return sha256(as_bytes(engine.engine)).brief() + ".scans";
}

}  // namespace

ScanFiles::ScanFiles(ScanFolder folder, const Unpacker& unpacker, Instant now)
    : folder_(std::move(folder)),
      archives_{"archives", unpacker.version(), "nothing to open, " + std::string(opening_rules), now,
                EngineTrial::none} {}

Result<KnownClean> ScanFiles::read(const EngineInfo& engine, const PublicKey& key) const {
  const auto name = file_of(engine);
  const auto file = folder_.read(name, scans_size_max);
  if (!file.ok() && file.error().code == Code::file_missing) return KnownClean();
  if (!file.ok()) return file.error();
  return read_scans(file.value(), engine, key).within("reading " + name);
}

// Beside what others have written meanwhile, if it can be believed.
Result<void> ScanFiles::write(const EngineInfo& engine, const KnownClean& known, Signer& signer) const {
  const auto there = read(engine, signer.public_key());
  const auto all = joined(there.ok() ? there.value() : KnownClean(), known);
  return folder_.replace(file_of(engine), TRY(print_scans(engine, all, signer)));
}

Result<PlainBook::Contents> ScanFiles::load(const PublicKey& key, std::vector<ApartScanner>& scanners) const {
  for (auto& scanner : scanners) {
    if (scanner.scanner) scanner.known = TRY(read(scanner.engine.info, key));
  }
  return read(archives_, key);
}

Result<void> ScanFiles::save(Signer& signer, const ApartPorts& ports, const ApartReport& report) const {
  for (std::size_t i = 0; i < ports.scanners.size(); ++i) {
    const auto& [engine, scanner, known] = ports.scanners[i];
    if (!scanner || engine.info.self_test != SelfTest::passed) continue;
    TRY(write(engine.info, report.clean[i], signer));
  }
  if (!ports.plain) return {};
  return write(archives_, report.plain, signer);
}

}  // namespace sallyport::intake
