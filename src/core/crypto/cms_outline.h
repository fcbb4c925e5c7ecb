// SPDX-License-Identifier: Apache-2.0
// The outline of a CMS SignedData, refused where it is not the one form that core/crypto/cms.h describes.
#pragma once

#include <optional>
#include <vector>

#include "core/crypto/digest.h"
#include "core/crypto/signature_kind.h"

namespace sallyport {

enum class CmsKind : std::uint8_t {
  manifest,    // over content that is not in it
  time_stamp,  // over a TSTInfo that it holds (RFC 3161)
};

struct CmsSignerOutline {
  BytesView who;  // issuer and serial number, or [0] key identifier
  Sha2 digest;
  Bytes signed_attributes;  // DER with the SET tag: the bytes that are signed
  BytesView message_digest;
  SignatureKind kind;  // by the algorithm that it names
  BytesView signature;
  std::optional<BytesView>
      certificate_v1;  // values of the signing-certificate attributes (RFC 2634, RFC 5035)
  std::optional<BytesView> certificate_v2;
  std::optional<BytesView> time_stamp;  // the unsigned attribute
};

struct CmsOutline {
  BytesView content;                      // of a time stamp: its TSTInfo
  std::vector<BytesView> ocsp_responses;  // RFC 5940
  std::vector<BytesView> certificates;
  std::vector<CmsSignerOutline> signers;
};

// The views point into `cms`.
Result<CmsOutline> read_cms_outline(BytesView cms, CmsKind kind);

}  // namespace sallyport
