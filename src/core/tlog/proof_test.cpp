// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/proof.h"

#include "testkit/tlog.h"

namespace sallyport::tlog {
namespace {

Proof make_proof(std::uint64_t index, std::uint64_t size, const std::vector<std::uint64_t>& since = {}) {
  const LeafHashes tree(numbered_leaves(size));
  Proof proof{{}, index, inclusion_proof(tree, index, size).value(), {}};
  for (const auto from : since) proof.since.push_back({from, consistency_proof(tree, from, size).value()});
  proof.checkpoint = print_note(signed_checkpoint({size, root_of(tree, size).value()}, {0, 1}));
  return proof;
}

Head head_of(std::uint64_t size) {
  return {size, root_of(LeafHashes(numbered_leaves(size)), size).value()};
}

Result<CheckedProof> check(std::string_view text, const Entry& what) {
  return check_proof(text, what, test_log_policy(2), testkit::test_time());
}

TEST(Proof, ProvesOneEntryAndNoOther) {
  for (std::uint64_t index = 0; index < 11; ++index) {
    const auto text = print_proof(make_proof(index, 11));
    const auto checked = check(text, numbered_entry(index)).value();
    EXPECT_EQ(checked.index, index);
    EXPECT_EQ(checked.checkpoint.checkpoint.head, head_of(11));
    for (std::uint64_t other = 0; other <= 11; ++other) {
      if (other == index) continue;
      EXPECT_EQ(check(text, numbered_entry(other)).error().code, Code::inclusion_proof_invalid);
    }
  }
}

// Cosign's CVE-2026-22703: a genuine proof, for something else that has some of the same digests in it.
TEST(ProofAttack, N05_EveryFieldOfTheEntryIsBound) {
  const auto digest = [](std::string_view text) { return sha256(as_bytes(text)); };
  const Entry order{EntryKind::order, digest("p"), digest("f"), digest("k"), digest("v"), digest("y")};
  const auto leaf = leaf_hash(as_bytes(print_entry(order)));
  Proof proof{{}, 0, {}, print_note(signed_checkpoint({1, leaf}, {0, 1}))};
  const auto text = print_proof(proof);
  EXPECT_TRUE(check(text, order).ok());
  for (auto change : std::vector<std::function<void(Entry&)>>{
           [&](Entry& e) { e.digest = digest("other"); }, [&](Entry& e) { e.file = digest("other"); },
           [&](Entry& e) { e.package = digest("other"); }, [&](Entry& e) { e.verdict = digest("other"); },
           [&](Entry& e) { e.policy = digest("other"); }, [&](Entry& e) { e.kind = EntryKind::verdict; },
           [&](Entry& e) { e.file.reset(); }, [&](Entry& e) { e = package_entry(e.digest); }}) {
    auto other = order;
    change(other);
    EXPECT_EQ(check(text, other).error().code, Code::inclusion_proof_invalid);
  }
}

TEST(ProofAttack, EachBitOfTheFile) {
  const auto entry = numbered_entry(3);
  const auto good = print_proof(make_proof(3, 7, {2, 6}));
  ASSERT_TRUE(check(good, entry).ok());
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto damaged = good;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      const auto checked = check(damaged, entry);
      if (!checked.ok()) continue;
      // Only what is no part of the proof itself may differ: other logs' extra data, and strangers' signature lines.
      const auto parsed = parse_proof(damaged).value();
      EXPECT_EQ(parsed.path, parse_proof(good).value().path);
      const bool is_since = parsed.since.empty() || !check_since(checked.value(), head_of(2)).ok() ||
                            !check_since(checked.value(), head_of(6)).ok();
      EXPECT_TRUE(is_since) << "byte " << i << " bit " << bit;
    }
  }
}

TEST(Proof, CarriesTheWayFromEarlierSizes) {
  const auto text = print_proof(make_proof(9, 10, {1, 4, 7}));
  EXPECT_EQ(print_proof(parse_proof(text).value()), text);
  const auto checked = check(text, numbered_entry(9)).value();
  for (const std::uint64_t size : {0U, 1U, 4U, 7U, 10U}) {
    const auto shown = check_since(checked, head_of(size));
    if (size == 0) {
      EXPECT_EQ(shown.error().code, Code::log_consistency_missing);
    } else {
      EXPECT_TRUE(shown.ok()) << size;
    }
  }
  EXPECT_EQ(check_since(checked, head_of(5)).error().code, Code::log_consistency_missing);
}

TEST(ProofAttack, N02_N03_ASmallerLogAndAForkedOne) {
  const auto checked = check(print_proof(make_proof(9, 10, {4})), numbered_entry(9)).value();
  EXPECT_EQ(check_since(checked, head_of(11)).error().code, Code::log_shrunk);
  EXPECT_EQ(check_since(checked, {10, leaf_hash({})}).error().code, Code::log_forked);
  EXPECT_EQ(check_since(checked, {4, leaf_hash({})}).error().code, Code::log_forked);
}

TEST(Proof, OneForm) {
  const auto good = print_proof(make_proof(3, 7, {2, 6}));
  const auto replaced = [&](const std::string& from, const std::string& to) {
    auto text = good;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  for (const auto& bad : {std::string(), replaced("@v1", "@v2"), replaced("index 3", "index 03"),
                          replaced("index 3", "index"), replaced("index 3", "index 9223372036854775808"),
                          replaced("extra ", "extra  "), replaced("extra ", "Extra "),
                          good.substr(0, good.find("\n\n")), good.substr(0, good.find("\n\n") + 2),
                          std::string(proof_size_max, 'x'), replaced("\n\n", "\nAAAA\n\n")}) {
    EXPECT_EQ(parse_proof(bad).error().code, Code::log_proof_malformed) << bad.substr(0, 100);
  }
}

TEST(Proof, SinceIsBoundedAndAscending) {
  auto proof = make_proof(3, 7, {2, 6});
  std::swap(proof.since[0], proof.since[1]);
  EXPECT_EQ(parse_proof(print_proof(proof)).error().code, Code::log_proof_malformed);
  proof.since.clear();
  for (std::uint64_t i = 1; i <= proof_since_max + 1; ++i) proof.since.push_back({i, {}});
  EXPECT_EQ(parse_proof(print_proof(proof)).error().code, Code::log_proof_malformed);
  proof.since.pop_back();
  EXPECT_TRUE(parse_proof(print_proof(proof)).ok());
  proof.since = {{0, {}}};
  EXPECT_EQ(parse_proof(print_proof(proof)).error().code, Code::log_proof_malformed);
}

// The format leaves the extra data to each application: what is not ours is nobody's business.
TEST(Proof, ExtraDataOfOthersIsIgnored) {
  auto text = print_proof(make_proof(3, 7));
  text.insert(text.find("index"), "extra b3RoZXJz\n");
  EXPECT_TRUE(check(text, numbered_entry(3)).ok());
  EXPECT_TRUE(parse_proof(text).value().since.empty());
}

}  // namespace
}  // namespace sallyport::tlog
