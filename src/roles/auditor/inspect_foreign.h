// SPDX-License-Identifier: Apache-2.0
// What is in a package of another tool, without trusting it: by the same strict readers, and with what they find wrong.
#pragma once

#include "roles/auditor/inspect.h"

namespace sallyport::auditor {

enum class Origin : std::uint8_t { own, foreign };
// Foreign: it can be read, and has none of the members that make a package one of ours.
Result<Origin> origin_of(const ByteSource& file);

Result<std::vector<Section>> inspect_foreign(const ByteSource& file);

}  // namespace sallyport::auditor
