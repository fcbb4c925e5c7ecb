// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/unopened.h"

#include <algorithm>
#include <array>

namespace sallyport::intake {
namespace {

using namespace std::string_view_literals;

// At least five bytes each: fewer stand in data by chance, and in texts.
struct Kind {
  std::string_view name;
  std::string_view mark;
  std::size_t at;
  std::string_view second;  // at another place
  std::size_t second_at;
};
constexpr std::array<Kind, 11> kinds{{
    {"squashfs"sv, "hsqs"sv, 0, "\4\0\0\0"sv, 28},
    {"squashfs"sv, "sqsh"sv, 0, "\0"sv, 28},
    {"cramfs"sv, "\x45\x3d\xcd\x28"sv, 0, "Compressed ROMFS"sv, 16},
    {"cramfs"sv, "\x28\xcd\x3d\x45"sv, 0, "Compressed ROMFS"sv, 16},
    {"lzop"sv, "\x89LZO\0\r\n\x1a\n"sv, 0, ""sv, 0},
    {"lrzip"sv, "LRZI\0"sv, 0, ""sv, 0},
    {"snappy"sv, "\xff\6\0\0sNaPpY"sv, 0, ""sv, 0},
    {"LHA"sv, "-lh"sv, 2, "-"sv, 6},
    {"ACE"sv, "**ACE**"sv, 7, ""sv, 0},
    {"zpaq"sv, "7kSt\xa0\x31\x83\xd3\x8c\xb2\x28\xb0\xd3"sv, 0, ""sv, 0},
    {"zoo"sv, "ZOO "sv, 0, "\xdc\xa7\xc4\xfd"sv, 20},
}};

bool has(std::string_view head, std::string_view mark, std::size_t at) {
  return at <= head.size() && head.substr(at).starts_with(mark);
}

// Readers know it by three bytes: what is none by its flags for some is one for those that do not look at them. With
// flags that are known it is opened, and nothing comes out of one that has no content.
bool is_odd_gzip(BytesView head) {
  return head.size() > 3 && as_text(head).starts_with("\x1f\x8b\x08"sv) && head[3] >= 0x20;
}

// The versions before 0.8, which its own program still reads.
bool is_early_zstd(BytesView head) {
  return head.size() > 4 && head[0] >= 0x24 && head[0] <= 0x27 && has(as_text(head), "\xb5\x2f\xfd"sv, 1);
}

}  // namespace

std::optional<std::string_view> never_opened(BytesView head) {
  const auto text = as_text(head);
  const auto* const found = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& kind) {
    return has(text, kind.mark, kind.at) && has(text, kind.second, kind.second_at);
  });
  if (found != kinds.end()) return found->name;
  if (is_odd_gzip(head)) return "gzip with flags that are not known"sv;
  return is_early_zstd(head) ? std::optional("zstd before 0.8"sv) : std::nullopt;
}

}  // namespace sallyport::intake
