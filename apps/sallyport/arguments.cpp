// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <ctime>

#include "apps/sallyport/command.h"

namespace sallyport::cli {

const std::vector<std::string>& Arguments::values(std::string_view name) const {
  const auto found = values_.find(name);
  CHECK(found != values_.end());
  return found->second;
}

const std::string& Arguments::text(std::string_view name) const {
  const auto& all = values(name);
  CHECK(!all.empty());
  return all.front();
}

std::string Arguments::text_or(std::string_view name, std::string_view fallback) const {
  return has(name) ? text(name) : std::string(fallback);
}

const std::vector<std::string>& Arguments::list(std::string_view name) const {
  return values(name);
}
bool Arguments::has(std::string_view name) const {
  return !values(name).empty();
}

Result<std::uint64_t> whole_number(const std::string& digits, const std::string& where) {
  std::uint64_t value = 0;
  const auto* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value);
  if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != end) {
    return Error(Code::usage_error, where, "a whole number", digits);
  }
  return value;
}

bool Arguments::rehearses() const {
  const auto found = values_.find("dry-run");
  return found != values_.end() && !found->second.empty();
}

Result<std::uint64_t> Arguments::number(std::string_view name) const {
  return whole_number(text(name), "--" + std::string(name));
}

Result<Instant> Arguments::time_or_now(std::string_view name) const {
  if (!has(name)) return Instant::from_seconds(std::time(nullptr));
  auto time = Instant::parse(text(name));
  if (time.ok()) return time;
  return Error(Code::usage_error, "--" + std::string(name), "a time like 2026-11-21T22:06:00Z", text(name));
}

}  // namespace sallyport::cli
