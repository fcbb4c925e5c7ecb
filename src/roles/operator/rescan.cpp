// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/rescan.h"

#include <algorithm>

namespace sallyport::intake {
namespace {

constexpr std::uint64_t part_size_max = 1U << 20U;

}  // namespace

bool knows_as_much(const Verdict& verdict, const std::vector<EngineInfo>& engines) {
  return std::all_of(engines.begin(), engines.end(), [&](const EngineInfo& info) {
    return std::any_of(verdict.engines.begin(), verdict.engines.end(), [&](const EngineRecord& record) {
      return record.engine == info.engine && record.version == info.version &&
             record.database == info.database && record.files_scanned == verdict.files_total &&
             record.bytes_scanned == verdict.bytes_total;
    });
  });
}

bool names_malware(const Verdict& verdict) {
  if (verdict.outcome != Outcome::not_clean) return false;  // what is excepted is none
  return std::any_of(verdict.findings.begin(), verdict.findings.end(),
                     [](const Finding& finding) { return finding.code == name(Code::malware_found); });
}

Result<Sha256Digest> digest_of(const ByteSource& file) {
  Hasher hasher(Sha2::sha256);
  for (std::uint64_t done = 0; done < file.size();) {
    const auto size = std::min(file.size() - done, part_size_max);
    hasher.update(TRY(file.read(done, size, part_size_max)));
    done += size;
  }
  return hasher.finish_sha256();
}

}  // namespace sallyport::intake
