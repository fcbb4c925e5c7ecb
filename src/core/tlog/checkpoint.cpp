// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/checkpoint.h"

#include "core/tlog/lines.h"
#include "core/tlog/note.h"

namespace sallyport::tlog {

Result<Checkpoint> parse_checkpoint(std::string_view note_text) {
  const auto malformed = [](std::string where, std::string expected) {
    return Error(Code::checkpoint_malformed, std::move(where), std::move(expected), {});
  };
  Lines lines(note_text);
  const auto origin = lines.next();
  if (!origin || origin->empty() || origin->size() > key_name_size_max)
    return malformed("line 1", "the log's origin");
  const auto size_line = lines.next();
  const auto size = size_line ? parse_decimal(*size_line, tree_size_max) : std::nullopt;
  if (!size) return malformed("line 2", "the number of entries");
  const auto root_line = lines.next();
  const auto root = root_line ? parse_hash(*root_line) : std::nullopt;
  if (!root) return malformed("line 3", "the hash of the tree");
  if (*size == 0 && *root != empty_root()) return malformed("line 3", "the hash of no entries");
  while (!lines.at_end()) {
    const auto extension = lines.next();
    if (!extension || extension->empty()) return malformed("line 4", "lines that are not empty");
  }
  return Checkpoint{std::string(*origin), {*size, *root}};
}

std::string print_checkpoint(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.head.size) + "\n" +
         print_hash(checkpoint.head.root) + "\n";
}

}  // namespace sallyport::tlog
