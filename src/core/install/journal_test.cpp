// SPDX-License-Identifier: Apache-2.0
#include "core/install/journal.h"

#include <gtest/gtest.h>

#include "core/install/checkpoint.h"
#include "core/install/history_for_test.h"

namespace sallyport::install {
namespace {

using history::Writer;

Writer long_history() {
  Writer writer;
  writer.install(1, 0);
  writer.add(Begun{2, history::origin(2)});
  writer.add(Installed{2});
  writer.add(Activating{2, 1});
  writer.add(Interrupted{2});
  writer.add(Activating{2, 1});
  writer.add(Fallback{2, Code::health_failed});
  writer.add(Begun{3, history::origin(3)});
  writer.add(Failed{3, Code::content_malformed});
  writer.add(PolicyChanged{2, history::digest("policy 2")});
  writer.add(OrderStopped{history::digest("order")});
  writer.add(TimeSeen{history::at()});
  writer.add(BreakGlass{history::digest("order"), "a \"reason\""});
  return writer;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t start = 0; start < text.size();) {
    const auto end = text.find('\n', start) + 1;
    all.push_back(text.substr(start, end - start));
    start = end;
  }
  return all;
}

Code refusal(const std::string& text) {
  const auto parsed = parse_journal(as_bytes(text));
  if (!parsed.ok()) return parsed.error().code;
  const auto state = fold(parsed.value());
  EXPECT_FALSE(state.ok());
  return state.ok() ? Code::internal_error : state.error().code;
}

TEST(Journal, IsReadAsItWasWritten) {
  const auto writer = long_history();
  const auto journal = parse_journal(as_bytes(writer.bytes)).value();
  EXPECT_EQ(journal.records, writer.journal.records);
  EXPECT_EQ(journal.links, writer.journal.links);
  EXPECT_EQ(journal.valid_size, writer.bytes.size());
  EXPECT_EQ(journal.torn_size, 0U);
}

TEST(JournalAttack, K10_ATornLastLineWasNeverAcknowledged) {
  const auto writer = long_history();
  const auto all = lines(writer.bytes);
  const auto whole = writer.bytes.size() - all.back().size();
  for (std::size_t size = whole; size < writer.bytes.size(); ++size) {
    const auto journal = parse_journal(as_bytes(writer.bytes).first(size)).value();
    EXPECT_EQ(journal.records.size(), all.size() - 1);
    EXPECT_EQ(journal.valid_size, whole);
    EXPECT_EQ(journal.torn_size, size - whole);
  }
}

TEST(JournalAttack, K10_EveryFlippedBitIsFound) {
  const auto writer = long_history();
  for (std::size_t i = 0; i + 1 < writer.bytes.size(); ++i) {  // all but the last line end: a torn line
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string damaged = writer.bytes;
      damaged[i] = static_cast<char>(static_cast<unsigned char>(damaged[i]) ^ (1U << bit));
      ASSERT_EQ(refusal(damaged), Code::node_state_damaged) << i << " " << bit;
    }
  }
}

TEST(JournalAttack, K10_DoubledLostAndMovedLinesAreFound) {
  const auto all = lines(long_history().bytes);
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::string doubled;
    std::string lost;
    std::string moved;
    for (std::size_t k = 0; k < all.size(); ++k) {
      doubled += all[k] + (k == i ? all[k] : "");
      if (k != i) lost += all[k];
      moved += all[k == i && i + 1 < all.size() ? k + 1 : k == i + 1 ? k - 1 : k];
    }
    EXPECT_EQ(refusal(doubled), Code::node_state_damaged) << i;
    if (i + 1 == all.size()) continue;  // a lost end is for the state copies to find
    EXPECT_EQ(refusal(lost), Code::node_state_damaged) << i;
    EXPECT_EQ(refusal(moved), Code::node_state_damaged) << i;
  }
}

TEST(JournalAttack, K10_AnEmptyJournalIsNoNode) {
  EXPECT_EQ(refusal(""), Code::node_state_damaged);
  EXPECT_EQ(refusal("\n"), Code::node_state_damaged);
  EXPECT_EQ(refusal(std::string(5000, 'x') + "\n"), Code::node_state_damaged);
}

