// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/signed_package.h"

#include "core/crypto/cms.h"
#include "core/format/zip.h"

namespace sallyport::vendor {

Result<WrittenPackage> write_with(const Signatures& signatures, const ByteSource& file,
                                  const OwnPackage& package, ByteSink& output, Workers& workers) {
  std::string blocks = cms_to_pem(signatures.first);
  if (!signatures.second.empty()) blocks += cms_to_pem(signatures.second, second_cms_label);
  Bytes manifest_bytes = package.signed_octets;
  manifest_bytes.insert(manifest_bytes.end(), blocks.begin(), blocks.end());
  const MemorySource manifest(manifest_bytes);
  std::vector<PackageMember> members;
  for (const auto& member : package.directory.members) {
    if (member.name == package.layout.manifest) {
      members.push_back({member.name, &manifest, 0, manifest.size(), crc32(0, manifest_bytes)});
    } else {
      members.push_back({member.name, &file, member.data_offset, member.size, member.crc32});
    }
  }
  return write_package(members, output, workers);
}

}  // namespace sallyport::vendor
