// SPDX-License-Identifier: Apache-2.0
#include "roles/node/explain.h"

#include <algorithm>

#include "core/format/dsse.h"
#include "core/gate/decide.h"
#include "core/install/step.h"
#include "roles/node/baseline.h"
#include "roles/node/inspect.h"
#include "roles/node/papers.h"
#include "roles/node/recall.h"

namespace sallyport::node {
namespace {

struct Candidate {
  const install::Generation* generation;
  MayRun may_run;
  Tree tree;
};

// Every generation whose files are on the disk, those that may run first.
Result<std::vector<Candidate>> candidates(Disk& disk, const install::State& state) {
  const auto running = generations_to_run(state);
  const auto may_run = [&](install::GenerationNumber number) {
    return std::ranges::find(running, number) != running.end() ? MayRun::yes : MayRun::no;
  };
  std::vector<Candidate> all;
  for (const auto& [number, generation] : state.generations) {
    const auto may = may_run(number);
    if (may == MayRun::no && !install::is_kept(generation)) continue;
    auto tree = TRY(tree_of(disk, generation));
    all.push_back({&generation, may, std::move(tree)});
  }
  std::stable_partition(all.begin(), all.end(),
                        [](const Candidate& one) { return one.may_run == MayRun::yes; });
  return all;
}

bool has_size(const Tree& tree, std::uint64_t size) {
  return std::ranges::any_of(tree.entries,
                             [&](const TreeEntry& entry) { return entry.digest && entry.size == size; });
}

std::vector<std::string> paths_of(const Tree& tree, const FileDigest& digest, std::uint64_t size) {
  std::vector<std::string> paths;
  for (const auto& entry : tree.entries) {
    if (entry.digest == digest && entry.size == size) paths.push_back(entry.path.text());
  }
  return paths;
}

// As of when the order was burnt: expiry takes nothing from what runs.
Result<Home> home(Disk& disk, const Books& books, const Candidate& candidate,
                  std::vector<std::string> paths) {
  const auto& generation = *candidate.generation;
  const auto policy = TRY(books.policy_of(generation));
  const auto folder = install::generation_path(generation.number);
  const auto release = TRY(release_of(disk, generation, policy));
  const auto order = TRY(disk.read_small(folder + "/order.dsse", envelope_size_max));
  const auto approved = TRY(trust::order(order, policy, generation.begun_at));
  const auto verdict = TRY(disk.read_small(folder + "/verdict.dsse", envelope_size_max));
  const auto issued = TRY(trust::verdict_as_issued(verdict, policy, generation.begun_at));
  const auto& origin = generation.origin;
  if (approved->digest != origin.order)
    return Error(Code::generation_damaged, folder + "/order.dsse", origin.order.text(),
                 approved->digest.text());
  if (issued->digest != origin.verdict)
    return Error(Code::generation_damaged, folder + "/verdict.dsse", origin.verdict.text(),
                 issued->digest.text());
  return Home{generation, candidate.may_run, std::move(paths), release, approved, issued};
}

Result<Explanation> explain_one(Disk& disk, const Books& books, const std::vector<Candidate>& all,
                                const Recalled& without, const gate::ListedFiles& baseline,
                                const ByteSource& file) {
  Explanation said{file.size(), {}, GateReason::unlisted, {}};
  const bool any =
      std::ranges::any_of(all, [&](const Candidate& one) { return has_size(one.tree, said.size); });
  if (!any && !baseline.has_size(said.size)) return said;
  said.digest = TRY(digest_of(file));
  said.in_baseline = baseline.has(said.size, *said.digest) && !without.has(*said.digest);
  for (const auto& candidate : all) {
    auto paths = paths_of(candidate.tree, *said.digest, said.size);
    if (paths.empty()) continue;
    auto here = TRY(home(disk, books, candidate, std::move(paths)));
    const bool recalled_whole = without.has_package(candidate.generation->origin.package);
    if (recalled_whole || without.has(*said.digest)) here.may_run = MayRun::no;
    if (here.may_run == MayRun::yes) said.reason = GateReason::listed;
    said.homes.push_back(std::move(here));
  }
  return said;
}

}  // namespace

Result<std::vector<Explanation>> explain_contents(Disk& disk, const std::vector<const ByteSource*>& files) {
  const auto books = TRY(Books::open(disk));
  const auto all = TRY(candidates(disk, books.state()));
  const auto without = TRY(recalled(disk, books));
  std::vector<ListedFile> contents;
  if (const auto baseline = TRY(baseline_in_force(disk, books))) contents = contents_of(*baseline);
  const gate::ListedFiles listed(contents);
  std::vector<Explanation> said;
  for (const auto* file : files) said.push_back(TRY(explain_one(disk, books, all, without, listed, *file)));
  return said;
}

Result<Explanation> explain_content(Disk& disk, const ByteSource& file) {
  auto said = TRY(explain_contents(disk, {&file}));
  return std::move(said.front());
}

}  // namespace sallyport::node
