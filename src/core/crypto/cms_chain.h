// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "core/crypto/cms.h"

namespace sallyport {

// What the leaf of a chain was used for.
enum class ChainUse : std::uint8_t {
  code,          // extended key usage codeSigning, key usage digitalSignature
  time_stamps,   // timeStamping, critical and alone; digitalSignature or nonRepudiation
  ocsp_answers,  // OCSPSigning; digitalSignature
  authority,     // it issues certificates and lists: CA:TRUE, keyCertSign
};

// The chain of `leaf`, which comes first, to one of the anchors, which comes last: by the last four rules of cms.h.
// Without a time the validity of the certificates is not looked at: only for finding out whose chain it is.
Result<std::vector<Certificate>> find_chain(const Certificate& leaf,
                                            const std::vector<Certificate>& intermediates,
                                            const std::vector<Certificate>& anchors, ChainUse use,
                                            std::optional<Instant> at);

}  // namespace sallyport
