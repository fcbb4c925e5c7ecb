// SPDX-License-Identifier: Apache-2.0
// Signatures whose content is not in memory or whose certificates came along beside them; and everything that is
// wrong with one at once. The rules are those of cms.h.
#pragma once

#include <functional>
#include <vector>

#include "core/base/findings.h"
#include "core/crypto/cms.h"
#include "core/crypto/digest.h"

namespace sallyport {

// The digest of the signed octets by an algorithm: asked for those that the signers name.
using ContentDigest = std::function<Result<Bytes>(Sha2)>;
ContentDigest digest_of(BytesView content);  // which must outlive it

// As verify_by_authorities of cms.h. `beside` are certificates outside of the CMS: at best a signer's own and
// intermediates.
Result<std::vector<CmsSigner>> verify_by_authorities(BytesView cms_der, const ContentDigest& content,
                                                     const std::vector<Certificate>& beside,
                                                     const std::vector<SigningAuthority>& authorities,
                                                     Instant at, Occasion occasion);

// Everything that is wrong, as far as one thing can be told without the other: form, algorithm, signature, chain, time,
// revocation. Finds something wherever verify_by_authorities refuses. The signers whose chains lead to an anchor are
// returned, whether they signed this or not and whenever they were valid: for asking whose they are, and nothing
// else.
std::vector<CmsSigner> find_wrong(BytesView cms_der, const ContentDigest& content,
                                  const std::vector<Certificate>& beside,
                                  const std::vector<SigningAuthority>& authorities, Instant at,
                                  Occasion occasion, Findings& findings);

// How many certificates are in the CMS itself.
Result<std::size_t> certificates_in(BytesView cms_der);

}  // namespace sallyport
