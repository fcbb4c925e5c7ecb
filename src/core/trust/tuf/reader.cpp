// SPDX-License-Identifier: Apache-2.0
#include "core/trust/tuf/reader.h"

#include <algorithm>

#include "core/base/text.h"

namespace sallyport::tuf {
namespace {

std::string below(const std::string& where, std::string_view name) {
  return where.empty() ? std::string(name) : where + "." + std::string(name.substr(0, 80));
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "+05:30" → seconds to add to come to UTC.
std::optional<std::int64_t> seconds_to_utc(std::string_view offset) {
  if (offset == "Z" || offset == "z") return 0;
  if (offset.size() != 6 || (offset[0] != '+' && offset[0] != '-') || offset[3] != ':' ||
      !all_digits(offset.substr(1, 2)) || !all_digits(offset.substr(4, 2))) {
    return std::nullopt;
  }
  const auto digit = [&](std::size_t i) { return static_cast<std::int64_t>(offset[i] - '0'); };
  const auto hours = digit(1) * 10 + digit(2);
  const auto minutes = digit(4) * 10 + digit(5);
  if (hours > 23 || minutes > 59) return std::nullopt;
  const auto seconds = hours * 3600 + minutes * 60;
  return offset[0] == '+' ? -seconds : seconds;
}

}  // namespace

Error Reader::malformed(std::string_view expected, std::string_view found) const {
  return {Code::tuf_malformed, where_, std::string(expected), printable(found.substr(0, 200))};
}

bool Reader::has(std::string_view name) const {
  const auto* found = node_->find(name);
  return found != nullptr && !found->is_null();
}

Result<Reader> Reader::member(std::string_view name) const {
  const auto* found = node_->find(name);
  if (found == nullptr)
    return Error(Code::tuf_malformed, below(where_, name), "a member of this name", "none");
  return Reader(*found, below(where_, name));
}

Result<std::string> Reader::text(std::size_t size_max) const {
  const auto* found = node_->text();
  if (found == nullptr) return malformed("text");
  if (found->size() > size_max) return malformed("at most " + std::to_string(size_max) + " bytes");
  return *found;
}

Result<std::uint64_t> Reader::number(std::uint64_t min) const {
  const auto* found = node_->number();
  if (found == nullptr || *found < 0 || static_cast<std::uint64_t>(*found) < min)
    return malformed("a whole number from " + std::to_string(min));
  return static_cast<std::uint64_t>(*found);
}

Result<std::vector<Reader>> Reader::elements(std::size_t count_max) const {
  const auto* found = node_->array();
  if (found == nullptr) return malformed("an array");
  if (found->size() > count_max) return malformed("at most " + std::to_string(count_max) + " elements");
  std::vector<Reader> all;
  for (std::size_t i = 0; i < found->size(); ++i)
    all.emplace_back((*found)[i], where_ + "[" + std::to_string(i) + "]");
  return all;
}

Result<std::vector<std::pair<std::string, Reader>>> Reader::members(std::size_t count_max) const {
  const auto* found = node_->object();
  if (found == nullptr) return malformed("an object");
  if (found->size() > count_max) return malformed("at most " + std::to_string(count_max) + " members");
  std::vector<std::pair<std::string, Reader>> all;
  all.reserve(found->size());
  for (const auto& member : *found)
    all.emplace_back(member.name, Reader(member.value, below(where_, member.name)));
  return all;
}

Result<Instant> Reader::time() const {
  const auto whole = TRY(text(64));
  constexpr std::size_t seconds_size = std::string_view("2026-11-21T22:06:00").size();
  std::string_view rest = whole;
  const auto begin = rest.substr(0, std::min(seconds_size, rest.size()));
  rest.remove_prefix(begin.size());
  if (rest.starts_with('.')) {
    const auto end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    if (end < 2) return malformed("a time as RFC 3339 writes it", whole);
    rest.remove_prefix(end);
  }
  const auto shift = seconds_to_utc(rest);
  const auto instant = Instant::parse(std::string(begin) + "Z");
  if (!shift.has_value() || !instant.ok()) return malformed("a time as RFC 3339 writes it", whole);
  return instant.value().plus(*shift);
}

}  // namespace sallyport::tuf
