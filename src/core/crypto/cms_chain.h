// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/crypto/cms.h"

namespace sallyport {

// The anchor at which the chain of `leaf` ends, by the last four rules of cms.h.
Result<Certificate> find_anchor(const Certificate& leaf, const std::vector<Certificate>& intermediates,
                                const std::vector<Certificate>& anchors, Instant at);

}  // namespace sallyport
