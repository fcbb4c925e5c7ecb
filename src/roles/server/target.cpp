// SPDX-License-Identifier: Apache-2.0
#include "roles/server/target.h"

#include "core/base/text.h"

namespace sallyport::server {
namespace {

constexpr std::size_t parts_max = 64;

Error refused(std::string_view expected, std::string_view found) {
  return {Code::url_invalid, "target", std::string(expected), printable(found)};
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus : std::uint8_t { is_itself, is_a_blank };

Result<std::string> decoded(std::string_view text, Plus plus) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
      const int low = high >= 0 ? digit(text[i + 2]) : -1;
      if (low < 0) return refused("two hexadecimal digits behind %", text);
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus == Plus::is_a_blank) {
      c = ' ';
    }
    out += c;
  }
  if (!is_plain_text(out)) return refused("plain text", text);
  return out;
}

std::string_view cut(std::string_view& text, char at) {
  const auto end = text.find(at);
  const auto part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return part;
}

Result<void> read_path(std::string_view path, Target& target) {
  if (!path.starts_with('/')) return refused("a path", path);
  path.remove_prefix(1);
  do {
    if (target.segments.size() == parts_max) return refused("at most 64 segments", path);
    auto segment = TRY(decoded(cut(path, '/'), Plus::is_itself));
    if (segment.empty() || segment == "." || segment == ".." || segment.find('/') != std::string::npos)
      return refused("segments of a path", segment);
    target.segments.push_back(std::move(segment));
  } while (!path.empty());
  return {};
}

}  // namespace

const std::string* Target::find(std::string_view name) const {
  for (const auto& [its_name, value] : query)
    if (its_name == name) return &value;
  return nullptr;
}

Result<Target> parse_target(std::string_view text) {
  if (text.size() > target_size_max) return refused("at most 8192 bytes", text.substr(0, 80));
  Target target;
  std::string_view query = text;
  const auto path = cut(query, '?');
  if (path.ends_with('/')) return refused("no slash at the end", text);
  TRY(read_path(path, target));
  while (!query.empty()) {
    if (target.query.size() == parts_max) return refused("at most 64 parameters", query);
    auto value = cut(query, '&');
    auto name = TRY(decoded(cut(value, '='), Plus::is_a_blank));
    if (name.empty() || target.find(name) != nullptr)
      return refused("each parameter once, with a name", name);
    target.query.emplace_back(std::move(name), TRY(decoded(value, Plus::is_a_blank)));
  }
  return target;
}

}  // namespace sallyport::server
