// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/format/policy.h"
#include "core/format/tree.h"
#include "roles/auditor/evidence_cases.h"
#include "roles/auditor/evidence_today.h"

namespace sallyport::auditor {
namespace {

std::string working_path(const CaseWorld& world) {
  return world.out_path(std::string(working_node));
}

Attempt install(const CaseWorld& world, const KeptGeneration& kept, TestCase test_case) {
  return {std::move(test_case),
          {},
          {"node", "install", kept.package, "--verdict", kept.verdict, "--order", kept.order, "--root",
           working_path(world)},
          {"ok"},
          0,
          {kept.package_input}};
}

// The node's gate does not watch the laboratory, and none of its own runs there.
bool demands_a_gate(const Pool& pool) {
  return pool.gate && pool.gate->mode == GateMode::enforce;
}

// Why an untampered generation cannot be installed again; nothing: it can.
Result<std::optional<std::string>> why_not(CaseWorld& world, const KeptGeneration& kept, const Terms& terms) {
  using Why = std::optional<std::string>;
  const auto& order = kept.order_content;
  if (terms.now < order.from || !(terms.now < order.until))
    return Why("the window of the order by which it was installed is over");
  for (const auto& [id, pool] : terms.policy.pools) {
    if (id.text() != world.pool_id) continue;
    if (demands_a_gate(pool)) return Why("the policy demands a gate, and none watches the laboratory");
    const bool any_time = !pool.timetable || order.kind == OrderKind::break_glass;
    if (!any_time && hour_at(*pool.timetable, terms.now) == Hour::closed)
      return Why("outside-allowed-hours: the pool takes orders at other times: " + describe(*pool.timetable));
  }
  const auto obstacle = TRY(obstacle_today(world, kept, terms));
  return obstacle ? Why(obstacle->reason) : Why();
}

// The positive twins (RTC-b): the node's own generations, in their order.
Result<std::size_t> install_untampered(CaseWorld& world) {
  std::size_t installed = 0;
  const auto terms = TRY(terms_of_laboratory(world));
  for (const auto& kept : world.generations) {
    const bool first = installed == 0;
    TestCase test_case{
        "RTC-b", first ? "RTC-b.install" : "RTC-b.upgrade-" + std::to_string(installed),
        first ? "An untampered, approved package installs" : "An untampered, approved upgrade installs"};
    if (const auto why = TRY(why_not(world, kept, terms))) {
      world.laboratory.not_run(test_case, *why);
      continue;
    }
    TRY(world.laboratory.attempt(install(world, kept, std::move(test_case))));
    ++installed;
  }
  return installed;
}

// A file of the laboratory node's active generation: the first service's program, else any file.
Result<std::string> victim(CaseWorld& world, const Tree& tree) {
  if (!tree.services.empty()) return tree.services.front().argv.front().substr(1);
  const auto file = std::find_if(tree.entries.begin(), tree.entries.end(),
                                 [](const TreeEntry& entry) { return entry.type == EntryType::file; });
  if (file == tree.entries.end()) return Error(Code::tree_malformed, world.newest().folder, "a file", "none");
  return file->path.text();
}

Result<void> tamper_with_installed(CaseWorld& world) {
  auto& out = world.ports.out;
  const std::string root(working_node);
  const std::string active = TRY(out.read_link(root + "/active"));
  const TreeLimits limits;
  const auto tree =
      TRY(parse_tree(TRY(out.read_small(root + "/" + active + "/tree.json", limits.json_size_max))));
  const std::string file = TRY(victim(world, tree));
  const std::string changed = root + "/" + active + "/tree/" + file;
  TRY(out.append(changed, as_bytes("\n")));
  const std::string done = "one byte appended to " + changed + ", past the installer";
  const NodeView node{out, root};
  TRY(world.laboratory.attempt_without_change(
      {{"RO-2", "RO-2.changed-file-found", "A file changed on the node is found"},
       {done},
       {"node", "verify", "--root", working_path(world)},
       {"generation-damaged"},
       static_cast<int>(Exit::integrity),
       {}},
      node));
  const TestCase not_executed{"RI-3", "RI-3.changed-file-not-executed",
                              "Software that was tampered with after installation is not executed"};
  if (tree.services.empty()) {
    world.laboratory.not_run(not_executed, "the release has no service to start");
    return {};
  }
  return world.laboratory.attempt_without_change(
      {not_executed,
       {done},
       {"node", "run", tree.services.front().name.text(), "--root", working_path(world)},
       {"generation-damaged"},
       static_cast<int>(Exit::integrity),
       {}},
      node);
}

Result<void> stop_services(CaseWorld& world) {
  const auto stopped =
      TRY(world.ports.commands.run({"node", "stop", "--root", working_path(world), "--json"}));
  if (stopped.exit_code == 0) return {};
  return Error(Code::io_failed, "laboratory node", "services that stop", answered_code(stopped));
}

}  // namespace

Result<void> init_laboratory_node(CaseWorld& world, const std::string& below) {
  TRY(world.ports.out.ensure_folder("laboratory"));
  const auto made = TRY(world.ports.commands.run({"node", "init", "--root", world.out_path(below), "--policy",
                                                  world.request.root + "/policy.json", "--node",
                                                  world.node_id, "--pool", world.pool_id, "--json"}));
  if (made.exit_code == 0) return {};
  return Error(Code::io_failed, "laboratory node", "a node with the same identity", answered_code(made));
}

Result<void> laboratory_node_cases(CaseWorld& world) {
  TRY(init_laboratory_node(world, std::string(working_node)));
  const auto installed = TRY(install_untampered(world));
  const TestCase found{"RO-2", "RO-2.changed-file-found", "A file changed on the node is found"};
  const TestCase not_executed{"RI-3", "RI-3.changed-file-not-executed",
                              "Software that was tampered with after installation is not executed"};
  const TestCase verifies{"RO-2", "RO-2.untampered-verifies", "What was installed verifies, file by file"};
  if (installed == 0 || !TRY(world.ports.out.find(std::string(working_node) + "/active"))) {
    world.laboratory.not_run(verifies, "nothing could be installed on the laboratory node");
    world.laboratory.not_run(found, "nothing could be installed on the laboratory node");
    world.laboratory.not_run(not_executed, "nothing could be installed on the laboratory node");
    return {};
  }
  TRY(world.laboratory.attempt(
      {verifies, {}, {"node", "verify", "--root", working_path(world)}, {"ok"}, 0, {}}));
  TRY(stop_services(world));
  return tamper_with_installed(world);
}

}  // namespace sallyport::auditor
