// SPDX-License-Identifier: Apache-2.0
// The signatures of a CMS, without the question whose they are: of manifests and of time stamps.
#pragma once

#include <optional>
#include <vector>

#include "core/crypto/cms_findings.h"
#include "core/crypto/cms_outline.h"

namespace sallyport {

struct VerifiedSigners {
  std::vector<Certificate> embedded;
  std::vector<Certificate>
      leaves;  // one for each SignerInfo, in order; nobody knows yet whether they are to be trusted
};

// By the first three rules of cms.h. `beside` are certificates that came along outside of the CMS; `anchors` may hold
// the certificate of a signer, too.
Result<VerifiedSigners> verify_signers(BytesView cms_der, const CmsOutline& outline,
                                       const ContentDigest& content, const std::vector<Certificate>& beside,
                                       const std::vector<Certificate>& anchors);

// The same rules, each signer by itself, for telling what is wrong with all of them.
struct SignerLook {
  std::optional<Certificate> leaf;
  std::vector<Error> wrong;
};
struct SignersLook {
  std::vector<Certificate> embedded;
  std::vector<SignerLook> signers;  // one for each SignerInfo, in order
};
Result<SignersLook> look_at_signers(BytesView cms_der, const CmsOutline& outline,
                                    const ContentDigest& content, const std::vector<Certificate>& beside,
                                    const std::vector<Certificate>& anchors);

}  // namespace sallyport
