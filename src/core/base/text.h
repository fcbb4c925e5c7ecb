// SPDX-License-Identifier: Apache-2.0
// Text from outside, made safe and compared safely.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace sallyport {

// For terminals, logs and reports: control characters, invalid UTF-8, and characters that change the
// direction or hide (bidi controls, zero width) come out as \xNN of their bytes; the rest as it is. One line.
std::string printable(std::string_view text);

// The text with every byte that is not UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

// Character by character; a byte that is not UTF-8 is a character of its own, equal to none.
std::u32string characters(std::string_view text);

// UTF-8 without control characters, bidi controls or invisible characters.
bool is_plain_text(std::string_view text);

// The form under which file systems that fold case or normalise would store the name: two names with the
// same folded form cannot both exist there. NFC and full case folding (Unicode, utf8proc).
Result<std::string> folded(std::string_view name);

}  // namespace sallyport
