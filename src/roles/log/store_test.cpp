// SPDX-License-Identifier: Apache-2.0
#include "roles/log/store.h"

#include "adapters/disk/faulty.h"
#include "adapters/disk/memory.h"
#include "roles/log/files.h"
#include "roles/log/keep.h"
#include "testkit/signer.h"
#include "testkit/tlog.h"

namespace sallyport::keeper {
namespace {

using tlog::numbered_entry;

constexpr const char* origin = "log.example/packages";

// Remembers everything that it signed, whatever became of it.
class RememberingSigner final : public Signer {
 public:
  PublicKey public_key() const override { return inner_.public_key(); }
  Result<Bytes> sign(BytesView message) override {
    signed_.push_back(std::string(as_text(message)));
    return inner_.sign(message);
  }
  Result<Bytes> sign_cms(BytesView, const std::vector<Certificate>&) override {
    return Error(Code::not_supported, "CMS");
  }
  const std::vector<std::string>& messages() const { return signed_; }

 private:
  testkit::TestSigner inner_{origin};
  std::vector<std::string> signed_;
};

std::vector<tlog::Entry> entries(std::uint64_t from, std::uint64_t count) {
  std::vector<tlog::Entry> list;
  for (std::uint64_t i = 0; i < count; ++i) list.push_back(numbered_entry(from + i));
  return list;
}

// A log of `size` entries, 0, 1, 2 …
void fill(MemoryDisk& disk, Signer& signer, std::uint64_t size) {
  ASSERT_TRUE(create(disk, origin, signer).ok());
  ASSERT_TRUE(append(disk, entries(0, size), signer).ok());
}

tlog::Head head_on(Disk& disk) {
  return Store::open(disk).value().published();
}

// Every tree that was ever signed is one that the log on this disk began with.
void expect_one_history(Disk& disk, const RememberingSigner& signer) {
  const auto store = Store::open(disk);
  ASSERT_TRUE(store.ok()) << name(store.error().code) << " " << store.error().where;
  const auto& head = store.value().head();
  const tlog::TiledTree tree(store.value().reader(), head.size);
  for (const auto& message : signer.messages()) {
    const auto signed_head = tlog::parse_checkpoint(message).value().head;
    ASSERT_LE(signed_head.size, head.size);
    EXPECT_EQ(tlog::root_of(tree, signed_head.size).value(), signed_head.root);
  }
}

TEST(Log, GrowsAndProves) {
  MemoryDisk disk;
  testkit::TestSigner signer(origin);
  fill(disk, signer, 0);
  EXPECT_EQ(head_on(disk), (tlog::Head{0, tlog::empty_root()}));
  for (std::uint64_t size = 0; size < 5; ++size) {
    const auto report = append(disk, entries(size, 1), signer).value();
    EXPECT_EQ(report.indices, std::vector{size});
  }
  EXPECT_EQ(append(disk, entries(5, 600), signer).value().head.size, 605U);
  EXPECT_EQ(head_on(disk).root, tlog::root_of(tlog::LeafHashes(tlog::numbered_leaves(605)), 605).value());
  const auto policy =
      tlog::parse_log_policy("log " + tlog::test_log().public_key.text() + "\nquorum none\n").value();
  for (const std::uint64_t index : {0ULL, 4ULL, 255ULL, 256ULL, 604ULL}) {
    const auto proof = prove(disk, numbered_entry(index), {1, 5, 300}).value();
    EXPECT_EQ(proof.index, index);
    const auto checked = tlog::check_proof(proof.proof, numbered_entry(index), policy, testkit::test_time());
    ASSERT_TRUE(checked.ok());
    EXPECT_EQ(checked.value().since.size(), 3U);
  }
  EXPECT_EQ(prove(disk, numbered_entry(605), {}).error().code, Code::entry_not_logged);
  EXPECT_EQ(show(disk, 600).value().entries, entries(600, 5));
}

TEST(Log, AddsNothingTwice) {
  MemoryDisk disk;
  testkit::TestSigner signer(origin);
  fill(disk, signer, 3);
  const auto before = disk.dump();
  EXPECT_EQ(append(disk, entries(1, 2), signer).value().indices, (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(disk.dump(), before);
  const auto mixed = append(disk, {numbered_entry(9), numbered_entry(0), numbered_entry(9)}, signer).value();
  EXPECT_EQ(mixed.indices, (std::vector<std::uint64_t>{3, 0, 3}));
  EXPECT_EQ(mixed.head.size, 4U);
}

TEST(Log, IsItsKeysAlone) {
  MemoryDisk disk;
  testkit::TestSigner signer(origin);
  testkit::TestSigner stranger("stranger");
  EXPECT_EQ(append(disk, entries(0, 1), signer).error().code, Code::log_not_created);
  fill(disk, signer, 3);
  const auto before = disk.dump();
  EXPECT_EQ(append(disk, entries(3, 1), stranger).error().code, Code::log_key_refused);
  EXPECT_EQ(create(disk, origin, signer).error().code, Code::log_already_created);
  EXPECT_EQ(disk.dump(), before);
}

// N01: whatever is changed of what was signed for, nothing more is signed.
TEST(LogAttack, N01_EditedFilesAreFound) {
  MemoryDisk base;
  testkit::TestSigner first(origin);
  fill(base, first, 5);
  for (const auto* file :
       {"public/tile/0/000.p/5", "public/tile/entries/000.p/5", "public/checkpoint", "signed", "log.json"}) {
    const auto size = base.open(file).value()->size();
    for (std::uint64_t offset = 0; offset < size;
         offset += file == std::string("public/checkpoint") ? 1 : 7) {
      MemoryDisk disk;
      disk.become(base);
      disk.corrupt(file, offset);
      RememberingSigner signer;
      const auto shown = show(disk, 0);
      EXPECT_FALSE(shown.ok()) << file << " " << offset;
      const auto appended = append(disk, entries(5, 1), signer);
      if (std::string(file) == "public/tile/entries/000.p/5") continue;  // the tree does not depend on it
      EXPECT_FALSE(appended.ok()) << file << " " << offset;
      EXPECT_TRUE(signer.messages().empty()) << file << " " << offset;
    }
  }
}

// N03: an older copy of the log's own state, with the published checkpoint as it was.
TEST(LogAttack, N03_AnOlderStateSignsNothing) {
  MemoryDisk disk;
  testkit::TestSigner first(origin);
  fill(disk, first, 3);
  const auto older = disk.read_small("signed", 4096).value();
  ASSERT_TRUE(append(disk, entries(3, 4), first).ok());
  ASSERT_TRUE(disk.replace_file("signed", older, 0600).ok());
  RememberingSigner signer;
  EXPECT_EQ(append(disk, entries(100, 1), signer).error().code, Code::log_damaged);
  EXPECT_TRUE(signer.messages().empty());
}

struct Injection {
  Then then;
  Code code;
};

// The append of entries 3 to 5 is cut short at each call in each way; then something else is appended.
void try_every_call(std::uint64_t size, Injection injection) {
  MemoryDisk base;
  RememberingSigner first;
  fill(base, first, size);
  for (std::uint64_t nth = 1;; ++nth) {
    MemoryDisk disk;
    disk.become(base);
    RememberingSigner signer = first;
    FaultyDisk faulty(disk, nth, injection.then, injection.code);
    const auto result = append(faulty, entries(size, 3), signer);
    if (!faulty.struck()) {
      ASSERT_GT(nth, 10U);
      return;
    }
    if (injection.then == Then::crash) disk.crash(nth % 5);
    if (injection.then == Then::lie) {
      // The disk changed what was written: it may have to be repaired, but nothing false was signed.
      if (Store::open(disk).ok()) expect_one_history(disk, signer);
      continue;
    }
    expect_one_history(disk, signer);
    const auto other = append(disk, entries(1000, 2), signer);
    ASSERT_TRUE(other.ok()) << nth << " " << name(other.error().code) << " " << other.error().where;
    expect_one_history(disk, signer);
    const auto again = append(disk, entries(size, 3), signer);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again.value().head.size, size + 5);
    const auto promised = result.ok() ? result.value().indices : again.value().indices;
    EXPECT_EQ(again.value().indices, promised);
    ASSERT_TRUE(show(disk, 0).ok());
  }
}

TEST(LogCrash, K01_CutShortAtEveryCall) {
  for (const std::uint64_t size : {0U, 3U, 254U}) try_every_call(size, {Then::crash, Code::io_failed});
}

TEST(LogCrash, N07_DiskFullAtEveryCall) {
  for (const std::uint64_t size : {0U, 3U, 254U}) try_every_call(size, {Then::fail, Code::disk_full});
}

TEST(LogCrash, TimeoutsThatSucceeded) {
  for (const std::uint64_t size : {0U, 3U, 254U})
    try_every_call(size, {Then::fail_but_persist, Code::io_failed});
}

TEST(LogCrash, K12_DisksThatLie) {
  try_every_call(3, {Then::lie, Code::io_failed});
}

TEST(LogCrash, CreationCutShortCanBeRepeated) {
  for (std::uint64_t nth = 1;; ++nth) {
    MemoryDisk disk;
    RememberingSigner signer;
    FaultyDisk faulty(disk, nth, Then::crash);
    const auto created = create(faulty, origin, signer);
    if (!faulty.struck()) return;
    disk.crash(nth % 3);
    const auto again = create(disk, origin, signer);
    EXPECT_TRUE(again.ok() || again.error().code == Code::log_already_created);
    ASSERT_TRUE(append(disk, entries(0, 1), signer).ok()) << nth;
    expect_one_history(disk, signer);
  }
}

TEST(Log, TakesCosignaturesOfItsWitnessesAlone) {
  MemoryDisk disk;
  testkit::TestSigner signer(origin);
  fill(disk, signer, 3);
  const auto policy = tlog::test_log_policy(2);
  const auto text = tlog::parse_note(Store::open(disk).value().checkpoint()).value().text;
  const auto answer = [&](std::size_t witness, std::string_view of) {
    return tlog::print_signature(tlog::test_witness(witness).cosign(of, testkit::test_time()));
  };
  EXPECT_EQ(cosign(disk, answer(0, "other"), policy).error().code, Code::cosignature_invalid);
  const tlog::Party stranger("stranger.example", tlog::KeyUse::cosignature);
  EXPECT_EQ(
      cosign(disk, tlog::print_signature(stranger.cosign(text, testkit::test_time())), policy).error().code,
      Code::log_key_refused);
  EXPECT_EQ(cosign(disk, "nothing\n", policy).error().code, Code::note_malformed);
  EXPECT_EQ(last_cosigned(disk).value(), 0U);
  EXPECT_EQ(cosign(disk, answer(0, text) + answer(2, text), policy).value().witnesses,
            (std::vector<std::string>{"w0", "w2"}));
  EXPECT_EQ(cosign(disk, answer(0, text), policy).value().witnesses, std::vector<std::string>{"w0"});
  EXPECT_EQ(tlog::parse_note(Store::open(disk).value().checkpoint()).value().signatures.size(), 3U);
  EXPECT_EQ(last_cosigned(disk).value(), 3U);
  const auto proof = prove(disk, numbered_entry(1), {}).value();
  EXPECT_TRUE(tlog::check_proof(proof.proof, numbered_entry(1), policy, testkit::test_time()).ok());
}

// Without --since, a proof leads from the sizes that were cosigned.
TEST(Log, ProvesTheWayFromWhatWasCosigned) {
  MemoryDisk disk;
  testkit::TestSigner signer(origin);
  fill(disk, signer, 3);
  const auto policy = tlog::test_log_policy(1);
  for (const std::uint64_t size : {3ULL, 4ULL, 6ULL}) {
    const auto text = tlog::parse_note(Store::open(disk).value().checkpoint()).value().text;
    const auto line = tlog::print_signature(tlog::test_witness(0).cosign(text, testkit::test_time()));
    ASSERT_TRUE(cosign(disk, line, policy).ok());
    ASSERT_TRUE(append(disk, entries(size, size == 3 ? 1 : 2), signer).ok());
  }
  const auto proof = tlog::parse_proof(prove(disk, numbered_entry(7), {}).value().proof).value();
  ASSERT_EQ(proof.since.size(), 3U);
  EXPECT_EQ(proof.since[0].from, 3U);
  EXPECT_EQ(proof.since[1].from, 4U);
  EXPECT_EQ(proof.since[2].from, 6U);
}

}  // namespace
}  // namespace sallyport::keeper
