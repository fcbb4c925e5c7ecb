// SPDX-License-Identifier: Apache-2.0
#include "core/install/state.h"

#include <algorithm>
#include <array>

namespace sallyport::install {
namespace {

Error impossible(const Record& record, const std::string& why) {
  return {Code::node_state_damaged, "journal", "records that follow from each other",
          std::string(word(record.what)) + ": " + why};
}

// Applies one record to a state; one overload for each kind.
struct Apply {
  State& state;
  const Record& record;

  Result<Generation*> known(GenerationNumber number) const {
    const auto found = state.generations.find(number);
    if (found == state.generations.end()) return impossible(record, "an unknown generation");
    return &found->second;
  }
  Result<Generation*> in_stage(GenerationNumber number, Stage stage) const {
    auto* generation = TRY(known(number));
    if (generation->stage != stage) {
      return impossible(record, "the generation is " + std::string(word(generation->stage)));
    }
    return generation;
  }
  Result<Generation*> switching_to(GenerationNumber number) const {
    if (!state.switching || state.switching->to != number) return impossible(record, "no such activation");
    return in_stage(number, Stage::activating);
  }

  Result<void> operator()(const Initialised&) const { return impossible(record, "a second time"); }
  Result<void> operator()(const Begun& begun) const {
    if (state.switching || state.unfinished() != nullptr) return impossible(record, "another is unfinished");
    if (begun.generation != state.next_number()) return impossible(record, "not the next generation");
    for (const auto& [number, generation] : state.generations) {
      if (generation.origin.order == begun.origin.order) return impossible(record, "an order a second time");
    }
    state.generations.emplace(
        begun.generation,
        Generation{begun.generation, begun.origin, record.at, Stage::begun, state.policy(), {}, 0, {}});
    return {};
  }
  Result<void> operator()(const Installed& installed) const {
    TRY(in_stage(installed.generation, Stage::begun))->stage = Stage::installed;
    return {};
  }
  Result<void> operator()(const Activating& activating) const {
    auto* generation = TRY(known(activating.generation));
    const bool ready = generation->stage == Stage::installed ||
                       (generation->stage == Stage::confirmed && generation->storage == Storage::whole);
    if (!ready || state.switching || activating.from != state.active ||
        activating.generation == state.active) {
      return impossible(record, "not ready for it");
    }
    generation->stage = Stage::activating;
    state.switching = Switching{activating.from, activating.generation};
    return {};
  }
  Result<void> operator()(const Activated& activated) const {
    TRY(switching_to(activated.generation));
    return {};
  }
  Result<void> operator()(const Confirmed& confirmed) const {
    auto* generation = TRY(switching_to(confirmed.generation));
    generation->stage = Stage::confirmed;
    generation->confirmed_at = record.at;
    state.held.clear();  // they have been started, and were healthy
    state.before = state.active;
    state.active = confirmed.generation;
    state.switching.reset();
    return {};
  }
  Result<void> operator()(const Interrupted& interrupted) const {
    auto* generation = TRY(switching_to(interrupted.generation));
    generation->stage = generation->confirmed_at ? Stage::confirmed : Stage::installed;
    ++generation->interruptions;
    state.switching.reset();
    return {};
  }
  Result<void> operator()(const Fallback& fallback) const {
    auto* generation = TRY(switching_to(fallback.generation));
    generation->stage = generation->confirmed_at ? Stage::confirmed : Stage::fallback;
    generation->code = fallback.code;
    state.switching.reset();
    return {};
  }
  Result<void> operator()(const Failed& failed) const {
    auto* generation = TRY(known(failed.generation));
    if (generation->stage != Stage::begun && generation->stage != Stage::installed) {
      return impossible(record, "the generation is " + std::string(word(generation->stage)));
    }
    generation->stage = Stage::failed;
    generation->code = failed.code;
    return {};
  }
  Result<void> operator()(const Collecting& collecting) const {
    auto* generation = TRY(in_stage(collecting.generation, Stage::confirmed));
    if (generation->storage != Storage::whole || generation->number == state.active || state.switching) {
      return impossible(record, "it is not to be collected");
    }
    generation->storage = Storage::going;
    return {};
  }
  Result<void> operator()(const Collected& collected) const {
    auto* generation = TRY(in_stage(collected.generation, Stage::confirmed));
    if (generation->storage != Storage::going) return impossible(record, "it is not being collected");
    generation->storage = Storage::gone;
    return {};
  }
  Result<void> operator()(const Held& held) const {
    if (state.held.insert(held.service).second) return {};
    return impossible(record, "a service that is held");
  }
  Result<void> operator()(const Released& released) const {
    if (state.held.erase(released.service) == 1) return {};
    return impossible(record, "a service that is not held");
  }
  Result<void> operator()(const PolicyChanged& changed) const {
    if (std::ranges::find(state.policies, changed.policy) != state.policies.end()) {
      return impossible(record, "a policy a second time");
    }
    // The journal does not know the version of the policy that was pinned; there is none before 1.
    const bool next =
        state.policy_version ? changed.version == *state.policy_version + 1 : changed.version > 1;
    if (!next) return impossible(record, "not the next version");
    state.policy_version = changed.version;
    state.policies.push_back(changed.policy);
    return {};
  }
  Result<void> operator()(const OrderStopped& stop) const {
    if (state.stopped.insert(stop.order).second) return {};
    return impossible(record, "an order a second time");
  }
  Result<void> operator()(const TimeSeen& seen) const {
    if (state.time_seen && seen.time <= *state.time_seen) return impossible(record, "not later than before");
    state.time_seen = seen.time;
    return {};
  }
  Result<void> operator()(const RootTrusted& trusted) const {
    auto& known = state.repository;
    if (!known) {
      known = Repository{trusted.version, trusted.root, {}, 0};
      return {};
    }
    if (trusted.version != known->version + 1) return impossible(record, "not the next root");
    const bool anew = trusted.versions == RootTrusted::Versions::begin_anew;
    known = Repository{trusted.version, trusted.root, known->root, anew ? 0 : known->snapshot};
    return {};
  }
  Result<void> operator()(const RepositorySeen& seen) const {
    if (!state.repository || seen.snapshot <= state.repository->snapshot)
      return impossible(record, "not later than before");
    state.repository->snapshot = seen.snapshot;
    return {};
  }
  Result<void> operator()(const BaselineTaken& taken) const {
    if (state.baseline && taken.number <= state.baseline->number)
      return impossible(record, "not higher than before");
    state.baseline = TakenBaseline{taken.number, taken.baseline, state.policy(), record.at};
    return {};
  }
  Result<void> operator()(const RecallTaken& taken) const {
    for (const auto& before : state.recalls) {
      if (before.identity == taken.recall) return impossible(record, "a recall a second time");
    }
    state.recalls.push_back({taken.sequence, taken.recall, state.policy(), record.at});
    return {};
  }
  Result<void> operator()(const BreakGlass& used) const {
    if (state.break_glass.emplace(used.order, used.reason).second) return {};
    return impossible(record, "an order a second time");
  }
  Result<void> operator()(const ListSeen& seen) const {
    const auto [known, is_new] = state.lists_seen.try_emplace(seen.series, seen.number);
    if (is_new) return {};
    if (seen.number <= known->second) return impossible(record, "not higher than before");
    known->second = seen.number;
    return {};
  }
};

}  // namespace

std::string_view word(Stage stage) {
  constexpr std::array<std::string_view, 6> words{"begun",     "installed", "activating",
                                                  "confirmed", "fallback",  "failed"};
  return words.at(static_cast<std::size_t>(stage));
}

bool is_kept(const Generation& generation) {
  if (generation.confirmed_at) return generation.storage == Storage::whole;
  return generation.stage == Stage::installed || generation.stage == Stage::activating;
}

const Generation* State::find(GenerationNumber number) const {
  const auto found = generations.find(number);
  return found == generations.end() ? nullptr : &found->second;
}

const Generation* State::unfinished() const {
  if (generations.empty()) return nullptr;
  const auto& last = generations.rbegin()->second;
  const bool over = last.confirmed_at || last.stage == Stage::fallback || last.stage == Stage::failed;
  return over ? nullptr : &last;
}

const Generation* State::previous() const {
  const auto fits = [&](const Generation& one) {
    return one.number < active && one.confirmed_at && one.storage == Storage::whole;
  };
  const auto* ran = find(before);
  if (ran != nullptr && fits(*ran)) return ran;
  const Generation* best = nullptr;
  for (const auto& [number, generation] : generations) {
    if (fits(generation)) best = &generation;
  }
  return best;
}

GenerationNumber State::next_number() const {
  return generations.empty() ? 1 : generations.rbegin()->first + 1;
}

Result<void> apply(State& state, const Record& record, const Link& link) {
  TRY(std::visit(Apply{state, record}, record.what));
  ++state.records;
  state.link = link;
  return {};
}

Result<State> fold(const Journal& journal) {
  if (journal.records.empty() || !std::holds_alternative<Initialised>(journal.records.front().what)) {
    return Error(Code::node_state_damaged, "journal", "a first record that names the node",
                 "another, or none");
  }
  State state{std::get<Initialised>(journal.records.front().what), {}, 0, {}, 1, journal.links.front()};
  for (std::size_t i = 1; i < journal.records.size(); ++i) {
    TRY(apply(state, journal.records[i], journal.links[i]).within("journal, line " + std::to_string(i + 1)));
  }
  return state;
}

namespace {

void raise(Floors& floors, const std::string& origin, const tlog::Head& head) {
  const auto known = floors.logs.try_emplace(origin, head).first;
  if (head.size > known->second.size) known->second = head;
}

}  // namespace

Floors floors_of(const State& state) {
  Floors floors;
  floors.time = state.time_seen;
  floors.lists = state.lists_seen;
  if (state.baseline) floors.baseline = state.baseline->number;
  for (const auto& taken : state.recalls) floors.recall = std::max(floors.recall, taken.sequence);
  for (const auto& [number, generation] : state.generations) {
    floors.sequence = std::max(floors.sequence, generation.origin.sequence);
    if (const auto& log = generation.origin.log) raise(floors, log->origin, log->head);
    if (!generation.confirmed_at) continue;
    auto& counter = floors.counters[generation.origin.product];
    counter = std::max(counter, generation.origin.counter);
  }
  return floors;
}

Floors higher(const Floors& one, const Floors& other) {
  Floors floors = one;
  floors.sequence = std::max(one.sequence, other.sequence);
  floors.time = std::max(one.time, other.time);  // none is earlier than any
  floors.baseline = std::max(one.baseline, other.baseline);
  floors.recall = std::max(one.recall, other.recall);
  for (const auto& [product, counter] : other.counters) {
    auto& mine = floors.counters[product];
    mine = std::max(mine, counter);
  }
  for (const auto& [origin, head] : other.logs) raise(floors, origin, head);
  for (const auto& [series, number] : other.lists) {
    auto& mine = floors.lists.try_emplace(series, number).first->second;
    mine = std::max(mine, number);
  }
  return floors;
}

Instant not_before_floor(Instant clock, const Floors& floors) {
  return floors.time ? std::max(clock, *floors.time) : clock;
}

NodeFacts facts_of(const State& state, const Floors& floors, const std::string& architecture) {
  NodeFacts facts{state.identity.node, state.identity.pool, architecture, floors.counters, {}, floors.logs};
  facts.spent.sequence_last = floors.sequence;
  facts.spent.stopped = state.stopped;
  for (const auto& [number, generation] : state.generations) {
    facts.spent.orders.insert(generation.origin.order);
  }
  if (const auto* open = state.unfinished()) facts.spent.unfinished = open->origin.order;
  return facts;
}

}  // namespace sallyport::install
