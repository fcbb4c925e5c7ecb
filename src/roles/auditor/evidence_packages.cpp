// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/format/manifest.h"
#include "roles/auditor/evidence_cases.h"
#include "roles/auditor/twins.h"

namespace sallyport::auditor {
namespace {

constexpr std::uint64_t manifest_size_max = 16U << 20U;

struct PackageTwin {
  std::string requirement;
  std::string name;  // of the file and the test
  std::string what;  // was done to it
  std::vector<std::string>
      expected_codes;  // several where it depends on which part of a structure the bit hits
  Tampering tampering;
};

const ZipMember* member_ending(const ZipDirectory& directory, std::string_view ending) {
  const auto found =
      std::find_if(directory.members.begin(), directory.members.end(),
                   [&](const ZipMember& member) { return member.name.text().ends_with(ending); });
  return found == directory.members.end() ? nullptr : &*found;
}

Tampering flip(const ZipMember& member, std::uint64_t at) {
  return {{{member.name.text(), std::nullopt, at}}, std::nullopt};
}

Tampering replace(const ZipMember& member, BytesView content) {
  return {{{member.name.text(), copy(content), std::nullopt}}, std::nullopt};
}

// The same manifest, signed by somebody whom the policy does not name; a second signature stays.
Result<Bytes> sign_by_stranger(const SplitManifest& parts, const EvidencePorts& ports) {
  const auto cms = TRY(ports.node_key.sign_cms(parts.signed_octets, {ports.stranger}));
  return copy(as_bytes(std::string(as_text(parts.signed_octets)) + cms_to_pem(cms) +
                       std::string(as_text(parts.second_block))));
}

Result<std::vector<PackageTwin>> make_twins(const ByteSource& package, const EvidencePorts& ports) {
  const auto directory = TRY(read_zip(package));
  const auto* manifest = member_ending(directory, ".mf");
  const auto* tree = directory.find("Artifacts/tree.json");
  const auto* pack = directory.find("Artifacts/content.pack");
  if (manifest == nullptr || tree == nullptr || pack == nullptr)
    return Error(Code::package_layout_invalid, "kept package", "a manifest, tree.json and content.pack",
                 "not all three");
  const auto manifest_bytes = TRY(read_member(package, *manifest, manifest_size_max));
  const auto parts = TRY(split_manifest(manifest_bytes));
  const auto signed_size = parts.signed_octets.size();
  // The signature value is at the end of the structure: 80 characters before its last line.
  const auto signature_at = signed_size + parts.cms_block.size() - 80;
  Tampering added;
  added.added = MemberEdit{"Artifacts/extra.bin", copy(as_bytes("not what the vendor signed")), std::nullopt};
  const auto by_stranger = TRY(sign_by_stranger(parts, ports));
  std::vector<PackageTwin> twins;
  twins.push_back({"RTC-a",
                   "payload-flipped",
                   "one bit of content.pack flipped, checksums made to fit",
                   {"member-digest-mismatch"},
                   flip(*pack, pack->size / 2)});
  twins.push_back({"RTC-a",
                   "tree-flipped",
                   "one bit of tree.json flipped, checksums made to fit",
                   {"member-digest-mismatch"},
                   flip(*tree, tree->size / 2)});
  twins.push_back({"RX-2",
                   "manifest-flipped",
                   "one bit of the signed manifest flipped, checksums made to fit",
                   {"signature-invalid"},
                   flip(*manifest, signed_size / 2)});
  twins.push_back({"RX-2",
                   "signature-flipped",
                   "one bit of the signature's encoding flipped, checksums made to fit",
                   {"signature-invalid", "signature-malformed"},
                   flip(*manifest, signature_at)});
  twins.push_back({"RX-2",
                   "member-added",
                   "a member added that the manifest does not list",
                   {"package-member-unlisted", "package-layout-invalid"},
                   added});
  twins.push_back({"RI-2",
                   "unsigned",
                   "the signature cut out of the manifest",
                   {"signature-missing"},
                   replace(*manifest, parts.signed_octets)});
  twins.push_back({"RX-1",
                   "unknown-signer",
                   "the manifest signed by somebody whom the policy does not name",
                   {"signer-unknown"},
                   replace(*manifest, by_stranger)});
  return twins;
}

Result<void> try_twin(CaseWorld& world, const ByteSource& package, const PackageTwin& twin) {
  const std::string file = "inputs/" + twin.name + ".csar";
  const auto digest = TRY(write_twin(package, twin.tampering, world.ports.out, file));
  const auto& kept = world.newest();
  for (const bool upgrade : {false, true}) {
    const std::string stage = upgrade ? "upgrade" : "install";
    const Attempt attempt{
        {twin.requirement, twin.requirement + "." + stage + "." + twin.name,
         "Refused at " + stage + ": " + twin.what},
        {"made " + file + ": " + twin.what},
        {"node", "install", world.out_path(file), "--verdict", kept.verdict, "--order", kept.order, "--root",
         upgrade ? world.request.root : world.out_path(std::string(fresh_node))},
        twin.expected_codes,
        static_cast<int>(Exit::integrity),
        {{twin.name, digest}}};
    const NodeView this_node{world.ports.node, ""};
    const NodeView fresh{world.ports.out, std::string(fresh_node)};
    TRY(world.laboratory.attempt_without_change(attempt, upgrade ? this_node : fresh));
  }
  return world.ports.out.remove(file);
}

// RI-1 is about when the check runs: at both stages, whatever was tampered with.
void conclude_stage(CaseWorld& world, const std::string& stage) {
  std::size_t tried = 0;
  std::size_t refused = 0;
  for (const auto& record : world.laboratory.records()) {
    if (record.test.find("." + stage + ".") == std::string::npos) continue;
    ++tried;
    refused += record.verdict == TestVerdict::pass ? 1U : 0U;
  }
  world.laboratory.observe({"RI-1", "RI-1." + stage, "Integrity is checked at " + stage},
                           std::to_string(tried) + " tampered packages refused, nothing changed",
                           std::to_string(refused) + " refused, nothing changed",
                           tried > 0 && tried == refused ? TestVerdict::pass : TestVerdict::fail);
}

}  // namespace

Result<void> tampered_package_cases(CaseWorld& world) {
  const auto package = TRY(world.ports.node.open(world.newest().folder + "/package.csar"));
  TRY(init_laboratory_node(world, std::string(fresh_node)));
  for (const auto& twin : TRY(make_twins(*package, world.ports))) TRY(try_twin(world, *package, twin));
  conclude_stage(world, "install");
  conclude_stage(world, "upgrade");
  return {};
}

}  // namespace sallyport::auditor
