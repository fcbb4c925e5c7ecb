// SPDX-License-Identifier: Apache-2.0
// The baseline of a host, where it is proposed and where it is put in force.
#include <fmt/format.h>

#include "adapters/disk/file_source.h"
#include "adapters/packages/dpkg.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "core/format/dsse.h"
#include "roles/node/baseline.h"
#include "roles/node/baseline_proposal.h"

namespace sallyport::cli {
namespace {

constexpr std::size_t shown_max = 50;

Result<std::vector<NodeId>> nodes_of(const Arguments& arguments, const NodeId& self) {
  std::vector<NodeId> nodes;
  if (!arguments.has("for")) return std::vector<NodeId>{self};
  for (const auto& name : arguments.list("for")) nodes.push_back(TRY(NodeId::parse(name)));
  return nodes;
}

void show_left_out(const std::vector<node::LeftOut>& left_out, Output& output) {
  output.json().key("left_out").begin_array();
  for (const auto& [path, package, because] : left_out)
    output.json()
        .begin_object()
        .text("path", path)
        .text("package", package)
        .text("because", node::word(because))
        .end_object();
  output.json().end_array();
  if (left_out.empty()) return;
  output.line("\nNot listed, and not to run under an enforcing gate, unless named with --include:");
  for (std::size_t i = 0; i < left_out.size() && i < shown_max; ++i) {
    const auto& [path, package, because] = left_out[i];
    output.field(node::word(because), path + (package.empty() ? "" : ", of package " + package));
  }
  if (left_out.size() > shown_max)
    output.line("  and " + std::to_string(left_out.size() - shown_max) + " more; --json has all of them");
}

void show_proposal(const node::BaselineProposal& proposal, Output& output) {
  const auto& baseline = proposal.baseline;
  const auto files = count_files(baseline);
  output.field("database", baseline.database_name + " " + baseline.database.text());
  output.field("number", std::to_string(baseline.number));
  output.field("packages", std::to_string(baseline.packages.size()));
  output.field("programs", std::to_string(files));
  for (const auto& [file, package] : baseline.changed)
    output.field("CHANGED", file.path + ", not as package " + package + " has it");
  for (const auto& file : baseline.unowned) output.field("UNOWNED", file.path + ", of no package");
  output.json().number("number", baseline.number).number("packages", baseline.packages.size());
  output.json().number("files", files).number("changed", baseline.changed.size());
  output.json().number("unowned", baseline.unowned.size());
  show_left_out(proposal.left_out, output);
}

Result<void> run_propose(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open_to_look(arguments));
  const auto books = TRY(node::Books::open(world->disk()));
  const auto& identity = books.state().identity;
  const auto packages = TRY(DpkgPackages::at(arguments.text_or("system", "/")));
  std::vector<SeenProgram> seen;
  if (arguments.has("observed")) seen = TRY(node::seen_programs(world->disk()));
  std::set<std::string> named;
  if (arguments.has("include"))
    named.insert(arguments.list("include").begin(), arguments.list("include").end());
  const auto number = arguments.has("number") ? TRY(arguments.number("number")) : books.floors().baseline + 1;
  auto nodes = TRY(nodes_of(arguments, identity.node));
  const auto proposal = TRY(node::propose_baseline(
      {*packages, world->workers(), world->progress(), identity.pool, std::move(nodes), number, world->now(),
       arguments.text_or("reason", ""), std::move(named), std::move(seen)}));
  TRY(write_result(arguments, arguments.text("o"), as_bytes(proposal.text), output));
  show_proposal(proposal, output);
  output.next("the officers read it: sallyport baseline review " + arguments.text("o") + " --policy POLICY");
  return {};
}

std::string effect_text(const node::BaselineReport& report) {
  if (report.effect == node::BaselineReport::Effect::known) return "nothing: the node has it";
  return "baseline " + std::to_string(report.number) + " in force";
}

Result<void> run_install(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  const auto file = TRY(read_whole_file(arguments.text("BASELINE"), envelope_size_max));
  const bool rehearsed = arguments.rehearses();
  auto result = attempt([&] {
    return rehearsed ? node::preview_baseline(world->ports(), file)
                     : node::take_baseline(world->ports(), file);
  });
  if (!rehearsed) {
    auto event = world->event("node-baseline", base_name(arguments.text("BASELINE")));
    if (result.ok()) {
      event.checks = result.value().checks;
      event.effect = effect_text(result.value());
    }
    TRY(world->record(event, result.ok() ? nullptr : &result.error()));
  }
  const auto report = TRY(std::move(result));
  for (const auto& check : report.checks)
    output.line("PASS  " + printable(check.name) + "  " + printable(check.finding));
  output.field("baseline", std::to_string(report.number) + ", " + report.identity.text());
  output.field("programs", std::to_string(report.files) + ", of which " + std::to_string(report.changed) +
                               " changed and " + std::to_string(report.unowned) + " of no package");
  output.field("effect", (rehearsed ? "would be: " : "") + effect_text(report));
  output.json().number("number", report.number).text("baseline", report.identity.text());
  output.json().number("files", report.files).text("effect", effect_text(report));
  return {};
}

}  // namespace

std::vector<Command> node_baseline_commands() {
  const Option root{"root", "DIR", "The node's root folder", Need::required};
  return {
      {"node baseline propose",
       "List the programs that this host has from its packages, for the officers to sign",
       "Reads the package database (dpkg), measures every program of every package, and writes down those "
       "that are as their package has\nthem. A program that was changed, or of which its package does not "
       "say "
       "how it is, and every one of no package, is listed only if it is\nnamed with --include, or with "
       "--observed, if a gate that observes has seen it run; such a one is marked. Nothing is put in force.",
       {"sallyport node baseline propose --root /var/lib/sallyport -o mme-1.baseline",
        "sallyport node baseline propose --root /var/lib/sallyport --observed --include "
        "/usr/local/bin/backup "
        "-o mme-1.baseline"},
       {},
       {root,
        {"o", "BASELINE", "Where the proposal goes", Need::required},
        {"system", "DIR", "The host's root folder (default: /)"},
        {"include", "PATH", "A program to list though no package vouches for it", Need::optional,
         Takes::values},
        {"observed", "", "List what a gate that observes has seen and did not know", Need::optional,
         Takes::nothing},
        {"for", "NODE", "A node that it is for (default: this one)", Need::optional, Takes::values},
        {"number", "N", "Its number (default: one more than the node has)"},
        {"reason", "TEXT", "Why, for those who sign it"},
        dry_option},
       run_propose},
      {"node baseline install",
       "Put a signed baseline of this host in force",
       "Takes a baseline that enough officers of the policy in force have signed, for this node, with a "
       "higher "
       "number than the one before.\nWhere the policy wants the whole host guarded, a gate that runs takes "
       "it in "
       "within a second.",
       {"sallyport node baseline install mme-1.baseline.signed --root /var/lib/sallyport"},
       {{"BASELINE", "", "The signed baseline", Need::required}},
       {root, rehearse_option},
       run_install}};
}

}  // namespace sallyport::cli
