// SPDX-License-Identifier: Apache-2.0
#include "core/format/sol004_lines.h"

#include <utility>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::size_t line_size_max = 8192;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

// Tabs are the one control character that tools write.
bool is_line(std::string_view line) {
  std::string without_tabs(line);
  for (auto& c : without_tabs) {
    if (c == '\t') c = ' ';
  }
  return line.size() <= line_size_max && is_plain_text(without_tabs);
}

}  // namespace

std::optional<KeyedLine> split_key(std::string_view line, std::size_t number) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto key = trimmed(line.substr(0, colon));
  if (key.empty() || key.find_first_of(blanks) != std::string_view::npos) return std::nullopt;
  return KeyedLine{number, key, trimmed(line.substr(colon + 1))};
}

Sol004Lines::Sol004Lines(std::string_view text, std::string place) : text_(text), place_(std::move(place)) {
  skip_blank();
}

std::string_view Sol004Lines::peek() const {
  auto line = text_.substr(0, text_.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void Sol004Lines::drop() {
  const auto end = text_.find('\n');
  text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
  ++number_;
}

void Sol004Lines::skip_blank() {
  while (!text_.empty() && trimmed(peek()).empty()) {
    drop();
    after_blank_ = true;
  }
}

void Sol004Lines::next() {
  drop();
  after_blank_ = false;
  skip_blank();
}

void Sol004Lines::check_text(Code code, Findings& findings) const {
  if (!text_.empty() && text_.back() != '\n')
    findings.add(Error(code, place_ + "(the last)", "a line end", "none"));
  for (Sol004Lines lines(*this); !lines.done(); lines.next()) {
    if (!is_line(lines.peek()))
      findings.add(Error(code, lines.where(), "plain text", printable(lines.peek().substr(0, 200))));
  }
}

}  // namespace sallyport
