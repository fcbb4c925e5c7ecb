// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/sign.h"

#include "core/format/zip.h"
#include "roles/vendor/package_reader.h"
#include "roles/vendor/package_writer.h"

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
Result<std::string> sign_octets(BytesView octets, Signer& signer, const std::vector<Certificate>& chain,
                                Instant at) {
  if (chain.empty()) return Error(Code::key_unusable, "certificate", "the certificate of the key", "none");
  const Bytes cms = TRY(signer.sign_cms(octets, without_root(chain)));
  TRY(verify_cms(cms, octets, {chain.back()}, at));
  return cms_to_pem(cms);
}

std::vector<PackageMember> members_of(const ByteSource& file, const OwnPackage& package,
                                      const MemorySource& manifest, BytesView manifest_bytes) {
  std::vector<PackageMember> members;
  for (const auto& member : package.directory.members) {
    if (member.name == package.layout.manifest) {
      members.push_back({member.name, &manifest, 0, manifest.size(), crc32(0, manifest_bytes)});
    } else {
      members.push_back({member.name, &file, member.data_offset, member.size, member.crc32});
    }
  }
  return members;
}

}  // namespace

Result<SignReport> sign(const ByteSource& package, Signer& signer, const std::vector<Certificate>& chain,
                        Instant at, ByteSink& output, Workers& workers, Progress& progress) {
  progress.begin("reading", package.size() * 2);  // as members, and as contents
  const auto own = TRY(read_own_package(WatchedSource(package, progress), workers));
  const auto pem = TRY(sign_octets(own.signed_octets, signer, chain, at));
  Bytes manifest_bytes = own.signed_octets;
  manifest_bytes.insert(manifest_bytes.end(), pem.begin(), pem.end());
  const MemorySource manifest(manifest_bytes);
  progress.begin("writing", package.size());
  const WatchedSource watched(package, progress);
  const auto written =
      TRY(write_package(members_of(watched, own, manifest, manifest_bytes), output, workers));
  return SignReport{written.digest,       sha256(own.tree_bytes), written.size,    chain.front().subject(),
                    own.manifest.product, own.manifest.version,   own.tree.counter};
}

}  // namespace sallyport::vendor
