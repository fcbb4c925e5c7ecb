// SPDX-License-Identifier: Apache-2.0
// A relative path of a package: what a ZIP member or an entry of tree.json may be called.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sallyport {

// Components joined by single slashes. Each is 1 to 255 bytes of plain UTF-8 (is_plain_text), none is `.` or
// `..`, none holds a backslash; at most 4095 bytes and 64 components in all; no slash at either end.
// It names something inside of a tree and cannot leave it.
class RelativePath {
 public:
  static Result<RelativePath> parse(std::string_view text);

  const std::string& text() const { return text_; }
  std::string_view name() const;    // the last component
  std::string_view parent() const;  // empty at the top
  RelativePath child(const RelativePath& below) const;

  auto operator<=>(const RelativePath&) const = default;  // byte order

 private:
  explicit RelativePath(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace sallyport
