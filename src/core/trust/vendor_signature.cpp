// SPDX-License-Identifier: Apache-2.0
#include "core/trust/vendor_signature.h"

#include <algorithm>

#include "core/base/text.h"

namespace sallyport::trust {
namespace {

std::vector<SigningAuthority> authorities_of(const Policy& policy) {
  std::vector<SigningAuthority> authorities;
  for (const auto& [id, source] : policy.sources) {
    authorities.push_back(source.authority);
    auto& lists = authorities.back().lists;
    lists.insert(lists.end(), policy.delivered_lists.begin(), policy.delivered_lists.end());
    authorities.back().floors = policy.list_floors;
  }
  return authorities;
}

bool owns(const Source& source, const Certificate& anchor) {
  return std::ranges::any_of(source.authority.anchors, [&](const Certificate& own) {
    return own.fingerprint() == anchor.fingerprint();
  });
}

// Whether the policy wants to know of it: all kinds that it asks for, else the first.
bool is_asked_for(const RequiredKinds& required, const SignatureBlock& block,
                  const std::vector<SignatureBlock>& blocks) {
  if (required.any_one()) return &block == &blocks.front();
  return required.each_of().contains(block.kind);
}

Result<void> check_kinds_there(const RequiredKinds& required, const std::vector<SignatureBlock>& blocks,
                               const std::string& where) {
  SignatureKinds there;
  for (const auto& block : blocks) there.insert(block.kind);
  if (required.met_by(there)) return {};
  return Error(Code::signature_kind_missing, where, required.describe() + " signatures",
               describe(there) + " alone");
}

// Whoever breaks one kind must not get into the other by a certificate: every key of the chain is of the kind.
Result<void> check_chain_kind(const CmsSigner& signer, SignatureKind kind) {
  for (const auto& certificate : signer.chain) {
    if (certificate.key_kind() == kind) continue;
    return Error(Code::signature_kind_unexpected, certificate.subject(),
                 "a " + std::string(name(kind)) + " key, up to the anchor",
                 "a " + std::string(name(certificate.key_kind())) + " one");
  }
  return {};
}

// A time stamp says that the signature was there in time, as it does for certificates; and has to be good itself, now.
Result<void> check_ends(const std::vector<AlgorithmEnd>& ends, const CmsSigner& signer, Instant at) {
  const auto& stamp = signer.time_stamp;
  if (stamp) TRY(check_algorithm_ends(ends, stamp->chain, at));
  return check_algorithm_ends(ends, signer.chain, stamp ? stamp->latest : at);
}

Check signature_check(const CmsSigner& signer) {
  return {"signature",
          signer.leaf.subject() + ", serial " + signer.leaf.serial() + ", anchor " + signer.anchor.subject()};
}

}  // namespace

Result<SourceId> source_for(const Policy& policy, const std::vector<CmsSigner>& signers,
                            const ProductId& product) {
  std::string owners;
  for (const auto& [id, source] : policy.sources) {
    const Source& candidate = source;  // clang 14 captures no structured binding
    const bool all = std::all_of(signers.begin(), signers.end(),
                                 [&](const CmsSigner& signer) { return owns(candidate, signer.anchor); });
    if (!all) continue;
    if (source.products.contains(product)) return id;
    owners += (owners.empty() ? "" : ", ") + id.text();
  }
  return Error(Code::signer_not_for_product, signers.front().leaf.subject(),
               "one source that all signers belong to, authorised for " + product.text(),
               owners.empty() ? "signers of different sources" : owners);
}

Result<SignatureBlock> read_block(Bytes der) {
  const auto kind = TRY(claimed_kind(der));
  return SignatureBlock{std::move(der), kind};
}

Result<std::vector<SignatureBlock>> read_blocks(const SplitManifest& split) {
  std::vector<SignatureBlock> blocks;
  blocks.push_back(TRY(read_block(TRY(cms_from_pem(as_text(split.cms_block))))));
  if (split.second_block.empty()) return blocks;
  blocks.push_back(TRY(read_block(TRY(cms_from_pem(as_text(split.second_block), second_cms_label)))));
  if (blocks[0].kind != SignatureKind::classical || blocks[1].kind != SignatureKind::post_quantum) {
    return Error(Code::signature_kind_unexpected, "manifest",
                 "a classical signature, then a post-quantum one",
                 std::string(name(blocks[0].kind)) + ", then " + std::string(name(blocks[1].kind)));
  }
  return blocks;
}

Result<std::vector<CmsSigner>> verify_blocks(const std::vector<SignatureBlock>& blocks,
                                             const SignedThing& thing, const Policy& policy, Instant at,
                                             Occasion occasion, Checks& passed) {
  const auto& required = policy.signatures.packages;
  TRY(check_kinds_there(required, blocks, thing.where));
  const auto authorities = authorities_of(policy);
  std::vector<CmsSigner> all;
  for (const auto& block : blocks) {
    if (!is_asked_for(required, block, blocks)) {
      passed.push_back(
          {"signature", std::string(name(block.kind)) + ": not looked at: the policy does not ask for it"});
      continue;
    }
    for (auto& signer :
         TRY(verify_by_authorities(block.der, thing.content, thing.beside, authorities, at, occasion))) {
      if (!required.any_one()) TRY(check_chain_kind(signer, block.kind));
      TRY(check_ends(policy.algorithm_ends, signer, at));
      passed.push_back(signature_check(signer));
      passed.insert(passed.end(), signer.notes.begin(), signer.notes.end());
      all.push_back(std::move(signer));
    }
  }
  CHECK(!all.empty());
  return all;
}

std::vector<CmsSigner> find_wrong_in(const std::vector<SignatureBlock>& blocks, const SignedThing& thing,
                                     const Policy& policy, Instant at, Findings& findings) {
  const auto& required = policy.signatures.packages;
  findings.add_error_of(check_kinds_there(required, blocks, thing.where));
  const auto authorities = authorities_of(policy);
  std::vector<CmsSigner> all;
  for (const auto& block : blocks) {
    if (!is_asked_for(required, block, blocks)) continue;
    for (auto& signer :
         find_wrong(block.der, thing.content, thing.beside, authorities, at, Occasion::admission, findings)) {
      if (!required.any_one()) findings.add_error_of(check_chain_kind(signer, block.kind));
      findings.add_error_of(check_ends(policy.algorithm_ends, signer, at));
      all.push_back(std::move(signer));
    }
  }
  return all;
}

Result<SignedManifest> verify_manifest(BytesView bytes, const Policy& policy, Instant at, Occasion occasion,
                                       Checks& passed) {
  const auto split = TRY(split_manifest(bytes));
  const SignedThing thing{"manifest", digest_of(split.signed_octets)};
  const auto signers = TRY(verify_blocks(TRY(read_blocks(split)), thing, policy, at, occasion, passed));
  auto manifest = TRY(parse_manifest(split.signed_octets));
  const auto product = ProductId::parse(manifest.product);
  if (!product.ok()) {
    return Error(Code::manifest_malformed, "vnf_product_name", product.error().expected,
                 printable(manifest.product));
  }
  const auto source = TRY(source_for(policy, signers, product.value()));
  SignedManifest result{std::move(manifest), product.value(), source, {}};
  for (const auto& signer : signers) result.signers.push_back(signer.leaf.subject());
  passed.push_back({"scope", source.text() + " may sign " + product.value().text()});
  return result;
}

Result<const ManifestEntry*> entry_of(const Manifest& manifest, std::string_view member) {
  const auto found = std::find_if(manifest.entries.begin(), manifest.entries.end(),
                                  [&](const ManifestEntry& entry) { return entry.source.text() == member; });
  if (found == manifest.entries.end())
    return Error(Code::package_member_unlisted, std::string(member), "an entry of the manifest", "none");
  return &*found;
}

Result<void> check_digest(const ManifestEntry& entry, BytesView bytes) {
  Hasher hasher(entry.algorithm);
  hasher.update(bytes);
  const auto found = hasher.finish();
  if (found == entry.digest) return {};
  return Error(Code::member_digest_mismatch, entry.source.text(), hex(entry.digest), hex(found));
}

Result<Tree> parse_signed_tree(const SignedManifest& signed_manifest, BytesView tree_bytes) {
  auto tree = TRY(parse_tree(tree_bytes));
  const auto& manifest = signed_manifest.manifest;
  if (tree.product != signed_manifest.product) {
    return Error(Code::tree_inconsistent, "product", signed_manifest.product.text(), tree.product.text());
  }
  if (tree.version != manifest.version) {
    return Error(Code::tree_inconsistent, "version", printable(manifest.version), printable(tree.version));
  }
  return tree;
}

}  // namespace sallyport::trust
