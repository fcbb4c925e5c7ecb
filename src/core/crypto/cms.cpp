// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/cms.h"

#include <algorithm>

#include "core/crypto/cms_chain.h"
#include "core/crypto/cms_findings.h"
#include "core/crypto/cms_signers.h"
#include "core/crypto/pem.h"

namespace sallyport {
namespace {

constexpr std::size_t cms_size_max = 262144;

std::vector<Certificate> anchors_of(const std::vector<SigningAuthority>& authorities) {
  std::vector<Certificate> all;
  for (const auto& authority : authorities) {
    all.insert(all.end(), authority.anchors.begin(), authority.anchors.end());
  }
  return all;
}

// The first one that owns the anchor; anchors are of one authority each.
const SigningAuthority& owner_of(const Certificate& anchor,
                                 const std::vector<SigningAuthority>& authorities) {
  const auto owns = [&](const SigningAuthority& authority) {
    return std::any_of(authority.anchors.begin(), authority.anchors.end(),
                       [&](const Certificate& own) { return own.fingerprint() == anchor.fingerprint(); });
  };
  const auto found = std::find_if(authorities.begin(), authorities.end(), owns);
  CHECK(found != authorities.end());  // the chain was built to one of them
  return *found;
}

// One verification: what all signers share.
struct Verification {
  const std::vector<SigningAuthority>& authorities;
  std::vector<Certificate> anchors;
  std::vector<Certificate> embedded;
  std::vector<OcspResponse> responses;
  Instant at;
  Occasion occasion;

