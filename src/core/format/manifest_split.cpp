// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "core/format/manifest.h"

namespace sallyport {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN CMS-----";
constexpr std::string_view end_mark = "-----END CMS-----";
constexpr std::string_view second_begin_mark = "-----BEGIN POST-QUANTUM CMS-----";
constexpr std::string_view second_end_mark = "-----END POST-QUANTUM CMS-----";

Error malformed(std::string expected) {
  return Error(Code::manifest_malformed, "manifest", std::move(expected), "another form");
}

// The end of a line that ends at `at`, behind its line end; none when something else stands there.
std::optional<std::size_t> line_end(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at);
  if (rest.empty()) return at;
  if (rest.starts_with('\n')) return at + 1;
  if (rest.starts_with("\r\n")) return at + 2;
  return std::nullopt;
}

bool begins_line(std::string_view text, std::size_t at) {
  return at == 0 || text[at - 1] == '\n';
}

bool once(std::string_view text, std::string_view mark) {
  const auto first = text.find(mark);
  return first != std::string_view::npos && text.find(mark, first + 1) == std::string_view::npos;
}

bool only_line_ends(std::string_view text) {
  while (!text.empty()) {
    const auto next = line_end(text, 0);
    if (!next) return false;
    text.remove_prefix(*next);
  }
  return true;
}

// How long the block is that stands at the beginning of the text; 0: there is none.
Result<std::size_t> second_size(std::string_view text) {
  if (!text.starts_with(second_begin_mark)) return std::size_t{0};
  const auto end = text.find(second_end_mark);
  const auto behind_begin = line_end(text, second_begin_mark.size());
  const bool whole = end != std::string_view::npos && behind_begin && end >= *behind_begin;
  const auto behind_end = whole ? line_end(text, end + second_end_mark.size()) : std::nullopt;
  if (!whole || !begins_line(text, end) || !behind_end)
    return malformed("BEGIN POST-QUANTUM CMS and END POST-QUANTUM CMS on lines of their own");
  return *behind_end;
}

}  // namespace

Result<SplitManifest> split_manifest(BytesView manifest) {
  const std::string_view text = as_text(manifest);
  const auto begin = text.find(begin_mark);
  const auto end = text.find(end_mark);
  if (begin == std::string_view::npos && end == std::string_view::npos)
    return Error(Code::signature_missing, "manifest", std::string(begin_mark), "none");
  if (!once(text, begin_mark) || !once(text, end_mark))
    return malformed("one BEGIN CMS and one END CMS line");
  const auto behind_begin = line_end(text, begin + begin_mark.size());
  const auto behind_end = line_end(text, end + end_mark.size());
  if (!begins_line(text, begin) || !behind_begin || !begins_line(text, end) || !behind_end ||
      end < *behind_begin) {
    return malformed("BEGIN CMS and END CMS on lines of their own");
  }
  const auto second = TRY(second_size(text.substr(*behind_end)));
  if (!only_line_ends(text.substr(*behind_end + second))) return malformed("nothing after the CMS");
  return SplitManifest{manifest.first(begin), manifest.subspan(begin, *behind_end - begin),
                       manifest.subspan(*behind_end, second)};
}

}  // namespace sallyport
