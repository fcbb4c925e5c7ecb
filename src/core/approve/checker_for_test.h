// SPDX-License-Identifier: Apache-2.0
// Walks every history of the model, the short ones first, so that the first that breaks an invariant is a shortest one.
#pragma once

#include <optional>
#include <string>

#include "core/approve/invariants_for_test.h"

namespace sallyport::approve::model {

struct Counterexample {
  std::string world;
  History history;
  std::string what;

  std::string text(const World& in) const {
    std::string all = world + ": ";
    for (const auto& step : history) all += describe(in, step) + "; ";
    return all + what;
  }
};

enum class Prune : std::uint8_t { refused, nothing };

class Checker {
 public:
  Checker(const World& world, const Decision& decision, Prune prune = Prune::refused)
      : world_(world), decision_(decision), prune_(prune), steps_(steps_of(world)) {}

  // Every history of at most `length` steps, the short ones first.
  std::optional<Counterexample> run(std::size_t length) {
    for (std::size_t size = 0; size <= length && !found_; ++size) {
      History history;
      visit(history, Earlier::unused, size);
    }
    return found_;
  }
  std::size_t histories() const { return histories_; }
  std::size_t granted() const { return granted_; }

 private:
  // Histories that are longer than this one by `more` steps are judged; this one only if none is missing.
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the history may get longer
  void visit(History& history, Earlier earlier, std::size_t more) {
    const auto answer = decision_(world_, history, earlier);
    if (more == 0) return judge(history, earlier, answer);
    if (prune_ == Prune::refused && answer == Answer::refused && !history.empty()) return;
    for (const auto& step : steps_) {
      const bool uses = step.what == What::use && answer == Answer::granted;
      history.push_back(step);
      visit(history, uses ? Earlier::used : earlier, more - 1);
      history.pop_back();
      if (found_) return;
    }
  }
  void judge(const History& history, Earlier earlier, Answer answer) {
    ++histories_;
    if (answer == Answer::granted) ++granted_;
    const auto obstacle = Invariants(world_, history, earlier).violated_by_granting();
    if (obstacle.empty() == (answer == Answer::granted)) return;
    found_ = {world_.name, history, obstacle.empty() ? "not granted, although the rule is met" : obstacle};
  }

  const World& world_;
  const Decision& decision_;
  Prune prune_;
  std::vector<Step> steps_;
  std::size_t histories_ = 0;
  std::size_t granted_ = 0;
  std::optional<Counterexample> found_;
};

}  // namespace sallyport::approve::model
