// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/clamd_reply.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/base/text.h"

namespace sallyport {
namespace {

Error not_understood(std::string_view reply) {
  return {Code::scanner_failed, "clamd", "an answer of its protocol", printable(reply.substr(0, 200))};
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

// Names of signatures have no blanks and no control characters.
bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

// The engine reports what it could not look into as if it were malware (AlertExceedsMax, AlertEncrypted).
bool names_unscanned(std::string_view name) {
  return name.starts_with("Heuristics.Limits.Exceeded") || name.starts_with("Heuristics.Encrypted");
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<std::size_t> month_of(std::string_view text) {
  constexpr std::array<std::string_view, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto* found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin()) + 1;
}

// asctime(3): `Thu Nov  5 09:12:44 2026`.
std::optional<Instant> parse_asctime(std::string_view text) {
  if (text.size() != 24 || text[3] != ' ' || text[7] != ' ' || text[19] != ' ') return std::nullopt;
  const auto month = month_of(text.substr(4, 3));
  const auto day = number(text[8] == ' ' ? text.substr(9, 1) : text.substr(8, 2));
  if (!month || !day) return std::nullopt;
  const auto two = [](auto value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  const auto spelled = std::string(text.substr(20, 4)) + "-" + two(*month) + "-" + two(*day) + "T" +
                       std::string(text.substr(11, 8)) + "Z";
  const auto instant = Instant::parse(spelled);
  if (!instant.ok()) return std::nullopt;
  return instant.value();
}

// What stands behind the name of the content.
Result<ScanAnswer> parse_words(std::string_view rest, std::string_view reply) {
  if (rest == "OK") return ScanAnswer{ScanResult::clean, {}};
  if (rest == "Time limit reached ERROR") return ScanAnswer{ScanResult::not_scanned, "time limit reached"};
  if (!take_suffix(rest, " FOUND") || !is_name(rest)) return not_understood(reply);
  return ScanAnswer{names_unscanned(rest) ? ScanResult::not_scanned : ScanResult::found, std::string(rest)};
}

}  // namespace

Result<ScanAnswer> parse_scan_reply(std::string_view reply) {
  if (reply == "INSTREAM size limit exceeded. ERROR")
    return ScanAnswer{ScanResult::not_scanned, "larger than the scanner takes (StreamMaxLength)"};
  auto rest = reply;
  if (!take_prefix(rest, "stream: ")) return not_understood(reply);
  return parse_words(rest, reply);
}

Result<std::optional<ScanAnswer>> parse_descriptor_reply(std::string_view reply) {
  auto rest = reply;
  if (take_prefix(rest, "fd[")) {
    const auto end = rest.find("]: ");
    if (end == std::string_view::npos || !number(rest.substr(0, end))) return not_understood(reply);
    rest.remove_prefix(end + 3);
    if (rest == "Time limit reached ERROR" || !rest.ends_with(" ERROR"))
      return std::optional(TRY(parse_words(rest, reply)));
  }
  if (reply.ends_with(" ERROR")) return std::optional<ScanAnswer>();
  return not_understood(reply);
}

Result<ClamdVersion> parse_version_reply(std::string_view reply) {
  const auto slash = reply.find('/');
  const auto engine = reply.substr(0, slash);
  if (!engine.starts_with("ClamAV ") || engine.size() > 100 || !is_plain_text(engine))
    return not_understood(reply);
  if (slash == std::string_view::npos) return ClamdVersion{std::string(engine), {}, std::nullopt};
  const auto rest = reply.substr(slash + 1);
  const auto second = rest.find('/');
  if (second == std::string_view::npos || !number(rest.substr(0, second))) return not_understood(reply);
  const auto time = parse_asctime(rest.substr(second + 1));
  if (!time) return not_understood(reply);
  return ClamdVersion{std::string(engine), std::string(rest.substr(0, second)), time};
}

}  // namespace sallyport
