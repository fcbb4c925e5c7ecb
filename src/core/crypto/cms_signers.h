// SPDX-License-Identifier: Apache-2.0
// The signatures of a CMS, without the question whose they are: of manifests and of time stamps.
#pragma once

#include <vector>

#include "core/crypto/cms.h"
#include "core/crypto/cms_outline.h"

namespace sallyport {

struct VerifiedSigners {
  std::vector<Certificate> embedded;
  std::vector<Certificate>
      leaves;  // one for each SignerInfo, in order; nobody knows yet whether they are to be trusted
};

// By the first three rules of cms.h. `anchors` may hold the certificate of a signer, too.
Result<VerifiedSigners> verify_signers(BytesView cms_der, const CmsOutline& outline, BytesView content,
                                       const std::vector<Certificate>& anchors);

}  // namespace sallyport
