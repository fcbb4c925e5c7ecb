// SPDX-License-Identifier: Apache-2.0
// Which records may follow which: those of holding and collecting. journal_test.cpp has the others.
#include "core/install/state.h"

#include <gtest/gtest.h>

#include "core/install/checkpoint.h"
#include "core/install/history_for_test.h"

namespace sallyport::install {
namespace {

const ServiceId mme = ServiceId::parse("mme").value();

history::Writer three_generations() {
  history::Writer writer;
  for (std::uint64_t n = 1; n <= 3; ++n) writer.install(n, n - 1);
  return writer;
}

// The bytes, read again: what a node folds.
Result<State> read(const history::Writer& writer) {
  return fold(TRY(parse_journal(as_bytes(writer.bytes))));
}

Result<State> after(const std::vector<Happening>& records) {
  auto writer = three_generations();
  for (const auto& record : records) writer.add(record);
  return read(writer);
}

TEST(State, HoldsAndCollectionsAreReadAsTheyWereWritten) {
  const auto state = after({Collecting{1}, Held{mme}, Collected{1}}).value();
  EXPECT_EQ(state.find(1)->storage, Storage::gone);
  EXPECT_EQ(state.held, std::set<ServiceId>{mme});
  EXPECT_EQ(state.active, 3U);
  EXPECT_EQ(state.before, 2U);
  EXPECT_FALSE(is_kept(*state.find(1)));
  EXPECT_TRUE(is_kept(*state.find(2)));
  EXPECT_TRUE(after({Held{mme}, Released{mme}}).value().held.empty());
}

TEST(State, AConfirmedGenerationEndsEveryHold) {
  EXPECT_TRUE(after({Held{mme}, Activating{2, 3}, Activated{2}, Confirmed{2}}).value().held.empty());
  EXPECT_FALSE(after({Held{mme}, Activating{2, 3}, Activated{2}, Interrupted{2}}).value().held.empty());
  EXPECT_FALSE(after({Held{mme}, Activating{2, 3}, Fallback{2, Code::health_failed}}).value().held.empty());
}

TEST(State, ABaselineIsTheOneOfTheHighestNumberAndItsFloorStays) {
  const auto one = history::digest("baseline 1");
  const auto three = history::digest("baseline 3");
  const auto state =
      after({BaselineTaken{1, one}, PolicyChanged{2, history::digest("policy 2")}, BaselineTaken{3, three}})
          .value();
  EXPECT_EQ(state.baseline->number, 3U);
  EXPECT_EQ(state.baseline->identity, three);
  EXPECT_EQ(state.baseline->policy, history::digest("policy 2"));
  const auto floors = floors_of(state);
  EXPECT_EQ(floors.baseline, 3U);
  EXPECT_EQ(higher(floors, Floors{}).baseline, 3U);
  EXPECT_EQ(higher(Floors{}, floors).baseline, 3U);
  const auto copy = checkpoint_of(state, {});
  EXPECT_EQ(parse_checkpoint(as_bytes(print_checkpoint(copy))).value(), copy);
}

TEST(StateAttack, ABaselineIsNeverTakenBack) {
  const auto digest = history::digest("baseline");
  EXPECT_FALSE(after({BaselineTaken{2, digest}, BaselineTaken{1, digest}}).ok());
  EXPECT_FALSE(after({BaselineTaken{2, digest}, BaselineTaken{2, digest}}).ok());
}

TEST(State, RecallsAddUpAndTheirFloorStays) {
  const auto one = history::digest("recall 1");
  const auto three = history::digest("recall 3");
  const auto state =
      after({RecallTaken{1, one}, PolicyChanged{2, history::digest("policy 2")}, RecallTaken{3, three}})
          .value();
  ASSERT_EQ(state.recalls.size(), 2U);
  EXPECT_EQ(state.recalls[0].identity, one);
  EXPECT_EQ(state.recalls[1].policy, history::digest("policy 2"));
  const auto floors = floors_of(state);
  EXPECT_EQ(floors.recall, 3U);
  EXPECT_EQ(higher(floors, Floors{}).recall, 3U);
  EXPECT_EQ(higher(Floors{}, floors).recall, 3U);
  const auto copy = checkpoint_of(state, {});
  EXPECT_EQ(parse_checkpoint(as_bytes(print_checkpoint(copy))).value(), copy);
  EXPECT_EQ(copy.floors.recall, 3U);
}

TEST(StateAttack, H08_ARecallIsNeverTakenBack) {
  const auto digest = history::digest("recall");
  EXPECT_FALSE(after({RecallTaken{2, digest}, RecallTaken{1, digest}}).ok());
  EXPECT_FALSE(after({RecallTaken{2, digest}, RecallTaken{2, digest}}).ok());
  // One of a lower number that comes later counts as well, and lowers nothing.
  const auto late = after({RecallTaken{2, digest}, RecallTaken{1, history::digest("late")}}).value();
  EXPECT_EQ(late.recalls.size(), 2U);
  EXPECT_EQ(floors_of(late).recall, 2U);
}

TEST(StateAttack, RecordsThatDoNotFollowAreRefused) {
  const std::vector<std::vector<Happening>> impossible{
      {Collecting{3}},                                  // it is active
      {Collecting{9}},                                  // unknown
      {Collected{1}},                                   // not begun
      {Collecting{1}, Collecting{1}},                   // twice
      {Collecting{1}, Collected{1}, Collected{1}},      // twice
      {Collecting{1}, Activating{1, 3}},                // it is on its way out
      {Collecting{2}, Collected{2}, Activating{2, 3}},  // it is gone
      {Activating{2, 3}, Collecting{1}},                // in the middle of a switch
      {Held{mme}, Held{mme}},                           // twice
      {Released{mme}},                                  // never held
      {Held{mme}, Released{mme}, Released{mme}},        // twice
      {Begun{4, history::origin(4)}, Collecting{4}},    // never confirmed
      {Begun{4, history::origin(4)}, Failed{4, Code::disk_full}, Collecting{4}},
  };
  for (std::size_t i = 0; i < impossible.size(); ++i) {
    const auto state = after(impossible[i]);
    ASSERT_FALSE(state.ok()) << i;
    EXPECT_EQ(state.error().code, Code::node_state_damaged) << i;
  }
}

TEST(StateAttack, K10_ALineOfAnotherServiceOrGenerationIsFound) {
  auto writer = three_generations();
  writer.add(Collecting{1});
  writer.add(Held{mme});
  for (const auto& [from, to] :
       {std::pair("\"service\":\"mme\"", "\"service\":\"amf\""),
        std::pair("\"collecting\",\"generation\":1", "\"collecting\",\"generation\":2"),
        std::pair("\"event\":\"held\"", "\"event\":\"released\"")}) {
    auto bytes = writer.bytes;
    bytes.replace(bytes.find(from), std::string(from).size(), to);
    EXPECT_EQ(parse_journal(as_bytes(bytes)).error().code, Code::node_state_damaged) << from;
  }
}

}  // namespace
}  // namespace sallyport::install
