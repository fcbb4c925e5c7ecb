// SPDX-License-Identifier: Apache-2.0
#include "roles/witness/serve.h"

#include "adapters/disk/faulty.h"
#include "adapters/disk/memory.h"
#include "core/tlog/witness_answer.h"
#include "testkit/signer.h"
#include "testkit/tlog.h"

namespace sallyport::witness {
namespace {

constexpr const char* witness_name = "w0.example";

std::string request(const tlog::LeafHashes& tree, std::uint64_t from, std::uint64_t to) {
  const tlog::Head head{to, tlog::root_of(tree, to).value()};
  return tlog::print_add_checkpoint({from, tlog::consistency_proof(tree, from, to).value(),
                                     tlog::print_note(tlog::signed_checkpoint(head, {}))});
}

struct World {
  HttpAnswer ask(Disk& on, const HttpQuestion& question) {
    testkit::TestSigner signer(witness_name);
    const Service service(on, {tlog::test_log().public_key}, witness_name, signer);
    return service.answer(question, testkit::test_time(), [this](const Result<CosignReport>& report) {
      recorded.push_back(report.ok() ? "cosigned" : std::string(name(report.error().code)));
      return record_result;
    });
  }
  HttpAnswer post(const std::string& body) { return ask(disk, {"POST", "/add-checkpoint", body}); }

  MemoryDisk disk;
  tlog::LeafHashes tree{tlog::numbered_leaves(9)};
  std::vector<std::string> recorded;
  Result<void> record_result;
};

TEST(WitnessService, CosignsAndSaysWhereItStands) {
  World w;
  const auto answer = w.post(request(w.tree, 0, 5));
  EXPECT_EQ(answer.status, 200U);
  auto note = tlog::signed_checkpoint({5, tlog::root_of(w.tree, 5).value()}, {});
  note.signatures.push_back(tlog::parse_signatures(answer.body).value().at(0));
  EXPECT_EQ(tlog::cosigned_by(note, tlog::test_witness(0).public_key).value(), testkit::test_time());

  const auto behind = w.post(request(w.tree, 0, 9));
  EXPECT_EQ(behind.status, 409U);
  EXPECT_EQ(behind.content_type, "text/x.tlog.size");
  EXPECT_EQ(behind.body, "5\n");
  EXPECT_EQ(w.post(request(w.tree, 5, 9)).status, 200U);
  EXPECT_EQ(w.recorded, (std::vector<std::string>{"cosigned", "witness-behind", "cosigned"}));
}

TEST(WitnessServiceAttack, N01_N02_TheProtocolsWordForEachRefusal) {
  World w;
  ASSERT_EQ(w.post(request(w.tree, 0, 5)).status, 200U);
  auto leaves = tlog::numbered_leaves(9);
  leaves[0] = tlog::leaf_hash({});
  const tlog::LeafHashes fork(leaves);
  const auto before = w.disk.dump();
  const auto good = request(w.tree, 5, 9);
  EXPECT_EQ(w.post(request(fork, 5, 9)).status, 422U);
  EXPECT_EQ(w.post(request(fork, 5, 5)).status, 422U);  // the same size, another tree
  EXPECT_EQ(w.post(request(w.tree, 3, 3)).status, 409U);
  EXPECT_EQ(w.post("").status, 400U);
  EXPECT_EQ(w.post("old 5\n\nno note").status, 400U);
  EXPECT_EQ(w.post("old 10" + good.substr(5)).status, 400U);  // more than the checkpoint has
  const tlog::Party stranger("stranger.example", tlog::KeyUse::note);
  const auto text = tlog::print_checkpoint({stranger.name, {9, tlog::empty_root()}});
  EXPECT_EQ(w.post("old 5\n\n" + tlog::print_note({text, {stranger.sign(text)}})).status, 404U);
  const auto own = tlog::print_checkpoint({tlog::test_log().name, {9, tlog::empty_root()}});
  EXPECT_EQ(w.post("old 5\n\n" + tlog::print_note({own, {stranger.sign(own)}})).status, 403U);
  EXPECT_EQ(w.disk.dump(), before);
  EXPECT_EQ(w.post(good).status, 200U);
}

// A tree of no entries has one hash; a log that signs another one shows another history.
TEST(WitnessServiceAttack, N06_SizeZero) {
  World w;
  EXPECT_EQ(w.post(request(w.tree, 0, 0)).status, 200U);
  const auto text = tlog::print_checkpoint({tlog::test_log().name, {0, tlog::leaf_hash({})}});
  EXPECT_EQ(w.post("old 0\n\n" + tlog::print_note({text, {tlog::test_log().sign(text)}})).status, 422U);
  auto proof = tlog::parse_add_checkpoint(request(w.tree, 0, 5)).value();
  proof.path.push_back(tlog::empty_root());
  EXPECT_EQ(w.post(tlog::print_add_checkpoint(proof)).status, 422U);
}

TEST(WitnessServiceAttack, OtherMethodsAndPaths) {
  World w;
  const auto body = request(w.tree, 0, 5);
  EXPECT_EQ(w.ask(w.disk, {"GET", "/add-checkpoint", ""}).status, 405U);
  EXPECT_EQ(w.ask(w.disk, {"PUT", "/add-checkpoint", body}).status, 405U);
  for (const auto* path :
       {"/", "", "/add-checkpoint/", "/add-checkpoint?x", "/ADD-CHECKPOINT", "/../add-checkpoint"})
    EXPECT_EQ(w.ask(w.disk, {"POST", path, body}).status, 404U) << path;
  EXPECT_TRUE(w.recorded.empty());
}

// N07: what cannot be recorded is not cosigned, as far as anybody outside can see.
TEST(WitnessServiceAttack, N07_NoCosignatureLeavesWithoutARecord) {
  World w;
  w.record_result = Error(Code::disk_full, "events.jsonl");
  const auto answer = w.post(request(w.tree, 0, 5));
  EXPECT_EQ(answer.status, 500U);
  EXPECT_EQ(answer.body, "disk-full\n");
}

// N07: killed or out of space at any call on the disk, it answers 500 or what it remembers; never two histories.
TEST(WitnessServiceCrash, N07_NeverTwoHistories) {
  auto leaves = tlog::numbered_leaves(9);
  leaves[6] = tlog::leaf_hash({});
  const tlog::LeafHashes fork(leaves);
  for (const auto then : {Then::crash, Then::fail, Then::fail_but_persist}) {
    for (std::uint64_t nth = 1;; ++nth) {
      World w;
      ASSERT_EQ(w.post(request(w.tree, 0, 5)).status, 200U);
      FaultyDisk faulty(w.disk, nth, then, Code::disk_full);
      const auto first = w.ask(faulty, {"POST", "/add-checkpoint", request(w.tree, 5, 8)});
      if (!faulty.struck()) break;
      if (then == Then::crash) w.disk.crash(nth % 3);
      const auto second = w.post(request(fork, 5, 8));
      EXPECT_TRUE(first.status == 200 || first.status >= 500) << nth << " " << first.status;
      EXPECT_FALSE(first.status == 200 && second.status == 200) << nth;
      EXPECT_TRUE(w.post(request(w.tree, 8, 8)).status == 200 || w.post(request(fork, 8, 8)).status == 200)
          << nth;
    }
  }
}

}  // namespace
}  // namespace sallyport::witness
