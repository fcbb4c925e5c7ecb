// SPDX-License-Identifier: Apache-2.0
#include "roles/witness/cosign.h"

#include "adapters/disk/faulty.h"
#include "adapters/disk/memory.h"
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

Result<CosignReport> ask(Disk& disk, const std::string& text) {
  testkit::TestSigner signer(witness_name);
  return add_checkpoint(disk, text, {tlog::test_log().public_key}, witness_name, signer,
                        testkit::test_time());
}

TEST(Witness, CosignsWhatBeginsWithWhatItSaw) {
  MemoryDisk disk;
  const tlog::LeafHashes tree(tlog::numbered_leaves(9));
  std::uint64_t from = 0;
  for (const std::uint64_t to : {1ULL, 1ULL, 4ULL, 9ULL}) {
    const auto report = ask(disk, request(tree, from, to)).value();
    auto note = tlog::signed_checkpoint(report.checkpoint.head, {});
    note.signatures.push_back(tlog::parse_signatures(report.answer).value().front());
    EXPECT_EQ(tlog::cosigned_by(note, tlog::test_witness(0).public_key).value(), testkit::test_time());
    from = to;
  }
  const auto behind = ask(disk, request(tree, 4, 9));
  EXPECT_EQ(behind.error().code, Code::witness_behind);
  EXPECT_EQ(behind.error().expected, "9");
}

TEST(WitnessAttack, N01_N02_NeitherForksNorSmallerLogs) {
  MemoryDisk disk;
  auto leaves = tlog::numbered_leaves(9);
  const tlog::LeafHashes tree(leaves);
  leaves[0] = tlog::leaf_hash({});
  const tlog::LeafHashes fork(leaves);
  ASSERT_TRUE(ask(disk, request(tree, 0, 5)).ok());
  const auto before = disk.dump();
  EXPECT_EQ(ask(disk, request(fork, 5, 9)).error().code, Code::log_forked);
  EXPECT_EQ(ask(disk, request(fork, 5, 5)).error().code, Code::log_forked);
  EXPECT_EQ(ask(disk, request(tree, 0, 9)).error().code, Code::witness_behind);
  EXPECT_EQ(ask(disk, request(tree, 3, 3)).error().code, Code::witness_behind);
  EXPECT_EQ(disk.dump(), before);
}

TEST(WitnessAttack, DamagedMemoryCosignsNothing) {
  MemoryDisk base;
  const tlog::LeafHashes tree(tlog::numbered_leaves(9));
  ASSERT_TRUE(ask(base, request(tree, 0, 5)).ok());
  const auto path = "seen/" + sha256(as_bytes("log.example/packages")).text();
  const auto size = base.open(path).value()->size();
  for (std::uint64_t offset = 0; offset < size; ++offset) {
    MemoryDisk disk;
    disk.become(base);
    disk.corrupt(path, offset);
    EXPECT_EQ(ask(disk, request(tree, 5, 9)).error().code, Code::log_damaged) << offset;
  }
}

// Cut short at any call, in any way: a cosignature that got out is of a tree that is remembered.
TEST(WitnessCrash, NeverCosignsWhatItDoesNotRemember) {
  const tlog::LeafHashes tree(tlog::numbered_leaves(9));
  auto leaves = tlog::numbered_leaves(9);
  leaves[6] = tlog::leaf_hash({});
  const tlog::LeafHashes fork(leaves);
  for (const auto then : {Then::crash, Then::fail, Then::fail_but_persist}) {
    for (std::uint64_t nth = 1;; ++nth) {
      MemoryDisk disk;
      ASSERT_TRUE(ask(disk, request(tree, 0, 5)).ok());
      FaultyDisk faulty(disk, nth, then, Code::disk_full);
      const auto first = ask(faulty, request(tree, 5, 8));
      if (!faulty.struck()) break;
      if (then == Then::crash) disk.crash(nth % 3);
      const auto second = ask(disk, request(fork, 5, 8));
      EXPECT_FALSE(first.ok() && second.ok()) << nth;
      // Whichever it remembers, asked again it answers.
      EXPECT_TRUE(ask(disk, request(tree, 8, 8)).ok() || ask(disk, request(fork, 8, 8)).ok()) << nth;
    }
  }
}

// By a key of the other kind: what it remembers and refuses is the same.
TEST(Witness, D19_MayHaveAnMlDsaKey) {
  MemoryDisk disk;
  const tlog::LeafHashes tree(tlog::numbered_leaves(9));
  const tlog::Party witness("witness.example/w-pq44");
  testkit::TestSigner signer(witness.name);
  const std::vector logs{tlog::test_log().public_key};
  const auto report =
      add_checkpoint(disk, request(tree, 0, 5), logs, witness.name, signer, testkit::test_time()).value();
  auto note = tlog::signed_checkpoint(report.checkpoint.head, {});
  note.signatures.push_back(tlog::parse_signatures(report.answer).value().front());
  const auto time = tlog::cosigned_by(note, witness.public_key);
  if (testkit::library_has_ml_dsa()) {
    EXPECT_EQ(time.value(), testkit::test_time());
  } else {
    EXPECT_EQ(time.error().code, Code::algorithm_unavailable);
  }
  EXPECT_EQ(add_checkpoint(disk, request(tree, 0, 9), logs, witness.name, signer, testkit::test_time())
                .error()
                .code,
            Code::witness_behind);
  testkit::TestSigner other("w-pq");  // ML-DSA-65
  EXPECT_EQ(add_checkpoint(disk, request(tree, 5, 9), logs, "w", other, testkit::test_time()).error().code,
            Code::log_key_refused);
}

}  // namespace
}  // namespace sallyport::witness
