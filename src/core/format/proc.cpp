// SPDX-License-Identifier: Apache-2.0
#include "core/format/proc.h"

#include <charconv>
#include <optional>
#include <vector>

namespace sallyport {
namespace {

constexpr std::string_view tcp_listening = "0A";

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> found;
  while (!line.empty()) {
    const auto begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    const auto end = std::min(line.find(' '), line.size());
    found.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return found;
}

template <class Number>
std::optional<Number> parse(std::string_view text, int base) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "  12: 0100007F:084B 00000000:0000 07 …"
bool inet_line_binds(std::string_view line, Port port) {
  const auto fields = words(line);
  if (fields.size() < 4) return false;
  const auto colon = fields[1].rfind(':');
  if (colon == std::string_view::npos) return false;
  if (parse<std::uint16_t>(fields[1].substr(colon + 1), 16) != port.number) return false;
  return port.protocol == Protocol::udp || fields[3] == tcp_listening;
}

// "ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS": the local port is the sixth.
bool sctp_line_binds(std::string_view line, Port port) {
  const auto fields = words(line);
  return fields.size() >= 6 && parse<std::uint16_t>(fields[5], 10) == port.number;
}

}  // namespace

Result<std::uint64_t> parse_start_ticks(std::string_view stat) {
  constexpr std::size_t fields_after_name = 20;  // fields 3 to 22
  const auto end_of_name = stat.rfind(')');
  if (end_of_name != std::string_view::npos) {
    const auto fields = words(stat.substr(end_of_name + 1));
    if (fields.size() >= fields_after_name) {
      if (const auto ticks = parse<std::uint64_t>(fields[fields_after_name - 1], 10)) return *ticks;
    }
  }
  return Error(Code::io_failed, "/proc/<pid>/stat", "the form of proc(5)", std::string(stat.substr(0, 80)));
}

Bound find_port(std::string_view table, Port port) {
  while (!table.empty()) {
    const auto end = std::min(table.find('\n'), table.size());
    const auto line = table.substr(0, end);
    table.remove_prefix(std::min(end + 1, table.size()));
    const bool binds =
        port.protocol == Protocol::sctp ? sctp_line_binds(line, port) : inet_line_binds(line, port);
    if (binds) return Bound::yes;
  }
  return Bound::no;
}

}  // namespace sallyport
