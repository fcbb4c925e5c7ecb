// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/list_members.h"

#include "core/format/tosca.h"
#include "core/format/zip.h"

namespace sallyport::intake {

Result<PackageMembers> list_members(const ByteSource& file) {
  const auto directory = TRY(read_zip(file));
  const auto* const tosca = directory.find("TOSCA-Metadata/TOSCA.meta");
  if (tosca == nullptr)
    return Error(Code::package_member_missing, "TOSCA-Metadata/TOSCA.meta", "a member", "none");
  const auto meta = TRY(parse_tosca(TRY(read_member(file, *tosca, tosca_size_max))));
  PackageMembers listed{meta.manifest.text(), meta.definitions.text(), {}};
  for (const auto& member : directory.members)
    listed.members.push_back({member.name.text(), member.data_offset, member.size, member.crc32});
  return listed;
}

}  // namespace sallyport::intake
