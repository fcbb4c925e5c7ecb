// SPDX-License-Identifier: Apache-2.0
// Checkpoints (C2SP tlog-checkpoint): what a log signs about itself. docs/spec/log.md.
#pragma once

#include <string>

#include "core/tlog/tree.h"

namespace sallyport::tlog {

struct Checkpoint {
  std::string origin;  // the log's name; the name of its key, too
  Head head;
};

// Of a note's text. Lines behind the first three are allowed by the format and mean nothing here: ours have none.
// checkpoint_malformed for everything else.
Result<Checkpoint> parse_checkpoint(std::string_view note_text);
// The same, but for the hash of a tree of size 0, which may be any: for whoever has another answer to that.
Result<Checkpoint> parse_claimed_checkpoint(std::string_view note_text);
std::string print_checkpoint(const Checkpoint& checkpoint);

}  // namespace sallyport::tlog
