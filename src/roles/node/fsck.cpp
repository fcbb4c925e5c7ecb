// SPDX-License-Identifier: Apache-2.0
#include "roles/node/fsck.h"

#include <algorithm>
#include <set>

#include "roles/node/baseline.h"
#include "roles/node/collect.h"
#include "roles/node/layout.h"
#include "roles/node/papers.h"
#include "roles/node/recall.h"
#include "roles/node/repository_trust.h"
#include "roles/node/verify.h"

namespace sallyport::node {
namespace {

struct Objects {
  std::vector<std::string> paths;
  std::vector<Error> findings;
};

Result<Objects> list_objects(Disk& disk) {
  Objects objects;
  const auto folders = disk.list(paths::objects);
  if (!folders.ok()) {
    objects.findings.emplace_back(Code::store_damaged, paths::objects, "the folder of objects",
                                  "none, or another");
    return objects;
  }
  for (const auto& folder : folders.value()) {
    const std::string path = std::string(paths::objects) + "/" + folder;
    const auto names = disk.list(path);
    if (!names.ok()) {
      objects.findings.emplace_back(Code::store_damaged, path, "a folder of objects", "something else");
      continue;
    }
    for (const auto& name : names.value()) objects.paths.push_back(path + "/" + name);
  }
  return objects;
}

// What the object is, said in the form of its name: no parsing, so that there is one spelling. How many names it has;
// none when it is gone.
Result<std::uint64_t> inspect_object(Disk& disk, const std::string& path) {
  const auto file = disk.open(path);
  if (!file.ok() && file.error().code == Code::file_missing) return 0;  // collected since it was listed
  if (!file.ok()) return Error(Code::store_damaged, path, "a regular file", "something else");
  const auto status = TRY(file.value()->status());
  const auto capabilities = file.value()->capabilities();
  const auto digest = TRY(digest_of(*file.value()));
  const auto is = object_path(digest, status.mode, status.uid, status.gid);
  if (is == path && capabilities.ok() && capabilities.value().empty()) return status.links;
  return Error(Code::store_damaged, path, path, is == path ? "file capabilities" : is);
}

Result<void> inspect_objects(const Ports& ports, FsckReport& report) {
  auto objects = TRY(list_objects(ports.disk));
  const auto portions =
      portions_of(std::vector<std::uint64_t>(objects.paths.size(), 1), objects.paths.size() + 1, 64);
  std::vector<std::vector<Error>> found(portions.size());
  std::vector<std::vector<std::string>> lonely(portions.size());
  TRY(ports.workers.run(portions.size(), [&](std::size_t index) -> Result<void> {
    for (auto i = portions[index].begin; i < portions[index].end; ++i) {
      auto inspected = inspect_object(ports.disk, objects.paths[i]);
      if (inspected.ok() && inspected.value() == 1) lonely[index].push_back(objects.paths[i]);
      if (inspected.ok()) continue;
      if (kind_of(inspected.error().code) == Kind::fault) return inspected.take_error();
      found[index].push_back(inspected.take_error());
    }
    return {};
  }));
  report.objects = objects.paths.size();
  for (const auto& some : lonely) {
    for (const auto& object : some) report.notes.push_back("no generation has " + object);
  }
  for (auto& some : found) std::move(some.begin(), some.end(), std::back_inserter(objects.findings));
  std::move(objects.findings.begin(), objects.findings.end(), std::back_inserter(report.findings));
  return {};
}

// Beside its tree there is nothing but what it rests on.
Result<void> inspect_names(Disk& disk, const install::Generation& generation, FsckReport& report) {
  const auto folder = install::generation_path(generation.number);
  const auto names = disk.list(folder);
  if (!names.ok() && kind_of(names.error().code) == Kind::fault && names.error().code != Code::file_missing) {
    return names.error();
  }
  if (!names.ok()) return {};  // each paper that is missing is a finding of its own
  std::set<std::string> known{"manifest.mf", "tree.json", "verdict.dsse", "order.dsse"};
  if (generation.origin.log) known.insert("order.dsse.proof");
  if (generation.storage != install::Storage::gone) known.insert({"tree", "package.csar", "config"});
  for (const auto& name : names.value()) {
    if (known.contains(name)) continue;
    if (name == "config.partial" && !generation.confirmed_at) {
      report.notes.push_back("the same order finishes " + folder + "/" + name);
      continue;
    }
    report.findings.emplace_back(Code::generation_file_unlisted, folder + "/" + name, "nothing of this name",
                                 "something that no command put there");
  }
  return {};
}

// Its papers still prove what it was.
Result<void> inspect_collected(const Ports& ports, const Books& books, const install::Generation& generation,
                               FsckReport& report) {
  const auto policy = books.policy_of(generation);
  const auto release = policy.ok() ? release_of(ports.disk, generation, policy.value())
                                   : Result<Verified<trust::Release>>(policy.error());
  if (release.ok()) return {};
  if (kind_of(release.error().code) == Kind::fault) return release.error();
  report.findings.push_back(release.error());
  return {};
}

// What the officers signed is still there, and says what it said.
Result<void> inspect_recalls(const Ports& ports, const Books& books, FsckReport& report) {
  auto kept = recalled(ports.disk, books);
  if (kept.ok()) return {};
  if (kind_of(kept.error().code) == Kind::fault) return kept.take_error();
  report.findings.push_back(kept.take_error());
  return {};
}

Result<void> inspect_baseline(const Ports& ports, const Books& books, FsckReport& report) {
  auto baseline = baseline_in_force(ports.disk, books);
  if (baseline.ok()) return {};
  if (kind_of(baseline.error().code) == Kind::fault) return baseline.take_error();
  report.findings.push_back(baseline.take_error());
  return {};
}

Result<void> inspect_generations(const Ports& ports, const Books& books, FsckReport& report) {
  for (const auto& [number, generation] : books.state().generations) {
    if (!install::is_kept(generation) && !generation.confirmed_at) continue;
    TRY(inspect_names(ports.disk, generation, report));
    auto papers = TRY(inspect_papers(ports.disk, generation));
    std::move(papers.begin(), papers.end(), std::back_inserter(report.findings));
    if (!install::is_kept(generation)) {
      TRY(inspect_collected(ports, books, generation, report));
      ++report.collected;
      continue;
    }
    auto inspected = inspect_generation(ports.disk, books, number, ports.workers, ports.progress);
    ++report.generations;
    if (!inspected.ok()) {
      if (kind_of(inspected.error().code) == Kind::fault) return inspected.take_error();
      report.findings.push_back(inspected.take_error());
      continue;
    }
    auto& inspection = inspected.value().inspection;
    report.files += inspection.files;
    report.bytes += inspection.bytes;
    std::move(inspection.findings.begin(), inspection.findings.end(), std::back_inserter(report.findings));
  }
  return {};
}

// What recover() would do, as notes; an `active` that nobody left behind is damage.
Result<void> inspect_order(const Ports& ports, const Books& books, FsckReport& report) {
  const auto found = TRY(look(ports.disk));
  const auto& state = books.state();
  for (const auto& step : install::recover(state, found, ports.now)) {
    // Parts of the Drop that follows them.
    if (std::holds_alternative<install::Clear>(step) || std::holds_alternative<install::SyncAll>(step))
      continue;
    report.notes.push_back("the next command will " + install::describe(step));
  }
  if (books.journal().torn_size != 0)
    report.notes.emplace_back("the journal ends in a line that was never acknowledged");
  const auto expected = state.active == 0 ? std::optional<std::string>()
                                          : std::optional(install::generation_path(state.active));
  if (state.switching || found.active == expected) return {};
  report.findings.emplace_back(Code::node_state_damaged, paths::active, expected.value_or("nothing"),
                               found.active.value_or("nothing"));
  return {};
}

Result<FsckReport> fsck_once(const Ports& ports) {
  FsckReport report;
  const auto books = Books::open(ports.disk);
  if (!books.ok() && kind_of(books.error().code) == Kind::fault) return books.error();
  if (books.ok()) {
    report.findings = books.value().findings();
    report.key = books.value().state().identity.key;
    TRY(inspect_order(ports, books.value(), report));
    TRY(inspect_generations(ports, books.value(), report));
    TRY(inspect_baseline(ports, books.value(), report));
    TRY(inspect_recalls(ports, books.value(), report));
    for (auto& finding : TRY(repository_findings(ports.disk, books.value().state())))
      report.findings.push_back(std::move(finding));
  } else {
    report.findings.push_back(books.error());
  }
  TRY(inspect_objects(ports, report));
  return report;
}

}  // namespace

Result<FsckReport> fsck(const Ports& ports) {
  return look_again(
      ports.disk, [&] { return fsck_once(ports); },
      [](const Result<FsckReport>& report) { return !report.ok() || !report.value().findings.empty(); });
}

}  // namespace sallyport::node