// The copies that a node has after its n-th record.
struct Copies {
  Result<Checkpoint> a = Error(Code::node_state_damaged);
  Result<Checkpoint> b = Error(Code::node_state_damaged);
};

Journal first(const Journal& journal, std::size_t count) {
  Journal part{{}, {}, 0, 0};
  part.records.assign(journal.records.begin(), journal.records.begin() + static_cast<std::ptrdiff_t>(count));
  part.links.assign(journal.links.begin(), journal.links.begin() + static_cast<std::ptrdiff_t>(count));
  return part;
}

Copies copies_after(const Journal& journal, std::size_t count) {
  Copies copies;
  for (std::size_t n = count < 2 ? 1 : count - 1; n <= count; ++n) {
    const auto state = fold(first(journal, n)).value();
    (checkpoint_name(n) == "state.a" ? copies.a : copies.b) = checkpoint_of(state, Floors{});
  }
  return copies;
}

TEST(Checkpoint, IsReadAsItWasWritten) {
  const auto state = fold(long_history().journal).value();
  const auto checkpoint = checkpoint_of(state, Floors{});
  const auto text = print_checkpoint(checkpoint);
  EXPECT_EQ(parse_checkpoint(as_bytes(text)).value(), checkpoint);
  EXPECT_EQ(checkpoint.floors.sequence, 3U);
  EXPECT_EQ(checkpoint.floors.counters.at(ProductId::parse("mme").value()), 1U);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_EQ(parse_checkpoint(as_bytes(damaged)).error().code, Code::node_state_damaged) << i;
    EXPECT_FALSE(parse_checkpoint(as_bytes(text).first(i)).ok()) << i;
  }
}

TEST(CheckpointAttack, K10_AJournalThatLostItsEndIsFound) {
  const auto journal = long_history().journal;
  for (std::size_t count = 1; count <= journal.records.size(); ++count) {
    const auto copies = copies_after(journal, count);
    for (std::size_t left = 1; left <= journal.records.size(); ++left) {
      const auto part = first(journal, left);
      const auto compared = compare(part, fold(part).value(), copies.a, copies.b);
      EXPECT_EQ(compared.ok(), left >= count) << left << " of " << count;
      // The journal may be one ahead: the power went between the two writes.
      if (left == count || left == count + 1) {
        EXPECT_EQ(compared.value().findings.size(), count == 1 ? 1U : 0U);
      }
    }
  }
}

TEST(CheckpointAttack, K10_OneCopyMayBeLostBothMayNot) {
  const auto journal = long_history().journal;
  const auto state = fold(journal).value();
  const auto copies = copies_after(journal, journal.records.size());
  const Result<Checkpoint> lost = Error(Code::node_state_damaged, "state.a");
  EXPECT_EQ(compare(journal, state, lost, copies.b).value().findings.size(), 1U);
  EXPECT_EQ(compare(journal, state, copies.a, lost).value().findings.size(), 1U);
  EXPECT_EQ(compare(journal, state, lost, lost).error().code, Code::node_state_damaged);
}

TEST(CheckpointAttack, K10_AnotherNodesJournalIsFound) {
  const auto mine = long_history();
  Writer other;
  for (std::uint64_t n = 1; n <= 5; ++n) other.install(n, n - 1);
  const auto copies = copies_after(mine.journal, mine.journal.records.size());
  const auto state = fold(other.journal).value();
  EXPECT_EQ(compare(other.journal, state, copies.a, copies.b).error().code, Code::node_state_damaged);
}

TEST(CheckpointAttack, K10_FloorsNeverGoDown) {
  const auto journal = long_history().journal;
  const auto state = fold(journal).value();
  auto copies = copies_after(journal, journal.records.size());
  const auto mme = ProductId::parse("mme").value();
  auto higher_copy = copies.a.value();
  higher_copy.floors.counters[mme] = 40;
  higher_copy.floors.sequence = 50;
  const auto floors = compare(journal, state, higher_copy, copies.b).value().floors;
  EXPECT_EQ(floors.counters.at(mme), 40U);
  EXPECT_EQ(floors.sequence, 50U);
  const auto facts = facts_of(state, floors, "x86_64");
  EXPECT_EQ(facts.counter_floors.at(mme), 40U);
  EXPECT_EQ(facts.spent.sequence_last, 50U);
}

}  // namespace
}  // namespace sallyport::install
