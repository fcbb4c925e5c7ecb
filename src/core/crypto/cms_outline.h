// SPDX-License-Identifier: Apache-2.0
// The outline of a CMS SignedData, refused where it is not the one form that core/crypto/cms.h describes.
#pragma once

#include <vector>

#include "core/crypto/digest.h"

namespace sallyport {

struct CmsSignerOutline {
  BytesView who;  // issuer and serial number, or [0] key identifier
  Sha2 digest;
  Bytes signed_attributes;  // DER with the SET tag: the bytes that are signed
  BytesView message_digest;
  BytesView signature;
};

struct CmsOutline {
  std::vector<BytesView> certificates;
  std::vector<CmsSignerOutline> signers;
};

// The views point into `cms`.
Result<CmsOutline> read_cms_outline(BytesView cms);

}  // namespace sallyport
