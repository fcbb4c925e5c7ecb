// SPDX-License-Identifier: Apache-2.0
// Whether a text says anything that somebody can see.
#pragma once

#include <string_view>

namespace sallyport {

// Nothing but spaces, marks without a letter, letters and symbols that have no shape (fillers), and what
// printable() escapes.
bool is_blank(std::string_view text);

}  // namespace sallyport
