// SPDX-License-Identifier: Apache-2.0
#include "testkit/foreign.h"

#include "core/base/check.h"
#include "core/crypto/cms.h"
#include "core/format/deflate_for_test.h"
#include "testkit/raw_zip.h"

namespace sallyport::testkit {

std::string manifest_entry(const Member& member) {
  return "Source: " + member.name + "\nAlgorithm: SHA-256\nHash: " + sha256(member.content).text() + "\n\n";
}

Members foreign_members(const ForeignParts& parts) {
  Members all = parts.files;
  if (!parts.meta.empty()) all.insert(all.begin(), {"TOSCA-Metadata/TOSCA.meta", copy(as_bytes(parts.meta))});
  std::string octets = parts.metadata;
  for (const auto& member : all) octets += manifest_entry(member);
  if (parts.edit_octets) parts.edit_octets(octets);
  std::string cms;
  if (!parts.signers.empty()) cms = cms_to_pem(sign_cms(as_bytes(octets), parts.signers));
  if (parts.sign) cms = cms_to_pem(parts.sign(as_bytes(octets)));
  all.push_back({parts.meta.empty() ? "mme.mf" : "Definitions/mme.mf", copy(as_bytes(octets + cms))});
  if (parts.edit_signed) parts.edit_signed(all);
  return all;
}

Bytes make_foreign(const ForeignParts& parts) {
  return make_zip(foreign_members(parts));
}

Bytes make_option_2(const Bytes& csar, const Bytes& signature, const Members& more) {
  Members members = {{"mme.csar", csar}, {"mme.cms", signature}};
  members.insert(members.end(), more.begin(), more.end());
  return make_zip(members);
}

Bytes deflated(BytesView data) {
  return deflated_for_test(data);
}

Bytes deflate_members(BytesView archive) {
  auto raw = dissect(archive);
  for (auto& member : raw.members) {
    member.data = deflated(member.data);
    for (auto* const header : {&member.local, &member.central}) {
      header->method = 8;
      header->stored_size = static_cast<std::uint32_t>(member.data.size());
    }
  }
  return print(raw);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace sallyport::testkit
