// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/lines.h"

#include <algorithm>

#include "core/base/checked.h"

namespace sallyport::tlog {

std::optional<std::string_view> Lines::next() {
  const auto end = rest_.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return line;
}

std::vector<TreeHash> leaves_of_lines(std::string_view text) {
  std::vector<TreeHash> leaves;
  for (Lines lines(text); const auto line = lines.next();) leaves.push_back(leaf_hash(as_bytes(*line)));
  return leaves;
}

std::optional<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t max) {
  if (text.empty() || text.size() > 20 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    const auto tens = checked_mul(number, 10);
    const auto sum = tens ? checked_add(*tens, static_cast<std::uint64_t>(digit - '0')) : std::nullopt;
    if (!sum || *sum > max) return std::nullopt;
    number = *sum;
  }
  return number;
}

std::string print_hash(const TreeHash& hash) {
  return base64(hash.bytes());
}

std::optional<TreeHash> parse_hash(std::string_view text) {
  const auto bytes = parse_base64(text, TreeHash::size);
  if (!bytes.ok() || bytes.value().size() != TreeHash::size) return std::nullopt;
  std::array<std::uint8_t, TreeHash::size> array{};
  std::ranges::copy(bytes.value(), array.begin());
  return TreeHash(array);
}

std::optional<std::vector<TreeHash>> parse_hashes(Lines& lines, std::size_t count_max) {
  std::vector<TreeHash> hashes;
  while (true) {
    const auto line = lines.next();
    if (!line) return std::nullopt;
    if (line->empty()) return hashes;
    const auto hash = parse_hash(*line);
    if (!hash || hashes.size() == count_max) return std::nullopt;
    hashes.push_back(*hash);
  }
}

}  // namespace sallyport::tlog
