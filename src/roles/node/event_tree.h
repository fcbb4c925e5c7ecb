// SPDX-License-Identifier: Apache-2.0
// The node's event log as a tree of hashes: each line of events.jsonl is an entry (core/tlog). The lines stay as they
// are; a checkpoint that the node signs says how many there are and what their hash is. Whoever has an earlier one sees
// that no line was changed, left out, put in or moved since, and that the end was not cut off.
#pragma once

#include "adapters/disk/port.h"
#include "adapters/signer/port.h"
#include "core/base/id.h"
#include "core/tlog/note.h"
#include "core/tlog/tree.h"

namespace sallyport::node {

// Of the whole lines; what a power cut left behind the last line end is no event yet.
Result<tlog::LeafHashes> read_event_tree(Disk& disk);

// How many there are, and the hash of the tree; none where no event was recorded yet.
Result<tlog::Head> event_head(Disk& disk);

// A signed checkpoint of the origin NODE/events.
struct EventCheckpoint {
  tlog::Head head;
  std::string note;
};
Result<EventCheckpoint> event_checkpoint(Disk& disk, const NodeId& node, Signer& signer);

// An earlier checkpoint of this node against its log as it is now: note_malformed, log_unknown, log_signature_invalid;
// log_shrunk when lines are missing at the end, log_forked when earlier ones are not what they were.
Result<tlog::Head> check_events_since(Disk& disk, const NodeId& node, const PublicKey& key,
                                      std::string_view earlier);

}  // namespace sallyport::node
