// SPDX-License-Identifier: Apache-2.0
#include "core/base/blank.h"

#include <utf8proc.h>

#include <algorithm>

#include "core/base/text.h"

namespace sallyport {
namespace {

// Hangul fillers, and the empty cell of Braille.
bool has_no_shape(char32_t point) {
  return point == 0x115f || point == 0x1160 || point == 0x3164 || point == 0xffa0 || point == 0x2800;
}

// A letter, a digit, a sign of punctuation or a symbol.
bool is_seen(char32_t point) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(point));
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_SO &&
         category != UTF8PROC_CATEGORY_MN && category != UTF8PROC_CATEGORY_MC &&
         category != UTF8PROC_CATEGORY_ME && !has_no_shape(point);
}

}  // namespace

bool is_blank(std::string_view text) {
  return std::ranges::none_of(characters(text), is_seen);
}

}  // namespace sallyport
