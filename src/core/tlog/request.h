// SPDX-License-Identifier: Apache-2.0
// What is sent to a witness (C2SP tlog-witness, add-checkpoint), and how it decides. docs/spec/log.md.
#pragma once

#include <string>

#include "core/tlog/policy.h"

namespace sallyport::tlog {

struct AddCheckpoint {
  std::uint64_t old_size;
  std::vector<TreeHash> path;
  std::string checkpoint;  // the signed note, verbatim
};

constexpr std::size_t add_checkpoint_size_max = 256U << 10U;

Result<AddCheckpoint> parse_add_checkpoint(std::string_view text);  // witness_request_malformed
std::string print_add_checkpoint(const AddCheckpoint& request);

// What a witness knows of a log that it watches. Of one that it has never cosigned, size 0 and the hash of no entries.
struct Watched {
  NoteKey key;
  Head seen;
};

// What the witness is to cosign, and to remember before it does. In this order:
//   log_unknown                 nobody watches this origin
//   log_signature_invalid       not signed by the key that is watched
//   witness_request_malformed   the old size is larger than the new one
//   witness_behind              the old size is not that of `seen`; `expected` is its size as text
//   log_forked                  the checkpoint does not begin with what was seen
struct Accepted {
  std::string note_text;
  Checkpoint checkpoint;
};
Result<Accepted> decide(const AddCheckpoint& request, const std::vector<Watched>& watched);

}  // namespace sallyport::tlog
