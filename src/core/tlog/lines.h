// SPDX-License-Identifier: Apache-2.0
// What the text formats of this folder are made of: lines that end in one line feed, decimal numbers and hashes in one
// spelling each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tlog/tree.h"

namespace sallyport::tlog {

class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  // The next line without its line end; nothing at the end, and nothing when the last line has no line end.
  std::optional<std::string_view> next();

 private:
  std::string_view rest_;
};

// No sign, no leading zero, at most `max`.
std::optional<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t max);

std::string print_hash(const TreeHash& hash);  // base64
std::optional<TreeHash> parse_hash(std::string_view text);

// Lines of one hash each up to an empty line, which is taken too, or up to `count_max` of them: nothing then.
std::optional<std::vector<TreeHash>> parse_hashes(Lines& lines, std::size_t count_max);

// Each line of a text as an entry, without its line end; what follows the last line end is none.
std::vector<TreeHash> leaves_of_lines(std::string_view text);

}  // namespace sallyport::tlog
