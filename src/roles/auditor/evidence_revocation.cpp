// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/evidence_revocation.h"

#include "core/format/policy.h"
#include "core/format/zip.h"
#include "core/trust/vendor_signature.h"

namespace sallyport::auditor {
namespace {

constexpr const char* lists_folder = "crls";
constexpr std::uint64_t manifest_size_max = 16U << 20U;

KnownList known(const RevocationList& list, std::string from) {
  return {std::move(from), list.issuer(), list.number().text(), list.issued(), list.next(), list.size()};
}

// As if it were to come in now.
Result<void> judge(Disk& node, const KeptGeneration& kept, const Policy& policy, Instant now,
                   std::vector<std::string>& said) {
  const auto package = TRY(node.open(kept.folder + "/package.csar"));
  const auto manifest = TRY(manifest_of(*package));
  Checks passed;
  const auto judged = trust::verify_manifest(manifest, policy, now, Occasion::admission, passed);
  if (!judged.ok() && kind_of(judged.error().code) == Kind::fault) return judged.error();
  for (const auto& check : passed) {
    if (check.name == "revocation") said.push_back(kept.package_input.name + ": " + check.finding);
  }
  if (!judged.ok()) {
    const auto& error = judged.error();
    said.push_back(kept.package_input.name + ": would be refused now, " + std::string(name(error.code)) +
                   ": " + error.where + ": " + error.found);
  }
  return {};
}

}  // namespace

Result<std::vector<RevocationList>> lists_of_node(Disk& node) {
  std::vector<RevocationList> lists;
  if (!TRY(node.find(lists_folder))) return lists;
  for (const auto& name : TRY(node.list(lists_folder))) {
    if (!name.ends_with(".crl")) continue;
    const auto path = std::string(lists_folder) + "/" + name;
    const auto bytes = TRY(node.read_small(path, revocation_list_size_max));
    auto list = RevocationList::from_der(bytes);
    if (list.ok()) lists.push_back(std::move(list).value());
  }
  return lists;
}

Result<Bytes> manifest_of(const ByteSource& package) {
  const auto directory = TRY(read_zip(package));
  for (const auto& member : directory.members) {
    if (member.name.text().ends_with(".mf")) return read_member(package, member, manifest_size_max);
  }
  return Error(Code::package_member_missing, "the package", "a manifest, *.mf", "none");
}

Result<RevocationFindings> revocation_findings(Disk& node, const std::vector<KeptGeneration>& generations,
                                               Instant now) {
  const auto bytes = TRY(node.read_small("policy.json", policy_size_max));
  auto policy = TRY(parse_policy(bytes));
  RevocationFindings findings;
  for (const auto& [id, source] : policy.sources) {
    for (const auto& list : source.authority.lists) findings.lists.push_back(known(list, "policy"));
  }
  policy.delivered_lists = TRY(lists_of_node(node));
  for (const auto& list : policy.delivered_lists) findings.lists.push_back(known(list, "node"));
  for (const auto& kept : generations) TRY(judge(node, kept, policy, now, findings.said));
  return findings;
}

}  // namespace sallyport::auditor
