// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/request.h"

#include "core/tlog/lines.h"

#include "testkit/tlog.h"

namespace sallyport::tlog {
namespace {

// The log of the sigsum vectors, as a witness that has seen `head` of it knows it.
Watched sigsum(const Head& head) {
  auto spki = parse_hex("302a300506032b6570032100", 64).value();
  const auto raw = parse_hex(words_of(vector_file("sigsum.key"))[0], 32).value();
  spki.insert(spki.end(), raw.begin(), raw.end());
  const auto key = PublicKey::from_spki(spki).value();
  return {NoteKey::make("sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562",
                        KeyUse::note, key)
              .value(),
          head};
}

Result<Accepted> decide_file(const std::string& name, const Head& seen) {
  return decide(parse_add_checkpoint(vector_file(name)).value(), {sigsum(seen)});
}

TEST(Witness, RequestsOfAnotherImplementation) {
  const Head nothing{0, empty_root()};
  const auto one = decide_file("sigsum-1.request", nothing).value().checkpoint.head;
  EXPECT_EQ(one.size, 1U);
  EXPECT_EQ(decide_file("sigsum-3.request", one).value().checkpoint.head.size, 3U);
  const auto five = decide_file("sigsum-5.request", one).value().checkpoint.head;
  EXPECT_EQ(five.root.text(), "42bb57ad06420afa4882c4a63ac6a1ec77480b330b2f20dfc53a0caa5f564e36");
  // Both were asked for at the size of 1: whoever comes second is behind.
  const auto late = decide_file("sigsum-3.request", five);
  EXPECT_EQ(late.error().code, Code::witness_behind);
  EXPECT_EQ(late.error().expected, "5");
}

TEST(Witness, ExampleOfTheSpecification) {
  const auto text = vector_file("sofa.request");
  const auto request = parse_add_checkpoint(text).value();
  EXPECT_EQ(request.old_size, 20852014U);
  EXPECT_EQ(request.path.size(), 4U);
  EXPECT_EQ(print_add_checkpoint(request), text);
}

AddCheckpoint request_of(const LeafHashes& tree, std::uint64_t from, std::uint64_t to) {
  return {from, consistency_proof(tree, from, to).value(),
          print_note(signed_checkpoint({to, root_of(tree, to).value()}, {}))};
}

Watched watched(const LeafHashes& tree, std::uint64_t size) {
  return {test_log().public_key, {size, root_of(tree, size).value()}};
}

TEST(Witness, EverySizeToEverySize) {
  const LeafHashes tree(numbered_leaves(20));
  for (std::uint64_t from = 0; from <= 20; ++from) {
    for (std::uint64_t to = from; to <= 20; ++to) {
      EXPECT_TRUE(decide(request_of(tree, from, to), {watched(tree, from)}).ok()) << from << " " << to;
    }
  }
}

TEST(WitnessAttack, N01_ForksAreNotCosigned) {
  const LeafHashes tree(numbered_leaves(9));
  auto leaves = numbered_leaves(9);
  leaves[2] = leaf_hash(as_bytes("other"));
  const LeafHashes fork(leaves);
  for (std::uint64_t size = 3; size <= 9; ++size) {
    EXPECT_EQ(decide(request_of(fork, 3, size), {watched(tree, 3)}).error().code, Code::log_forked) << size;
  }
}

TEST(WitnessAttack, StrangersAndForgeries) {
  const LeafHashes tree(numbered_leaves(9));
  const auto good = request_of(tree, 3, 9);
  EXPECT_EQ(decide(good, {}).error().code, Code::log_unknown);
  EXPECT_EQ(decide(good, {sigsum({3, root_of(tree, 3).value()})}).error().code, Code::log_unknown);
  auto forged = good;
  forged.checkpoint = print_note({print_checkpoint({test_log().name, {9, root_of(tree, 9).value()}}),
                                  {Party("stranger", KeyUse::note).sign("x")}});
  EXPECT_EQ(decide(forged, {watched(tree, 3)}).error().code, Code::log_signature_invalid);
  auto backwards = request_of(tree, 3, 3);
  backwards.old_size = 4;
  EXPECT_EQ(decide(backwards, {watched(tree, 4)}).error().code, Code::witness_request_malformed);
}

TEST(Witness, OneForm) {
  const auto good = vector_file("sigsum-3.request");
  std::string many = "old 0\n";
  for (std::size_t i = 0; i <= path_length_max; ++i) many += print_hash(empty_root()) + "\n";
  for (const auto& bad :
       {std::string(), std::string("old 1\n"), std::string("old 01\n\nx"), std::string("old -1\n\nx"),
        std::string("Old 1\n\nx"), good.substr(0, good.find("\n\n") + 2), "old 0\nAAAA\n\n" + good,
        many + "\nx", std::string(add_checkpoint_size_max + 1, 'x')}) {
    EXPECT_EQ(parse_add_checkpoint(bad).error().code, Code::witness_request_malformed) << bad.substr(0, 100);
  }
}

}  // namespace
}  // namespace sallyport::tlog
