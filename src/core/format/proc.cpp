// SPDX-License-Identifier: Apache-2.0
#include "core/format/proc.h"

#include <fmt/format.h>

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

// "start-end perms offset dev inode      path"; the path may hold anything but a line end.
struct MapsLine {
  std::uint64_t start, end;
  bool executable;
  std::uint64_t inode;  // 0: memory
  std::string_view path;
};

std::optional<MapsLine> maps_line(std::string_view line) {
  const auto fields = words(line);
  if (fields.size() < 5 || fields[1].size() != 4) return std::nullopt;
  const auto dash = fields[0].find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto start = parse<std::uint64_t>(fields[0].substr(0, dash), 16);
  const auto end = parse<std::uint64_t>(fields[0].substr(dash + 1), 16);
  const auto inode = parse<std::uint64_t>(fields[4], 10);
  if (!start || !end || !inode) return std::nullopt;
  return MapsLine{*start, *end, fields[1][2] == 'x', *inode,
                  fields.size() > 5 ? fields[5] : std::string_view()};
}

bool is_of_kernel(const MapsLine& line) {
  return line.inode == 0 && (line.path == "[vdso]" || line.path == "[vsyscall]");
}

}  // namespace

Result<MappedCode> parse_mapped_code(std::string_view maps) {
  MappedCode code;
  while (!maps.empty()) {
    const auto size = std::min(maps.find('\n'), maps.size());
    const auto text = maps.substr(0, size);
    maps.remove_prefix(std::min(size + 1, maps.size()));
    const auto line = maps_line(text);
    if (!line)
      return Error(Code::io_failed, "/proc/<pid>/maps", "the form of proc(5)",
                   std::string(text.substr(0, 80)));
    if (!line->executable || is_of_kernel(*line)) continue;
    if (line->inode == 0) {
      ++code.without_file;
    } else {
      code.files.push_back(fmt::format("{:x}-{:x}", line->start, line->end));
    }
  }
  return code;
}

namespace {

// By its number in proc(5), from 3 on.
template <class Number>
Result<Number> field_of(std::string_view stat, std::size_t number) {
  const auto end_of_name = stat.rfind(')');
  if (end_of_name != std::string_view::npos) {
    const auto fields = words(stat.substr(end_of_name + 1));
    if (fields.size() > number - 3) {
      if (const auto value = parse<Number>(fields[number - 3], 10)) return *value;
    }
  }
  return Error(Code::io_failed, "/proc/<pid>/stat", "the form of proc(5)", std::string(stat.substr(0, 80)));
}

}  // namespace

Result<std::uint64_t> parse_start_ticks(std::string_view stat) {
  return field_of<std::uint64_t>(stat, 22);
}

Result<int> parse_parent(std::string_view stat) {
  return field_of<int>(stat, 4);
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