  Result<Checks> revocation(const SigningAuthority& authority, const std::vector<Certificate>& chain,
                            const std::optional<TimeStamp>& stamp) const;
  Result<CmsSigner> signer(const Certificate& leaf, const CmsSignerOutline& outline) const;
  std::optional<CmsSigner> find_wrong(const Certificate& leaf, const CmsSignerOutline& outline,
                                      Findings& findings) const;
};

Check note_on(const TimeStamp& stamp) {
  return {"time stamp", stamp.time.print() + " by " + stamp.chain.front().subject() + ", serial " +
                            stamp.serial + ", anchor " + stamp.chain.back().subject()};
}

// Of the stamp first: it bears the other answers.
Result<Checks> Verification::revocation(const SigningAuthority& authority,
                                        const std::vector<Certificate>& chain,
                                        const std::optional<TimeStamp>& stamp) const {
  if (occasion == Occasion::proof_again) return Checks();
  const RevocationKnowledge knowledge{authority.revocation, authority.lists, responses, authority.floors};
  Checks checks;
  if (stamp) checks = TRY(check_revocation(stamp->chain, knowledge, at, stamp->time));
  const auto signed_at = stamp ? std::optional(stamp->latest) : std::nullopt;
  const auto more = TRY(check_revocation(chain, knowledge, at, signed_at));
  checks.insert(checks.end(), more.begin(), more.end());
  return checks;
}

// A time stamp moves the time as of which the signer's certificates have to be valid: whose stamps count follows from
// the chain, so that is looked for first, without asking when.
Result<CmsSigner> Verification::signer(const Certificate& leaf, const CmsSignerOutline& outline) const {
  const auto& token = outline.time_stamp;
  auto chain =
      TRY(find_chain(leaf, embedded, anchors, ChainUse::code, token ? std::nullopt : std::optional(at)));
  const auto& authority = owner_of(chain.back(), authorities);
  std::optional<TimeStamp> stamp;
  if (token && !authority.time_stamp_anchors.empty())
    stamp = TRY(verify_time_stamp(*token, outline.signature, authority.time_stamp_anchors, at));
  if (token)
    chain = TRY(find_chain(leaf, embedded, authority.anchors, ChainUse::code, stamp ? stamp->latest : at));
  if (!stamp && authority.time_stamps == TimeStamps::required)
    return Error(Code::time_stamp_missing, leaf.subject(), "a time stamp on the signature", "none");
  Checks notes;
  if (stamp) notes.push_back(note_on(*stamp));
  if (token && !stamp) notes.push_back({"time stamp", "not looked at: the policy names no authority for it"});
  const auto checks = TRY(revocation(authority, chain, stamp));
  notes.insert(notes.end(), checks.begin(), checks.end());
  auto anchor = chain.back();
  return CmsSigner{leaf, std::move(anchor), std::move(chain), std::move(stamp), std::move(notes)};
}

// A wrong use or an unknown issuer hides a wrong time, and that can be told by itself where there is no stamp that
// moves it.
std::optional<CmsSigner> Verification::find_wrong(const Certificate& leaf, const CmsSignerOutline& outline,
                                                  Findings& findings) const {
  const auto whole = signer(leaf, outline);
  if (whole.ok()) return whole.value();
  findings.add(whole.error());
  if (!outline.time_stamp && at > leaf.not_after()) {
    findings.add(Error(Code::certificate_expired, leaf.subject(), "valid at " + at.print(),
                       "valid until " + leaf.not_after().print()));
  }
  if (!outline.time_stamp && at < leaf.not_before()) {
    findings.add(Error(Code::certificate_not_yet_valid, leaf.subject(), "valid at " + at.print(),
                       "valid from " + leaf.not_before().print()));
  }
  auto chain = find_chain(leaf, embedded, anchors, ChainUse::code, std::nullopt);
  if (!chain.ok()) return std::nullopt;
  auto anchor = chain.value().back();
  return CmsSigner{leaf, std::move(anchor), std::move(chain).value(), std::nullopt, {}};
}

// A library that lacks the signer's algorithm takes its certificates for weak ones.
bool cannot_tell(const SignerLook& signer) {
  return std::any_of(signer.wrong.begin(), signer.wrong.end(),
                     [](const Error& wrong) { return wrong.code == Code::algorithm_unavailable; });
}

Result<std::vector<OcspResponse>> responses_of(const CmsOutline& outline) {
  std::vector<OcspResponse> responses;
  for (const auto& response : outline.ocsp_responses)
    responses.push_back(TRY(OcspResponse::from_der(response)));
  return responses;
}

}  // namespace

Result<SignatureKind> claimed_kind(BytesView cms_der) {
  const auto outline = TRY(read_cms_outline(cms_der, CmsKind::manifest));
  const auto kind = outline.signers.front().kind;
  for (const auto& signer : outline.signers) {
    if (signer.kind == kind) continue;
    return Error(Code::signature_kind_unexpected, "signers", "all " + std::string(name(kind)),
                 std::string(name(signer.kind)));
  }
  return kind;
}

ContentDigest digest_of(BytesView content) {
  return [content](Sha2 algorithm) -> Result<Bytes> {
    Hasher hasher(algorithm);
    hasher.update(content);
    return hasher.finish();
  };
}

Result<std::vector<CmsSigner>> verify_by_authorities(BytesView cms_der, const ContentDigest& content,
                                                     const std::vector<Certificate>& beside,
                                                     const std::vector<SigningAuthority>& authorities,
                                                     Instant at, Occasion occasion) {
  const auto outline = TRY(read_cms_outline(cms_der, CmsKind::manifest));
  auto anchors = anchors_of(authorities);
  auto verified = TRY(verify_signers(cms_der, outline, content, beside, anchors));
  auto responses = TRY(responses_of(outline));
  const Verification verification{
      authorities, std::move(anchors), std::move(verified.embedded), std::move(responses), at, occasion};
  std::vector<CmsSigner> signers;
  for (std::size_t i = 0; i < outline.signers.size(); ++i) {
    signers.push_back(TRY(verification.signer(verified.leaves[i], outline.signers[i])));
  }
  return signers;
}

Result<std::vector<CmsSigner>> verify_by_authorities(BytesView cms_der, BytesView content,
                                                     const std::vector<SigningAuthority>& authorities,
                                                     Instant at, Occasion occasion) {
  return verify_by_authorities(cms_der, digest_of(content), {}, authorities, at, occasion);
}

std::vector<CmsSigner> find_wrong(BytesView cms_der, const ContentDigest& content,
                                  const std::vector<Certificate>& beside,
                                  const std::vector<SigningAuthority>& authorities, Instant at,
                                  Occasion occasion, Findings& findings) {
  std::vector<CmsSigner> anchored;
  const auto outline = read_cms_outline(cms_der, CmsKind::manifest);
  findings.add_error_of(outline);
  if (!outline.ok()) return anchored;
  auto anchors = anchors_of(authorities);
  auto look = look_at_signers(cms_der, outline.value(), content, beside, anchors);
  auto responses = responses_of(outline.value());
  findings.add_error_of(look);
  findings.add_error_of(responses);
  if (!look.ok() || !responses.ok()) return anchored;
  const Verification verification{
      authorities, std::move(anchors), look.value().embedded, responses.value(), at, occasion};
  for (std::size_t i = 0; i < look.value().signers.size(); ++i) {
    const auto& signer = look.value().signers[i];
    for (const auto& wrong : signer.wrong) findings.add(wrong);
    if (!signer.leaf || cannot_tell(signer)) continue;
    auto found = verification.find_wrong(*signer.leaf, outline.value().signers[i], findings);
    if (found) anchored.push_back(std::move(*found));
  }
  return anchored;
}

Result<std::size_t> certificates_in(BytesView cms_der) {
  return TRY(read_cms_outline(cms_der, CmsKind::manifest)).certificates.size();
}

Result<std::vector<CmsSigner>> verify_cms(BytesView cms_der, BytesView content,
                                          const std::vector<Certificate>& anchors, Instant at) {
  return verify_by_authorities(cms_der, content, {{anchors, {}}}, at, Occasion::admission);
}

Result<Bytes> cms_from_pem(std::string_view pem, std::string_view label) {
  return parse_pem(pem, label, cms_size_max, Code::signature_malformed);
}

std::string cms_to_pem(BytesView der, std::string_view label) {
  return print_pem(der, label);
}

}  // namespace sallyport
