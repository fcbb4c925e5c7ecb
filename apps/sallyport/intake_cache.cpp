// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/intake_cache.h"

#include <filesystem>
#include <system_error>

#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "core/crypto/digest.h"
#include "roles/operator/scan_cache.h"

namespace sallyport::cli {
namespace {

// An engine may call itself anything: its name is no name of a file.
std::string path_of(const std::string& folder, const EngineInfo& engine) {
  return folder + "/" + sha256(as_bytes(engine.engine)).brief() + ".scans";
}

}  // namespace

Result<void> load_scans(const std::string& folder, const PublicKey& key,
                        std::vector<intake::ApartScanner>& scanners) {
  std::error_code none_of_it;
  if (!std::filesystem::is_directory(folder, none_of_it))
    return Error(Code::file_missing, folder, "a folder of intake's own: mkdir -m 700", "none");
  for (auto& scanner : scanners) {
    if (!scanner.scanner) continue;
    const auto path = path_of(folder, scanner.engine.info);
    const auto file = read_whole_file(path, intake::scans_size_max);
    if (!file.ok() && file.error().code == Code::file_missing) continue;
    if (!file.ok()) return file.error();
    scanner.known = TRY(intake::read_scans(file.value(), scanner.engine.info, key).within("reading " + path));
  }
  return {};
}

Result<void> save_scans(const std::string& folder, Signer& signer,
                        const std::vector<intake::ApartScanner>& scanners,
                        const std::vector<intake::KnownClean>& clean) {
  for (std::size_t i = 0; i < scanners.size(); ++i) {
    const auto& [engine, scanner, known] = scanners[i];
    if (!scanner || engine.info.self_test != SelfTest::passed) continue;
    const auto file = TRY(intake::print_scans(engine.info, intake::joined(known, clean[i]), signer));
    TRY(replace_whole_file(path_of(folder, engine.info), file, Readers::owner_only));
  }
  return {};
}

}  // namespace sallyport::cli
