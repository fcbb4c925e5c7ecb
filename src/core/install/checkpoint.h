// SPDX-License-Identifier: Apache-2.0
// The two copies of what must never go down, beside the journal: state.a and state.b, written in turn after
// each record. docs/spec/node-store.md.
//
// They find what the journal cannot find by itself: that its end is missing, or that an older one was put in
// its place. Together with compare() this holds:
//   both copies unreadable, a copy that is ahead of the journal, or one whose checksum is not that of the
//   journal's line of its number                                                      node_state_damaged
//   one copy unreadable, or a copy that is older than the journal: a finding, mended by the next record
//   floors are the higher ones of all three: none ever goes down
// All three put back together to an older time of the same node cannot be found here.
#pragma once

#include <vector>

#include "core/install/state.h"

namespace sallyport::install {

struct Checkpoint {
  std::uint64_t records;
  Link link;
  Floors floors;
  bool operator==(const Checkpoint&) const = default;
};

constexpr std::uint64_t checkpoint_size_max = 1ULL << 20U;

Checkpoint checkpoint_of(const State& state, const Floors& floors);
std::string print_checkpoint(const Checkpoint& checkpoint);
Result<Checkpoint> parse_checkpoint(BytesView bytes);  // node_state_damaged

// Which of "state.a" and "state.b" the record of this number goes to.
std::string checkpoint_name(std::uint64_t records);

struct Compared {
  Floors floors;
  std::vector<Error> findings;
};
Result<Compared> compare(const Journal& journal, const State& state, const Result<Checkpoint>& a,
                         const Result<Checkpoint>& b);

}  // namespace sallyport::install
