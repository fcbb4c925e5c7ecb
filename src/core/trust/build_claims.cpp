// SPDX-License-Identifier: Apache-2.0
#include "core/trust/build_claims.h"

#include "core/format/sbom_check.h"

namespace sallyport::trust {
namespace {

// Taken at the first question.
class Contents {
 public:
  Contents(const BuiltContent& content, std::set<Sha2> algorithms)
      : content_(content), algorithms_(std::move(algorithms)) {}

  Result<const ContentDigests*> get() {
    if (!digests_)
      digests_ = TRY(ContentDigests::of(content_.tree.objects, content_.file, content_.pack.data_offset,
                                        content_.pack.size, algorithms_, content_.workers));
    return &*digests_;
  }

 private:
  const BuiltContent& content_;
  std::set<Sha2> algorithms_;
  std::optional<ContentDigests> digests_;
};

Result<std::optional<Sbom>> required_sbom(const Source& source, const std::optional<SignedMember>& member) {
  if (source.sbom != SbomNeed::required) return std::optional<Sbom>();
  CHECK(member.has_value());  // every package has one
  auto sbom = TRY(parse_sbom(member->bytes).within("reading " + member->name));
  if (sbom.files.empty())
    return Error(Code::sbom_missing, member->name, "a bill of materials that names files", describe(sbom));
  return std::optional<Sbom>(std::move(sbom));
}

}  // namespace

Result<BuildClaims> BuildClaims::begin(const Source& source, const std::vector<AlgorithmEnd>& ends,
                                       Instant at, const Members& members) {
  AttestationTerms terms{source.attestations, ends, at};
  auto found = TRY(signed_attestations(terms, members.attestations));
  auto sbom = TRY(required_sbom(source, members.sbom));
  return BuildClaims(std::move(terms), std::move(found), std::move(sbom));
}

Result<std::vector<AttestationRecord>> BuildClaims::finish(const BuiltContent& content,
                                                           Checks& passed) const {
  auto algorithms = sbom_ ? algorithms_of(*sbom_) : std::set<Sha2>();
  algorithms.insert(Sha2::sha256);
  Contents contents(content, std::move(algorithms));
  const Holdings holdings{content.release, content.tree, content.manifest, [&] { return contents.get(); }};
  auto accepted = TRY(accepted_attestations(terms_.rules, attestations_, holdings));
  for (const auto& record : accepted) passed.push_back({"attestation", describe(record)});
  if (!sbom_) return accepted;
  const auto misfits = find_misfits(*sbom_, content.tree, *TRY(contents.get()));
  if (!misfits.empty()) return misfits.front();
  passed.push_back({"bill of materials", describe(*sbom_) + ", and it fits"});
  return accepted;
}

}  // namespace sallyport::trust
