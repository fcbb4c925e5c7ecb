// SPDX-License-Identifier: Apache-2.0
#include "core/install/plan.h"

namespace sallyport::install {
namespace {

void add(Steps& steps, const Steps& more) {
  steps.insert(steps.end(), more.begin(), more.end());
}

std::string number(GenerationNumber generation) {
  return std::to_string(generation);
}

Steps put_on_disk(GenerationNumber generation, Instant at) {
  return {Unpack{generation}, ReadBack{generation}, Share{generation}, Reveal{generation},
          Write{Record{at, Installed{generation}}}};
}

Steps activate(GenerationNumber from, GenerationNumber to, Instant at) {
  return {Write{Record{at, Activating{to, from}}}, Stop{from}, Point{to},
          Write{Record{at, Activated{to}}},        Start{to},  AwaitHealth{to},
          Write{Record{at, Confirmed{to}}}};
}

// Takes folders away with all that they have put into the store. The sync between the two is what lets a second try
// find the rest after a power cut: what names the objects outlasts them.
void discard(Steps& steps, const std::vector<std::string>& folders) {
  if (folders.empty()) return;
  for (const auto& folder : folders) steps.emplace_back(Clear{folder});
  steps.emplace_back(SyncAll{});
  for (const auto& folder : folders) steps.emplace_back(Drop{folder});
}

Steps give_up(GenerationNumber generation, Code code, Instant at) {
  Steps steps{Write{Record{at, Failed{generation, code}}}};
  discard(steps, {partial_path(generation), generation_path(generation)});
  return steps;
}

bool may_go(const State& state, const Generation& generation) {
  const auto n = generation.number;
  const auto* previous = state.previous();
  const bool wanted =
      n == state.active || n == state.before || (previous != nullptr && n == previous->number);
  return generation.confirmed_at && !wanted && !(state.switching && n == state.switching->to);
}

void collect(Steps& steps, const State& state, Instant at) {
  for (const auto& [n, generation] : state.generations) {
    const bool going = generation.storage == Storage::going;
    if (!going && (generation.storage == Storage::gone || !may_go(state, generation))) continue;
    if (!going) steps.emplace_back(Write{Record{at, Collecting{n}}});
    steps.emplace_back(Collect{Record{at, Collected{n}}});
  }
}

// What there will be to collect once the generation is confirmed.
void collect_after(Steps& steps, const State& state, GenerationNumber confirmed, Instant at) {
  State after = state;
  after.before = state.active;
  after.active = confirmed;
  collect(steps, after, at);
}

// Whether generations/<name> is what the journal expects to be there.
bool belongs(const State& state, const std::string& name) {
  for (const auto& [key, generation] : state.generations) {
    if (name == number(key)) return is_kept(generation) || generation.confirmed_at;
  }
  return false;
}

bool points_at(const Found& found, GenerationNumber generation) {
  if (generation == 0) return !found.active.has_value();
  return found.active == generation_path(generation);
}

// Steps that end a switch: the old one is the node's generation again.
Steps go_back(const State& state, const Record& closing) {
  const auto [from, to] = *state.switching;
  return {Stop{to}, Point{from}, Restart{from}, Write{closing}};
}

}  // namespace

Steps plan_install(const State& state, const Origin& origin, Instant at) {
  Steps steps;
  GenerationNumber target = state.next_number();
  const auto* open = state.unfinished();
  if (open != nullptr && open->origin.order == origin.order) {
    target = open->number;
    if (open->stage == Stage::begun) {
      add(steps, put_on_disk(target, at));
    } else {
      steps.emplace_back(Verify{target});
    }
  } else {
    if (open != nullptr) add(steps, give_up(open->number, Code::order_superseded, at));
    steps.emplace_back(Write{Record{at, Begun{target, origin}}});
    add(steps, put_on_disk(target, at));
  }
  // Before anything is stopped: where the operator has to decide first, the old generation never noticed. A
  // generation that is returned to has the configuration that it had.
  steps.emplace_back(CarryConfig{state.active, target});
  add(steps, activate(state.active, target, at));
  steps.emplace_back(Drop{"incoming"});
  collect_after(steps, state, target, at);
  return steps;
}

Steps plan_rollback(const State& state, GenerationNumber to, Instant at) {
  Steps steps{Verify{to}};
  add(steps, activate(state.active, to, at));
  collect_after(steps, state, to, at);
  return steps;
}

Steps plan_fallback(const State& state, Code code, Instant at) {
  const auto to = state.switching->to;
  Steps steps = go_back(state, Record{at, Fallback{to, code}});
  const auto* generation = state.find(to);
  if (!generation->confirmed_at) discard(steps, {generation_path(to)});
  steps.emplace_back(Drop{"incoming"});
  return steps;
}

Steps plan_failure(const State& state, Code code, Instant at) {
  Steps steps = give_up(state.unfinished()->number, code, at);
  steps.emplace_back(Drop{"incoming"});
  return steps;
}

Steps recover(const State& state, const Found& found, Instant at) {
  Steps steps;
  std::optional<GenerationNumber> lost;
  if (state.switching) {
    const auto* generation = state.find(state.switching->to);
    const bool too_often = generation->interruptions + 1 >= interruptions_max;
    if (too_often && !generation->confirmed_at) lost = generation->number;
    const auto to = generation->number;
    add(steps,
        go_back(state, lost ? Record{at, Fallback{to, Code::health_failed}} : Record{at, Interrupted{to}}));
  } else if (!points_at(found, state.active)) {
    steps.emplace_back(Point{state.active});
  }
  std::vector<std::string> astray;
  for (const auto& name : found.generations) {
    const bool stays = belongs(state, name) && !(lost && name == number(*lost));
    if (!stays) astray.push_back("generations/" + name);
  }
  discard(steps, astray);
  for (const auto& path : found.leftovers) steps.emplace_back(Drop{path});
  collect(steps, state, at);
  return steps;
}

}  // namespace sallyport::install
