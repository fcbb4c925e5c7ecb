// SPDX-License-Identifier: Apache-2.0
#include "core/format/syslog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::array<std::pair<std::string_view, unsigned>, 13> facilities = {{
    {"user", 1},
    {"daemon", 3},
    {"auth", 4},
    {"authpriv", 10},
    {"audit", 13},
    {"local0", 16},
    {"local1", 17},
    {"local2", 18},
    {"local3", 19},
    {"local4", 20},
    {"local5", 21},
    {"local6", 22},
    {"local7", 23},
}};

constexpr std::size_t host_size_max = 255;  // RFC 5424 §6.2.4
constexpr std::size_t message_id_size_max = 32;
// In bytes as they are sent. Together with the names and the header they stay below syslog_message_size_max.
constexpr std::size_t name_size_max = 64;
constexpr std::size_t text_size_max = 600;
constexpr std::string_view cut_mark = "\xE2\x80\xA6";  // …

unsigned severity_of(std::string_view outcome) {
  if (outcome == "success") return 5;  // notice
  return outcome == "refused" ? 4 : 3;
}

// Of the header: US-ASCII without blanks, never empty.
std::string word_of(std::string_view text, std::size_t size_max) {
  std::string word(text.substr(0, size_max));
  std::replace_if(
      word.begin(), word.end(), [](char c) { return c < '!' || c > '~'; }, '?');
  return word.empty() ? "-" : word;
}

std::size_t character_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// A value of structured data (§6.3.3): whole characters, in at most `size_max` bytes.
std::string value_of(std::string_view text, std::size_t size_max) {
  const auto plain = printable(text);
  std::string out;
  std::size_t mark_at = 0;  // where there is room for the mark
  for (std::size_t at = 0; at < plain.size();) {
    const auto size = character_size(plain[at]);
    const bool is_escaped = plain[at] == '"' || plain[at] == '\\' || plain[at] == ']';
    if (out.size() + size + (is_escaped ? 1 : 0) > size_max) {
      out.resize(mark_at);
      return out.append(cut_mark);
    }
    if (is_escaped) out += '\\';
    out.append(plain, at, size);
    if (out.size() + cut_mark.size() <= size_max) mark_at = out.size();
    at += size;
  }
  return out;
}

std::string data_of(const SyslogOrigin& origin, const SyslogEvent& event) {
  return fmt::format(
      R"([sallyport@{} line="{}" account="{}" source="{}" action="{}" object="{}" outcome="{}" code="{}" )"
      R"(detail="{}"])",
      origin.enterprise, event.line, value_of(event.account, name_size_max),
      value_of(event.source, name_size_max), value_of(event.action, name_size_max),
      value_of(event.object, text_size_max), value_of(event.outcome, message_id_size_max),
      value_of(event.code, name_size_max), value_of(event.detail, text_size_max));
}

}  // namespace

std::optional<unsigned> syslog_facility(std::string_view word) {
  for (const auto& [its_word, number] : facilities)
    if (its_word == word) return number;
  return std::nullopt;
}

std::string print_syslog(const SyslogOrigin& origin, const SyslogEvent& event) {
  const auto action = word_of(event.action, message_id_size_max);
  auto message =
      fmt::format("<{}>1 {} {} sallyportd - {} {} {} {}", origin.facility * 8 + severity_of(event.outcome),
                  event.time.print(), word_of(origin.host, host_size_max), action, data_of(origin, event),
                  action, word_of(event.outcome, message_id_size_max));
  if (!event.code.empty()) message += " " + word_of(event.code, message_id_size_max);
  CHECK(message.size() <= syslog_message_size_max);
  return message;
}

std::string syslog_frame(std::string_view message) {
  return fmt::format("{} {}", message.size(), message);
}

}  // namespace sallyport
