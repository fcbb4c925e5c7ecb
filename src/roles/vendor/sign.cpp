// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/sign.h"

#include "roles/vendor/package_reader.h"
#include "roles/vendor/signed_package.h"

namespace sallyport::vendor {
namespace {

// Files of chains often end with the root.
std::vector<Certificate> without_root(std::vector<Certificate> chain) {
  const auto& last = chain.back();
  if (chain.size() > 1 && last.subject() == last.issuer()) chain.pop_back();
  return chain;
}

// The signature as everybody will check it, with the vendor's own chain for its anchor: a certificate that may not
// sign code, or not now, is found out here and not on the node.
Result<Bytes> sign_octets(BytesView octets, Signer& signer, const std::vector<Certificate>& chain,
                          Instant at) {
  if (chain.empty()) return Error(Code::key_unusable, "certificate", "the certificate of the key", "none");
  Bytes cms = TRY(signer.sign_cms(octets, without_root(chain)));
  TRY(verify_cms(cms, octets, {chain.back()}, at));
  return cms;
}

Result<Signatures> with(Bytes cms, SignatureKind kind, const OwnPackage& own) {
  if (kind == SignatureKind::classical) return Signatures{std::move(cms), own.second_cms};
  const bool behind_a_classical_one =
      !own.cms.empty() && TRY(claimed_kind(own.cms)) == SignatureKind::classical;
  if (behind_a_classical_one) return Signatures{own.cms, std::move(cms)};
  return Signatures{std::move(cms), {}};
}

}  // namespace

Result<SignReport> sign(const ByteSource& package, Signer& signer, const std::vector<Certificate>& chain,
                        Instant at, ByteSink& output, Workers& workers, Progress& progress) {
  progress.begin("reading", package.size() * 2);  // as members, and as contents
  const auto own = TRY(read_own_package(WatchedSource(package, progress), workers));
  auto cms = TRY(sign_octets(own.signed_octets, signer, chain, at));
  const auto signatures = TRY(with(std::move(cms), signer.public_key().kind(), own));
  progress.begin("writing", package.size());
  const auto written = TRY(write_with(signatures, WatchedSource(package, progress), own, output, workers));
  return SignReport{written.digest,       sha256(own.tree_bytes), written.size,    chain.front().subject(),
                    own.manifest.product, own.manifest.version,   own.tree.counter};
}

}  // namespace sallyport::vendor
