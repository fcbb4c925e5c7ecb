// SPDX-License-Identifier: Apache-2.0
#include "roles/node/event_tree.h"

#include "core/tlog/checkpoint.h"
#include "core/tlog/lines.h"

namespace sallyport::node {
namespace {

constexpr const char* event_file = "events.jsonl";
constexpr std::uint64_t events_size_max = 256ULL << 20U;

std::string origin_of(const NodeId& node) {
  return node.text() + "/events";
}

}  // namespace

Result<tlog::LeafHashes> read_event_tree(Disk& disk) {
  const auto bytes = TRY(disk.read_small(event_file, events_size_max));
  return tlog::LeafHashes(tlog::leaves_of_lines(as_text(bytes)));
}

Result<tlog::Head> event_head(Disk& disk) {
  if (!TRY(disk.find(event_file))) return tlog::Head{0, tlog::empty_root()};
  const auto tree = TRY(read_event_tree(disk));
  const auto root = TRY(tlog::root_of(tree, tree.size()));
  return tlog::Head{tree.size(), root};
}

Result<EventCheckpoint> event_checkpoint(Disk& disk, const NodeId& node, Signer& signer) {
  const auto key = TRY(tlog::NoteKey::make(origin_of(node), tlog::KeyUse::note, signer.public_key()));
  const auto head = TRY(event_head(disk));
  const auto text = tlog::print_checkpoint({key.name(), head});
  auto signature = TRY(signer.sign(as_bytes(text)));
  return EventCheckpoint{head, tlog::print_note({text, {{key.name(), key.id(), std::move(signature)}}})};
}

Result<tlog::Head> check_events_since(Disk& disk, const NodeId& node, const PublicKey& key,
                                      std::string_view earlier) {
  const auto note_key = TRY(tlog::NoteKey::make(origin_of(node), tlog::KeyUse::note, key));
  const auto note = TRY(tlog::parse_note(earlier));
  const auto checkpoint = TRY(tlog::parse_checkpoint(note.text));
  if (checkpoint.origin != note_key.name()) {
    return Error(Code::log_unknown, "origin", note_key.name(), checkpoint.origin);
  }
  if (TRY(tlog::signed_by(note, note_key)) == tlog::Signed::no) {
    return Error(Code::log_signature_invalid, checkpoint.origin, "the node's signature", "none");
  }
  const auto tree = TRY(read_event_tree(disk));
  const auto& seen = checkpoint.head;
  if (seen.size > tree.size()) {
    return Error(Code::log_shrunk, event_file, "at least " + std::to_string(seen.size) + " events",
                 std::to_string(tree.size()));
  }
  const auto root_then = TRY(tlog::root_of(tree, seen.size));
  const tlog::Head beginning{seen.size, root_then};
  TRY(tlog::check_consistency(seen, beginning, {}).within(event_file));
  const auto root_now = TRY(tlog::root_of(tree, tree.size()));
  return tlog::Head{tree.size(), root_now};
}

}  // namespace sallyport::node
