// SPDX-License-Identifier: Apache-2.0
// Plans, run on a model of a node, and cut short between any two steps.
#include "core/install/plan.h"

#include <gtest/gtest.h>

#include "core/base/overloaded.h"
#include "core/install/history_for_test.h"

namespace sallyport::install {
namespace {

using history::at;
using history::origin;

// A node as far as plans see it: names below generations/, the link, what runs.
struct Model {
  history::Writer journal;
  std::set<std::string> generations;
  std::set<GenerationNumber> whole;  // those that have their files
  std::set<std::string> cleared;
  GenerationNumber active = 0;
  GenerationNumber runs = 0;
  bool incoming = false;

  State state() const { return fold(journal.journal).value(); }
  Found found() const {
    Found found{{}, generations, {}};
    if (active != 0) found.active = generation_path(active);
    if (incoming) found.leftovers.insert("incoming");
    return found;
  }
  std::string complete(GenerationNumber n) const { return std::to_string(n); }

  void drop(const std::string& path) {
    if (path == "incoming") incoming = false;
    if (!path.starts_with("generations/")) return;
    EXPECT_TRUE(cleared.contains(path)) << path << " would leave its objects behind";
    generations.erase(path.substr(12));
    if (!path.ends_with(".partial")) whole.erase(std::stoull(path.substr(12)));
  }
  void collect(const Collect& step) {
    const auto n = std::get<Collected>(step.record.what).generation;
    EXPECT_NE(n, active) << "the active generation would go";
    EXPECT_EQ(state().find(n)->storage, Storage::going) << "before the journal says so";
    whole.erase(n);
    journal.add(step.record.what);
  }
  void carry(const CarryConfig& step) {
    EXPECT_TRUE(whole.contains(step.to)) << "there are no defaults yet";
    EXPECT_NE(step.to, active) << "the configuration of what runs would be made anew";
    EXPECT_EQ(step.from, active) << "not the configuration of what runs";
    EXPECT_FALSE(state().switching) << "a decision of the operator would wait with nothing running";
  }
  void point(GenerationNumber n) {
    EXPECT_TRUE(n == 0 || whole.contains(n)) << "active would name nothing";
    active = n;
  }
  void start(GenerationNumber n) {
    EXPECT_EQ(active, n) << "starting what is not active";
    EXPECT_TRUE(runs == 0 || runs == n) << "two generations run";
    runs = n;
  }
  void stop(GenerationNumber n) {
    if (runs == n) runs = 0;
  }
  void reveal(GenerationNumber n) {
    EXPECT_EQ(generations.erase(std::to_string(n) + ".partial"), 1U);
    generations.insert(std::to_string(n));
    whole.insert(n);
  }

