// SPDX-License-Identifier: Apache-2.0
#include "roles/node/event_tree.h"

#include <gtest/gtest.h>

#include "adapters/disk/memory.h"
#include "testkit/signer.h"

namespace sallyport::node {
namespace {

const NodeId& node() {
  static const NodeId id = NodeId::parse("mme-1").value();
  return id;
}

void write_log(MemoryDisk& disk, std::string_view text) {
  ASSERT_TRUE(disk.replace_file("events.jsonl", as_bytes(text), 0600).ok());
}

Code check(MemoryDisk& disk, std::string_view now, std::string_view earlier) {
  write_log(disk, now);
  const auto checked = check_events_since(disk, node(), testkit::TestSigner("node").public_key(), earlier);
  return checked.ok() ? Code::internal_error : checked.error().code;
}

TEST(EventTree, WholeLinesCount) {
  MemoryDisk disk;
  testkit::TestSigner signer("node");
  write_log(disk, "one\ntwo\nthr");
  const auto checkpoint = event_checkpoint(disk, node(), signer).value();
  EXPECT_EQ(checkpoint.head.size, 2U);
  EXPECT_EQ(checkpoint.head.root,
            tlog::node_hash(tlog::leaf_hash(as_bytes("one")), tlog::leaf_hash(as_bytes("two"))));
  write_log(disk, "one\ntwo\nthree\n");
  const auto now = check_events_since(disk, node(), signer.public_key(), checkpoint.note).value();
  EXPECT_EQ(now.size, 3U);
}

TEST(EventTree, HeadOfWhatWasNeverWritten) {
  MemoryDisk disk;
  EXPECT_EQ(event_head(disk).value(), (tlog::Head{0, tlog::empty_root()}));
  write_log(disk, "one\n");
  EXPECT_EQ(event_head(disk).value(), (tlog::Head{1, tlog::leaf_hash(as_bytes("one"))}));
}

TEST(EventTreeAttack, N01_N02_EditsAndAMissingEndAreFound) {
  MemoryDisk disk;
  testkit::TestSigner signer("node");
  write_log(disk, "one\ntwo\nthree\n");
  const auto earlier = event_checkpoint(disk, node(), signer).value().note;
  EXPECT_EQ(check(disk, "one\ntwo\nthree\nfour\n", earlier), Code::internal_error);
  EXPECT_EQ(check(disk, "one\nTwo\nthree\nfour\n", earlier), Code::log_forked);
  EXPECT_EQ(check(disk, "one\nthree\nfour\n", earlier), Code::log_forked);
  EXPECT_EQ(check(disk, "one\ntwo\ntwo\nthree\n", earlier), Code::log_forked);
  EXPECT_EQ(check(disk, "two\none\nthree\n", earlier), Code::log_forked);
  EXPECT_EQ(check(disk, "one\ntwo\n", earlier), Code::log_shrunk);
  EXPECT_EQ(check(disk, "one\ntwo\nthree", earlier), Code::log_shrunk);
}

TEST(EventTreeAttack, OnlyTheNodesOwnCheckpoints) {
  MemoryDisk disk;
  testkit::TestSigner signer("node");
  testkit::TestSigner other("other");
  write_log(disk, "one\n");
  const auto by_other = event_checkpoint(disk, node(), other).value().note;
  EXPECT_EQ(check(disk, "one\n", by_other), Code::log_signature_invalid);
  const auto of_other = event_checkpoint(disk, NodeId::parse("mme-2").value(), signer).value().note;
  EXPECT_EQ(check(disk, "one\n", of_other), Code::log_unknown);
  EXPECT_EQ(check(disk, "one\n", "nothing"), Code::note_malformed);
}

}  // namespace
}  // namespace sallyport::node
