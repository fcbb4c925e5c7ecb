// SPDX-License-Identifier: Apache-2.0
// The folder of a scan cache: a file for each engine that is relayed, and one about what holds nothing to be opened.
// docs/spec/scanner.md, *Seen before*.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "roles/operator/apart.h"

namespace sallyport::intake {

// The folder itself. Several intakes may use it at the same time: a file is replaced whole, or not at all.
struct ScanFolder {
  std::function<Result<Bytes>(const std::string& name, std::uint64_t size_max)> read;  // file_missing: none
  std::function<Result<void>(const std::string& name, BytesView content)> replace;
};

class ScanFiles {
 public:
  // The unpacker is the one that would open what is not known.
  ScanFiles(ScanFolder folder, const Unpacker& unpacker, Instant now);

  // Fills in what each engine called clean before, and returns what held nothing. A file that is not there knows
  // nothing; one that another key signed is refused (scan_cache_invalid).
  Result<PlainBook::Contents> load(const PublicKey& key, std::vector<ApartScanner>& scanners) const;

  // Writes what is known now, in the place of what was. The report is of an intake with these ports.
  Result<void> save(Signer& signer, const ApartPorts& ports, const ApartReport& report) const;

 private:
  Result<KnownClean> read(const EngineInfo& engine, const PublicKey& key) const;
  Result<void> write(const EngineInfo& engine, const KnownClean& known, Signer& signer) const;

  ScanFolder folder_;
  EngineInfo archives_;
};

}  // namespace sallyport::intake
