// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/pem.h"

namespace sallyport {
namespace {

constexpr std::size_t line_size = 64;

// The text up to the next line end, which is consumed. A last line without a line end counts.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void skip_line_ends(std::string_view& text) {
  while (text.starts_with('\n') || text.starts_with("\r\n"))
    text.remove_prefix(text.starts_with('\n') ? 1 : 2);
}

Result<Bytes> take_block(std::string_view& text, std::string_view label, std::size_t size_max, Code code) {
  const Error malformed(code, "PEM block " + std::string(label), "canonical base64 in lines of 64",
                        "something else");
  const std::string end = "-----END " + std::string(label) + "-----";
  if (take_line(text) != "-----BEGIN " + std::string(label) + "-----") return malformed;
  std::string digits;
  bool last = false;  // a line that is not full is the last one
  while (true) {
    if (text.empty()) return malformed;
    const auto line = take_line(text);
    if (line == end) break;
    if (last || line.empty() || line.size() > line_size) return malformed;
    last = line.size() < line_size;
    digits += line;
    if (digits.size() / 4 * 3 > size_max + line_size) return malformed;
  }
  auto der = parse_base64(digits, size_max);
  if (!der.ok() || der.value().empty()) return malformed;
  return std::move(der).value();
}

}  // namespace

Result<std::vector<Bytes>> parse_pem_blocks(std::string_view text, std::string_view label,
                                            std::size_t size_max, std::size_t count_max, Code code) {
  std::vector<Bytes> blocks;
  for (skip_line_ends(text); !text.empty() || blocks.empty(); skip_line_ends(text)) {
    if (blocks.size() == count_max) {
      return Error(code, "PEM block " + std::string(label), "at most " + std::to_string(count_max), "more");
    }
    blocks.push_back(TRY(take_block(text, label, size_max, code)));
  }
  return blocks;
}

Result<Bytes> parse_pem(std::string_view text, std::string_view label, std::size_t size_max, Code code) {
  return std::move(TRY(parse_pem_blocks(text, label, size_max, 1, code)).front());
}

std::string print_pem(BytesView der, std::string_view label) {
  std::string text = "-----BEGIN " + std::string(label) + "-----\n";
  const std::string digits = base64(der);
  for (std::size_t i = 0; i < digits.size(); i += line_size) text += digits.substr(i, line_size) + '\n';
  return text + "-----END " + std::string(label) + "-----\n";
}

}  // namespace sallyport
