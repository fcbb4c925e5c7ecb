// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "core/format/manifest.h"
#include "roles/auditor/evidence_cases.h"
#include "roles/auditor/evidence_today.h"
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
  Stage needs;         // what comes before the check that it is about
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

struct Marked {
  const ZipMember* manifest;
  const ZipMember* tree;
  const ZipMember* pack;
};
Result<Marked> marked_of(const ZipDirectory& directory) {
  const Marked marked{member_ending(directory, ".mf"), directory.find("Artifacts/tree.json"),
                      directory.find("Artifacts/content.pack")};
  if (marked.manifest != nullptr && marked.tree != nullptr && marked.pack != nullptr) return marked;
  return Error(Code::package_layout_invalid, "kept package", "a manifest, tree.json and content.pack",
               "not all three");
}

Result<std::vector<PackageTwin>> make_twins(const ByteSource& package, const EvidencePorts& ports) {
  const auto directory = TRY(read_zip(package));
  const auto [manifest, tree, pack] = TRY(marked_of(directory));
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
                   Stage::build,
                   flip(*pack, pack->size / 2)});
  twins.push_back({"RTC-a",
                   "tree-flipped",
                   "one bit of tree.json flipped, checksums made to fit",
                   {"member-digest-mismatch"},
                   Stage::signer,
                   flip(*tree, tree->size / 2)});
  twins.push_back({"RX-2",
                   "manifest-flipped",
                   "one bit of the signed manifest flipped, checksums made to fit",
                   {"signature-invalid"},
                   Stage::nothing,
                   flip(*manifest, signed_size / 2)});
  twins.push_back({"RX-2",
                   "signature-flipped",
                   "one bit of the signature's encoding flipped, checksums made to fit",
                   {"signature-invalid", "signature-malformed"},
                   Stage::nothing,
                   flip(*manifest, signature_at)});
  twins.push_back({"RX-2",
                   "member-added",
                   "a member added that the manifest does not list",
                   {"package-member-unlisted", "package-layout-invalid"},
                   Stage::signer,
                   added});
  twins.push_back({"RI-2",
                   "unsigned",
                   "the signature cut out of the manifest",
                   {"signature-missing"},
                   Stage::nothing,
                   replace(*manifest, parts.signed_octets)});
  twins.push_back({"RX-1",
                   "unknown-signer",
                   "the manifest signed by somebody whom the policy does not name",
                   {"signer-unknown"},
                   Stage::nothing,
                   replace(*manifest, by_stranger)});
  return twins;
}

// Where a twin is tried: a laboratory node without a generation, or the node itself.
struct Site {
  std::string stage;
  std::string root;
  NodeView node;
  std::optional<Obstacle> obstacle;
};

TestCase case_of(const PackageTwin& twin, const std::string& stage) {
  return {twin.requirement, twin.requirement + "." + stage + "." + twin.name,
          "Refused at " + stage + ": " + twin.what};
}

Result<void> try_twin(CaseWorld& world, const ByteSource& package, const PackageTwin& twin,
                      const std::vector<Site>& sites) {
  const std::string file = "inputs/" + twin.name + ".csar";
  const auto digest = TRY(write_twin(package, twin.tampering, world.ports.out, file));
  const auto& kept = world.newest();
  for (const auto& site : sites) {
    if (stands_before(site.obstacle, twin.needs)) {
      world.laboratory.not_run(case_of(twin, site.stage), site.obstacle->reason);
      continue;
    }
    const Attempt attempt{case_of(twin, site.stage),
                          {"made " + file + ": " + twin.what},
                          {"node", "install", world.out_path(file), "--verdict", kept.verdict, "--order",
                           kept.order, "--root", site.root},
                          twin.expected_codes,
                          static_cast<int>(Exit::integrity),
                          {{twin.name, digest}}};
    TRY(world.laboratory.attempt_without_change(attempt, site.node));
  }
  return world.ports.out.remove(file);
}

Result<std::vector<Site>> sites_of(CaseWorld& world) {
  const auto& kept = world.newest();
  const std::string fresh(fresh_node);
  const auto terms = TRY(terms_of_laboratory(world));
  auto at_install = TRY(obstacle_today(world, kept, terms));
  auto at_upgrade = TRY(obstacle_on_node(world, kept));
  return std::vector<Site>{
      {"install", world.out_path(fresh), {world.ports.out, fresh}, std::move(at_install)},
      {"upgrade", world.request.root, {world.ports.node, ""}, std::move(at_upgrade)}};
}

// RI-1 is about when the check runs: at both stages, whatever was tampered with.
void conclude_stage(CaseWorld& world, const std::string& stage) {
  std::size_t tried = 0;
  std::size_t refused = 0;
  for (const auto& record : world.laboratory.records()) {
    const bool ran = record.verdict != TestVerdict::not_run;
    if (!ran || record.test.find("." + stage + ".") == std::string::npos) continue;
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
  const auto sites = TRY(sites_of(world));
  for (const auto& twin : TRY(make_twins(*package, world.ports))) TRY(try_twin(world, *package, twin, sites));
  conclude_stage(world, "install");
  conclude_stage(world, "upgrade");
  return {};
}

}  // namespace sallyport::auditor
