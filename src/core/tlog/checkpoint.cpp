// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/checkpoint.h"

#include "core/tlog/lines.h"
#include "core/tlog/note.h"

namespace sallyport::tlog {

namespace {

Error malformed(std::string where, std::string expected) {
  return {Code::checkpoint_malformed, std::move(where), std::move(expected), {}};
}

}  // namespace

Result<Checkpoint> parse_claimed_checkpoint(std::string_view note_text) {
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
  while (!lines.at_end()) {
    const auto extension = lines.next();
    if (!extension || extension->empty()) return malformed("line 4", "lines that are not empty");
  }
  return Checkpoint{std::string(*origin), {*size, *root}};
}

Result<Checkpoint> parse_checkpoint(std::string_view note_text) {
  auto checkpoint = TRY(parse_claimed_checkpoint(note_text));
  if (checkpoint.head.size != 0 || checkpoint.head.root == empty_root()) return checkpoint;
  return malformed("line 3", "the hash of no entries");
}

std::string print_checkpoint(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.head.size) + "\n" +
         print_hash(checkpoint.head.root) + "\n";
}

}  // namespace sallyport::tlog