  void run(const Step& step) {
    std::visit(
        Overloaded{[&](const Drop& s) { drop(s.path); }, [&](const Clear& s) { cleared.insert(s.folder); },
                   [&](const Collect& s) { collect(s); }, [&](const Write& s) { journal.add(s.record.what); },
                   [&](const Unpack& s) { generations.insert(std::to_string(s.generation) + ".partial"); },
                   [&](const SyncAll&) {}, [&](const ReadBack&) {}, [&](const Share&) {},
                   [&](const Reveal& s) { reveal(s.generation); },
                   [&](const Verify& s) { EXPECT_TRUE(whole.contains(s.generation)); },
                   [&](const Stop& s) { stop(s.generation); }, [&](const Start& s) { start(s.generation); },
                   [&](const AwaitHealth&) {}, [&](const CarryConfig& s) { carry(s); },
                   [&](const Restart& s) { start(s.generation); },
                   [&](const Point& s) { point(s.generation); }},
        step);
  }
  void run(const Steps& steps) {
    for (const auto& step : steps) run(step);
  }
  void run_first(const Steps& steps, std::size_t count) {
    for (std::size_t i = 0; i < count && i < steps.size(); ++i) run(steps[i]);
  }
  void install(std::uint64_t order) {
    incoming = true;
    run(plan_install(state(), origin(order), at()));
  }
  void power_cut() { runs = 0; }
};

// What holds whenever no command is at work.
void expect_settled(const Model& model, GenerationNumber active) {
  EXPECT_EQ(model.state().active, active);
  EXPECT_EQ(model.active, active);
  EXPECT_FALSE(model.state().switching);
  EXPECT_FALSE(model.incoming);
  for (const auto& name : model.generations) EXPECT_FALSE(name.ends_with(".partial")) << name;
  std::set<GenerationNumber> kept;
  for (const auto& [number, generation] : model.state().generations) {
    if (is_kept(generation)) kept.insert(number);
  }
  EXPECT_EQ(model.whole, kept);
  EXPECT_TRUE(recover(model.state(), model.found(), at()).empty());
}

Model with_generations(GenerationNumber count) {
  Model model;
  for (GenerationNumber n = 1; n <= count; ++n) model.install(n);
  return model;
}

TEST(Plan, InstallsOneAfterTheOther) {
  const auto model = with_generations(3);
  expect_settled(model, 3);
  EXPECT_EQ(model.runs, 3U);
  EXPECT_EQ(model.generations, (std::set<std::string>{"1", "2", "3"}));  // of the first: papers
  EXPECT_EQ(model.whole, (std::set<GenerationNumber>{2, 3}));
  EXPECT_EQ(model.state().previous()->number, 2U);
  EXPECT_EQ(floors_of(model.state()).sequence, 3U);
}

TEST(Plan, BurnsTheOrderBeforeAnythingElse) {
  const auto steps = plan_install(with_generations(1).state(), origin(2), at());
  EXPECT_EQ(describe(steps.front()), "write into the journal: begun, generation 2");
}

TEST(Plan, RollsBackWithoutLoweringTheFloor) {
  auto model = with_generations(2);
  model.run(plan_rollback(model.state(), 1, at()));
  expect_settled(model, 1);
  EXPECT_EQ(floors_of(model.state()).counters.begin()->second, 2U);
  EXPECT_EQ(model.state().previous(), nullptr);
  EXPECT_EQ(model.whole, (std::set<GenerationNumber>{1, 2}));  // forward again is possible
  model.install(3);
  expect_settled(model, 3);
  EXPECT_EQ(model.state().previous()->number, 1U);  // what ran before, not what was left for its faults
  EXPECT_EQ(model.whole, (std::set<GenerationNumber>{1, 3}));
}

TEST(Plan, ALongHistoryKeepsTwoGenerationsAndAllPapers) {
  const auto model = with_generations(40);
  expect_settled(model, 40);
  EXPECT_EQ(model.whole, (std::set<GenerationNumber>{39, 40}));
  EXPECT_EQ(model.generations.size(), 40U);
  EXPECT_EQ(floors_of(model.state()).counters.begin()->second, 40U);
  EXPECT_EQ(facts_of(model.state(), floors_of(model.state()), "x86_64").spent.orders.size(), 40U);
}

TEST(Plan, WhatIsBeingInstalledIsNotCollected) {
  auto model = with_generations(3);
  const auto steps = plan_install(model.state(), origin(4), at());
  model.run_first(steps, 6);  // installed
  model.power_cut();
  model.run(recover(model.state(), model.found(), at()));
  model.run(plan_rollback(model.state(), 2, at()));
  EXPECT_EQ(model.whole, (std::set<GenerationNumber>{2, 3, 4}));
  EXPECT_EQ(model.state().unfinished()->number, 4U);
}

TEST(Plan, AFailedActivationIsOverForGood) {
  auto model = with_generations(1);
  const auto steps = plan_install(model.state(), origin(2), at());
  model.run_first(steps, steps.size() - 2);  // all but confirmed
  ASSERT_TRUE(model.state().switching);
  model.run(plan_fallback(model.state(), Code::health_failed, at()));
  expect_settled(model, 1);
  EXPECT_EQ(model.runs, 1U);
  EXPECT_EQ(model.generations, std::set<std::string>{"1"});
  const auto facts = facts_of(model.state(), floors_of(model.state()), "x86_64");
  EXPECT_FALSE(facts.spent.unfinished);
  EXPECT_TRUE(facts.spent.orders.contains(origin(2).order));
  EXPECT_EQ(facts.counter_floors.begin()->second, 1U);
}

// At every step of an installation: cut, cut again at every step of the recovery, recover, finish.
void cut_everywhere(const Model& before, const Steps& steps, std::uint64_t order) {
  const auto old = before.state().active;
  for (std::size_t cut = 0; cut <= steps.size(); ++cut) {
    for (std::size_t second = 0;; ++second) {
      Model model = before;
      model.incoming = true;
      model.run_first(steps, cut);
      model.power_cut();
      const auto mending = recover(model.state(), model.found(), at());
      model.run_first(mending, second);
      model.power_cut();
      model.run(recover(model.state(), model.found(), at()));
      const auto target = model.state().next_number() - 1;
      const bool confirmed = model.state().active != old;
      expect_settled(model, confirmed ? target : old);
      if (!confirmed) model.install(order);
      expect_settled(model, model.state().next_number() - 1);
      std::size_t burnt = 0;
      for (const auto& record : model.journal.journal.records) {
        const auto* begun = std::get_if<Begun>(&record.what);
        if (begun != nullptr && begun->origin == origin(order)) ++burnt;
      }
      EXPECT_EQ(burnt, 1U);
      if (testing::Test::HasFailure()) FAIL() << "cut after " << cut << " and " << second;
      if (second > mending.size()) break;
    }
  }
}

TEST(PlanAttack, K01_EveryPrefixOfAnInstallationIsOldOrNew) {
  for (GenerationNumber count = 0; count <= 3; ++count) {
    const auto before = with_generations(count);
    cut_everywhere(before, plan_install(before.state(), origin(count + 1), at()), count + 1);
  }
}

TEST(PlanAttack, K08_EveryPrefixOfAFinishedRetryIsOldOrNew) {
  const auto before = with_generations(1);
  const auto steps = plan_install(before.state(), origin(2), at());
  for (std::size_t cut = 1; cut < steps.size(); ++cut) {
    Model interrupted = before;
    interrupted.run_first(steps, cut);
    interrupted.power_cut();
    interrupted.run(recover(interrupted.state(), interrupted.found(), at()));
    if (interrupted.state().active == 2) continue;
    cut_everywhere(interrupted, plan_install(interrupted.state(), origin(2), at()), 2);
  }
}

TEST(PlanAttack, K09_AnotherOrderGivesTheUnfinishedOneUp) {
  const auto before = with_generations(1);
  const auto steps = plan_install(before.state(), origin(2), at());
  for (std::size_t cut = 1; cut < steps.size() - 2; ++cut) {
    Model model = before;
    model.run_first(steps, cut);
    model.power_cut();
    model.run(recover(model.state(), model.found(), at()));
    model.install(7);
    expect_settled(model, 3);
    EXPECT_EQ(model.generations, (std::set<std::string>{"1", "3"}));
    EXPECT_EQ(model.state().find(2)->stage, Stage::failed);
  }
}

TEST(PlanAttack, EveryPrefixOfARollbackIsOldOrNew) {
  const auto before = with_generations(3);
  const auto steps = plan_rollback(before.state(), 2, at());
  for (std::size_t cut = 0; cut <= steps.size(); ++cut) {
    Model model = before;
    model.run_first(steps, cut);
    model.power_cut();
    model.run(recover(model.state(), model.found(), at()));
    expect_settled(model, cut == steps.size() ? 2 : 3);
    EXPECT_EQ(model.whole, (std::set<GenerationNumber>{2, 3}));
  }
}

TEST(PlanAttack, EveryPrefixOfAFallbackReturnsToTheOldOne) {
  const auto before = with_generations(1);
  const auto steps = plan_install(before.state(), origin(2), at());
  Model sick = before;
  sick.run_first(steps, steps.size() - 2);
  const auto back = plan_fallback(sick.state(), Code::health_failed, at());
  for (std::size_t cut = 0; cut <= back.size(); ++cut) {
    Model model = sick;
    model.run_first(back, cut);
    model.power_cut();
    model.run(recover(model.state(), model.found(), at()));
    expect_settled(model, 1);
  }
}

TEST(PlanAttack, K07_AReleaseThatTakesTheNodeDownIsNotTriedForEver) {
  auto model = with_generations(1);
  for (std::uint32_t i = 0; i < interruptions_max; ++i) {
    ASSERT_TRUE(i == 0 || model.state().unfinished() != nullptr);
    const auto steps = plan_install(model.state(), origin(2), at());
    model.run_first(steps, steps.size() - 2);
    model.power_cut();
    model.run(recover(model.state(), model.found(), at()));
    expect_settled(model, 1);
  }
  EXPECT_EQ(model.state().unfinished(), nullptr);
  EXPECT_EQ(model.state().find(2)->stage, Stage::fallback);
  EXPECT_EQ(model.generations, std::set<std::string>{"1"});
}

TEST(PlanAttack, AForeignActiveLinkIsPutRight) {
  auto model = with_generations(2);
  auto found = model.found();
  found.active = "../../elsewhere";
  const auto steps = recover(model.state(), found, at());
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(describe(steps[0]), "point active at generations/2");
}

}  // namespace
}  // namespace sallyport::install
