// SPDX-License-Identifier: Apache-2.0
// The signer's certificate as SOL004 lets a package carry it: in the CMS, or in a file beside what is signed. In
// exactly one of the places, so that no two programs take two signers (docs/spec/foreign.md).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/trust/examine_parts.h"

namespace sallyport::trust {

// A detached signature in a file of this name: one PEM block, CMS or PKCS7, or DER.
Result<Bytes> read_signature_file(const std::string& name, BytesView bytes);
// One certificate or several, the signer's first: PEM blocks, or one in DER.
Result<std::vector<Certificate>> read_certificate_file(const std::string& name, BytesView bytes);

constexpr std::uint64_t signature_file_max = 512ULL << 10U;

// Files of an archive in which the certificate may be, each at most once.
struct CertificatePlaces {
  const ByteSource& file;
  const Archive& archive;
  std::vector<std::string> names;  // those that are members count
};

struct Carried {
  std::vector<Certificate> beside;
  std::optional<std::string> member;  // where they are
};

// signer_certificate_missing where there is none at all, signer_certificate_ambiguous where there are more.
Result<Carried> carried_certificates(const std::string& where, BytesView cms_der,
                                     const CertificatePlaces& places, Findings& findings);

}  // namespace sallyport::trust
