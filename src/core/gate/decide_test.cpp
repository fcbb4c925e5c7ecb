// SPDX-License-Identifier: Apache-2.0
#include "core/gate/decide.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "core/crypto/file_digest.h"
#include "testkit/source.h"

namespace sallyport::gate {
namespace {

FileDigest digest(std::uint8_t byte) {
  std::array<std::uint8_t, FileDigest::size> bytes{};
  bytes.fill(byte);
  return FileDigest(bytes);
}

ListedFile listed(std::uint64_t size, std::uint8_t byte) {
  ListedFile file{size, {}};
  file.digest.fill(byte);
  return file;
}

// Every question there is, over these sizes and digests.
template <class Visit>
void every_question(const std::vector<std::uint64_t>& sizes, const Visit& visit) {
  const std::vector<std::optional<FileDigest>> digests{std::nullopt, digest(1), digest(2), digest(3)};
  for (const auto access : {Access::execute, Access::open})
    for (const auto asker : {Asker::service, Asker::other, Asker::unknown})
      for (const auto kind : {FileKind::regular, FileKind::other})
        for (const auto place : {Place::code, Place::data, Place::host})
          for (const auto looks : {Looks::plain, Looks::code, Looks::unknown})
            for (const auto steadiness : {Steadiness::steady, Steadiness::written})
              for (const auto size : sizes)
                for (const auto& measured : digests)
                  visit(GateQuestion{access, asker, kind, place, looks, steadiness, size, measured});
}

std::vector<std::vector<ListedFile>> small_sets() {
  const std::vector<ListedFile> all{listed(1, 1), listed(1, 2), listed(2, 1), listed((1ULL << 32U) + 1, 2)};
  std::vector<std::vector<ListedFile>> sets;
  for (unsigned chosen = 0; chosen < 1U << all.size(); ++chosen) {
    std::vector<ListedFile> set;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if ((chosen >> i & 1U) != 0) set.push_back(all[i]);
    }
    sets.push_back(sorted(std::move(set)));
  }
  return sets;
}

bool contains(const std::vector<ListedFile>& set, const GateQuestion& question) {
  return question.digest && std::any_of(set.begin(), set.end(), [&](const ListedFile& file) {
           return file.size == question.size && std::ranges::equal(file.digest, question.digest->bytes());
         });
}

TEST(GateTest, NothingOutsideOfTheSetIsEverExecutedInEnforceMode) {
  int allowed = 0;
  for (const auto& set : small_sets()) {
    every_question({0, 1, 2, (1ULL << 32U) + 1}, [&](const GateQuestion& question) {
      if (question.access != Access::execute) return;
      const auto verdict = decide(question, ListedFiles(set), GateMode::enforce);
      if (verdict.answer == GateAnswer::deny) return;
      ++allowed;
      EXPECT_TRUE(contains(set, question));
      EXPECT_EQ(question.kind, FileKind::regular);
      EXPECT_EQ(question.steadiness, Steadiness::steady);
      EXPECT_EQ(verdict.reason, GateReason::listed);
    });
  }
  EXPECT_GT(allowed, 0);
}

// A service opens what is listed, what is no file, and plain data from where nothing can be executed. Who
// cannot be told is treated as a service.
TEST(GateTest, AServiceOpensNothingElseThanListedFilesAndPlainData) {
  for (const auto& set : small_sets()) {
    every_question({0, 1, 2, (1ULL << 32U) + 1}, [&](const GateQuestion& question) {
      if (question.access != Access::open || question.asker == Asker::other) return;
      const bool plain_data = question.place == Place::data && question.looks == Looks::plain;
      const bool steady = question.steadiness == Steadiness::steady;
      const bool may = question.kind == FileKind::other || plain_data || (contains(set, question) && steady);
      const auto verdict = decide(question, ListedFiles(set), GateMode::enforce);
      EXPECT_EQ(verdict.answer == GateAnswer::allow, may) << word(verdict.reason);
    });
  }
}

TEST(GateTest, ObserveModeAllowsEverythingAndSaysWhatEnforceModeWouldSay) {
  for (const auto& set : small_sets()) {
    every_question({0, 1}, [&](const GateQuestion& question) {
      const auto observed = decide(question, ListedFiles(set), GateMode::observe);
      const auto enforced = decide(question, ListedFiles(set), GateMode::enforce);
      EXPECT_EQ(observed.answer, GateAnswer::allow);
      EXPECT_EQ(observed.reason, enforced.reason);
      EXPECT_EQ(permits(observed.reason), enforced.answer == GateAnswer::allow);
    });
  }
}

// What need() does not ask for cannot change the answer.
TEST(GateTest, NeedAsksForWhateverTheDecisionRestsOn) {
  for (const auto& set : small_sets()) {
    const ListedFiles files(set);
    every_question({0, 1, 2}, [&](GateQuestion question) {
      question.looks = Looks::unknown;
      const auto measured = question.digest;
      question.digest.reset();
      if (need(question, files) != Need::nothing) return;
      const auto without = reason_of(question, files);
      question.digest = measured;
      EXPECT_EQ(reason_of(question, files), without);
    });
  }
}

// M40: sizes that are equal modulo 2^32 are different sizes.
TEST(GateTest, M40_SizesBeyond32BitsAreCompared) {
  const auto set = sorted({listed(7, 1)});
  GateQuestion question{
      Access::execute, Asker::service, FileKind::regular, Place::code, Looks::unknown, Steadiness::steady, 7,
      digest(1)};
  EXPECT_EQ(reason_of(question, ListedFiles(set)), GateReason::listed);
  question.size = (1ULL << 32U) + 7;
  EXPECT_EQ(reason_of(question, ListedFiles(set)), GateReason::unlisted);
  EXPECT_EQ(need(question, ListedFiles(set)), Need::nothing);
}

// M14, M17: there is nothing in a question that a path or a process's own name could be put into. What is
// compared is whole.
TEST(GateTest, M14_EveryByteOfADigestIsCompared) {
  const auto set = sorted({listed(1, 1)});
  for (std::size_t at = 0; at < FileDigest::size; ++at) {
    auto bytes = listed(1, 1).digest;
    bytes.at(at) ^= 1U;
    EXPECT_FALSE(ListedFiles(set).has(1, FileDigest(bytes))) << at;
  }
  EXPECT_TRUE(ListedFiles(set).has(1, digest(1)));
}

TEST(GateTest, ProcessesAreKnownByTheirGroup) {
  const std::vector<std::uint64_t> groups{5, 7};
  EXPECT_EQ(asker_of(7, groups), Asker::service);
  EXPECT_EQ(asker_of(6, groups), Asker::other);
  EXPECT_EQ(asker_of(std::nullopt, groups), Asker::unknown);
}

// M27: an empty set lets nothing run, and nobody takes it for "all".
TEST(GateTest, M27_AnEmptySetListsNothing) {
  every_question({0, 1}, [](const GateQuestion& question) {
    EXPECT_NE(reason_of(question, ListedFiles({})), GateReason::listed);
  });
}

// Lines as a node records them. A line of the file is "<listed size>:<digest of bytes of> …" or a trace, whose
// verdict must be ours under the set named last.
TEST(GateTest, RecordedTracesGiveTheSameVerdicts) {
  std::ifstream file(source_file("tests/vectors/gate.txt"));
  std::vector<ListedFile> set;
  int traces = 0;
  for (std::string text; std::getline(file, text);) {
    if (text.empty() || text.front() == '#') continue;
    if (text.starts_with("set")) {
      set.clear();
      continue;
    }
    if (text.starts_with("listed ")) {
      const auto trace = parse_trace("enforce execute service regular code plain steady " + text.substr(7) +
                                     " allow listed");
      ASSERT_TRUE(trace.ok()) << text;
      ListedFile entry{trace.value().question.size, {}};
      std::ranges::copy(trace.value().question.digest.value().bytes(), entry.digest.begin());
      set.push_back(entry);
      set = sorted(set);
      continue;
    }
    const auto trace = parse_trace(text);
    ASSERT_TRUE(trace.ok()) << text;
    const auto verdict = decide(trace.value().question, ListedFiles(set), trace.value().mode);
    EXPECT_EQ(verdict, trace.value().verdict) << text << ", and we say " << word(verdict.reason);
    EXPECT_EQ(print_trace(trace.value()), text);
    ++traces;
  }
  EXPECT_GE(traces, 16);
}

TEST(TimeToAnswer, GrowsWithTheFile) {
  EXPECT_EQ(time_to_answer(0), 2000U);
  EXPECT_EQ(time_to_answer((1U << 26U) - 1), 2000U);
  EXPECT_EQ(time_to_answer(1ULL << 32U), 2000U + 64 * 1000);
}

// The host's baseline says nothing of the node's file system, and nothing to a service.
TEST(GateDecision, TheBaselineCountsOnTheHostAloneAndForNoService) {
  const std::vector<ListedFile> of_node{listed(1, 1)};
  const std::vector<ListedFile> of_host{listed(2, 1)};
  int allowed = 0;
  every_question({1, 2}, [&](const GateQuestion& question) {
    if (question.access != Access::execute) return;
    const auto files = listed_for(question, of_node, of_host);
    const auto verdict = decide(question, files, GateMode::enforce);
    const bool in_host = contains(of_host, question);
    const bool right_place = question.place == Place::host && question.asker != Asker::service;
    const bool may = question.kind == FileKind::regular && question.steadiness == Steadiness::steady &&
                     (contains(of_node, question) || (in_host && right_place));
    EXPECT_EQ(verdict.answer == GateAnswer::allow, may)
        << print_trace({GateMode::enforce, question, verdict});
    if (may && in_host) ++allowed;
  });
  EXPECT_GT(allowed, 0);
}

TEST(GateDecision, TheHostHasAModeOfItsOwn) {
  every_question({1}, [&](const GateQuestion& question) {
    const bool on_host = question.place == Place::host;
    EXPECT_EQ(mode_for(question, GateMode::enforce, GateMode::observe) == GateMode::observe, on_host);
    EXPECT_EQ(mode_for(question, GateMode::observe, GateMode::enforce) == GateMode::enforce, on_host);
  });
}

}  // namespace
}  // namespace sallyport::gate
