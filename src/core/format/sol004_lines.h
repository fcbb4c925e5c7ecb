// SPDX-License-Identifier: Apache-2.0
// Lines of the form "key: value", of the manifest and of TOSCA.meta: shared by the two parsers of foreign packages.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/findings.h"

namespace sallyport {

struct KeyedLine {
  std::size_t number;
  std::string_view key;
  std::string_view value;  // without blanks at its ends; may be empty
};

// Nothing when there is no colon, no key before it, or a key with blanks.
std::optional<KeyedLine> split_key(std::string_view line, std::size_t number);

// Each ends in LF or CR LF. Blank ones are skipped.
class Sol004Lines {
 public:
  Sol004Lines(std::string_view text, std::string place);

  bool done() const { return text_.empty(); }
  std::string_view peek() const;
  std::size_t number() const { return number_; }
  std::string where() const { return place_ + std::to_string(number_); }
  bool indented() const { return text_.starts_with(' ') || text_.starts_with('\t'); }
  bool after_blank() const { return after_blank_; }
  void next();

  // A finding for each line that is no plain text or has a carriage return inside, and for a last line without an end.
  void check_text(Code code, Findings& findings) const;

 private:
  void drop();
  void skip_blank();
  std::string_view text_;
  std::string place_;
  std::size_t number_ = 1;
  bool after_blank_ = true;
};

}  // namespace sallyport
