// SPDX-License-Identifier: Apache-2.0
// Builds CMS signatures byte by byte, so that a test can make any one part of them wrong. With nothing changed, what
// comes out is a genuine signature.
#pragma once

#include <functional>
#include <optional>

#include "core/crypto/digest.h"
#include "testkit/pki.h"

namespace sallyport::testkit {

// DER of algorithm identifiers.
Bytes digest_identifier(Sha2 digest);
Bytes sha1_identifier();
Bytes pkcs1_identifier(Sha2 digest);
Bytes ecdsa_identifier(Sha2 digest);
Bytes ed25519_identifier();
Bytes pss_identifier(Sha2 digest, Sha2 mask, std::uint8_t salt_size);
Bytes algorithm_with_parameters(const Bytes& identifier, const Bytes& parameters);

using SignFunction = std::function<Bytes(EVP_PKEY* key, BytesView message)>;
SignFunction plain(Sha2 digest);  // ECDSA, or RSA PKCS#1
SignFunction plain_ed25519();
SignFunction pss(Sha2 digest, Sha2 mask, int salt_size);
// RSA on a block that is 00 01 ff… 00 DigestInfo, with `garbage` bytes after the DigestInfo.
SignFunction pkcs1_with_garbage(std::size_t garbage);
// The other signature, with s and n - s exchanged, over P-256.
SignFunction high_s();

Bytes attribute(std::string_view oid_hex, std::vector<Bytes> values);
Bytes content_type_attribute();
Bytes content_type_attribute(std::string_view type_hex);
Bytes message_digest_attribute(Sha2 digest, BytesView content);

struct ForgedSigner {
  Identity who;
  Bytes digest = digest_identifier(Sha2::sha256);
  Bytes algorithm = ecdsa_identifier(Sha2::sha256);
  SignFunction sign = plain(Sha2::sha256);
  std::optional<std::vector<Bytes>> attributes;  // nothing: the two that belong there
  Sha2 content_digest = Sha2::sha256;
};

struct ForgedCms {
  std::vector<ForgedSigner> signers;
  std::optional<std::vector<Bytes>> digests;       // nothing: those of the signers
  std::optional<std::vector<Bytes>> certificates;  // nothing: those of the signers
  std::optional<Bytes> embedded;                   // content inside of the CMS
  std::optional<Bytes> revocation_list;
  std::string_view content_type = "2a864886f70d010701";
  std::uint8_t version = 1;
};

Bytes forge_cms(BytesView content, const ForgedCms& options);

}  // namespace sallyport::testkit
