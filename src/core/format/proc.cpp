// SPDX-License-Identifier: Apache-2.0
#include "core/format/proc.h"

#include <algorithm>
#include <charconv>
#include <optional>

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

// "12: 0100007F:084B 00000000:0000 07 tx:rx tr:when retrnsmt uid timeout inode …"
std::optional<std::uint64_t> inet_socket(std::string_view line, Port port) {
  const auto fields = words(line);
  if (fields.size() < 10) return std::nullopt;
  const auto colon = fields[1].rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  if (parse<std::uint16_t>(fields[1].substr(colon + 1), 16) != port.number) return std::nullopt;
  if (port.protocol == Protocol::tcp && fields[3] != tcp_listening) return std::nullopt;
  return parse<std::uint64_t>(fields[9], 10);
}

// "ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS"
std::optional<std::uint64_t> sctp_socket(std::string_view line, Port port) {
  const auto fields = words(line);
  if (fields.size() < 8 || parse<std::uint16_t>(fields[5], 10) != port.number) return std::nullopt;
  return parse<std::uint64_t>(fields[7], 10);
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

std::vector<std::uint64_t> sockets_on(std::string_view table, Port port) {
  std::vector<std::uint64_t> inodes;
  while (!table.empty()) {
    const auto end = std::min(table.find('\n'), table.size());
    const auto line = table.substr(0, end);
    table.remove_prefix(std::min(end + 1, table.size()));
    const auto inode = port.protocol == Protocol::sctp ? sctp_socket(line, port) : inet_socket(line, port);
    if (inode) inodes.push_back(*inode);
  }
  return inodes;
}

}  // namespace sallyport
