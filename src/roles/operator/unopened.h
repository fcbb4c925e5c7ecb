// SPDX-License-Identifier: Apache-2.0
// Archives, compressions and images of file systems that nobody here opens: what lies in them was seen by no engine.
// docs/spec/scanner.md, *Nested archives*. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "core/base/bytes.h"

namespace sallyport::intake {

// What a content is by its first bytes, in words for people; nothing where it is none of these.
std::optional<std::string_view> never_opened(BytesView head);

}  // namespace sallyport::intake
