// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/command.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/views.h"
#include "core/base/text.h"
#include "roles/node/fsck.h"
#include "roles/node/history.h"
#include "roles/node/verify.h"

namespace sallyport::cli {
namespace {

Result<void> run_verify(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  std::optional<install::GenerationNumber> generation;
  if (arguments.has("generation")) generation = TRY(arguments.number("generation"));
  auto result = node::verify(world->disk(), generation, world->workers(), world->progress());
  auto event = world->event(
      "node-verify", generation ? "generation " + std::to_string(*generation) : "the active generation");
  if (result.ok()) event.checks = result.value().release.evidence().checks;
  TRY(world->record(event, result.ok() ? nullptr : &result.error()));
  const auto report = TRY(std::move(result));
  output.line("Generation " + std::to_string(report.generation) +
              " is what the vendor signed: " + std::to_string(report.inspection.files) + " files, " +
              std::to_string(report.inspection.bytes) + " bytes, every one digested.");
  for (const auto& signer : report.release->signers) output.field("signer", signer);
  output.field("release", "sha256 " + report.release->release.text());
  output.json()
      .number("generation", report.generation)
      .number("files", report.inspection.files)
      .number("bytes", report.inspection.bytes);
  output.json().text("release", report.release->release.text());
  return {};
}

Result<void> run_history(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open_to_look(arguments));
  const auto lines = TRY(node::history(world->disk()));
  output.json().key("history").begin_array();
  for (const auto& line : lines) {
    const std::string generation =
        line.generation == 0 ? "" : "generation " + std::to_string(line.generation) + " " + line.version;
    const std::string service = line.service.empty() ? "" : "service " + line.service;
    const std::string order = line.order.empty() ? "" : "order " + line.order.substr(0, 12);
    output.line(line.at.print() + "  " +
                printable(line.event + "  " + generation + service + "  " + order + line.code));
    output.json()
        .begin_object()
        .text("time", line.at.print())
        .text("event", line.event)
        .number("generation", line.generation);
    output.json()
        .text("version", line.version)
        .text("order", line.order)
        .text("code", line.code)
        .text("service", line.service)
        .end_object();
  }
  output.json().end_array();
  return {};
}

Result<void> run_fsck(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  const auto report = TRY(node::fsck(world->ports()));
  output.json().key("notes").begin_array();
  for (const auto& note : report.notes) {
    output.line("note   " + printable(note));
    output.json().text(note);
  }
  output.json().end_array();
  show_findings(report.findings, output);
  output.json()
      .number("objects", report.objects)
      .number("generations", report.generations)
      .number("collected", report.collected)
      .number("files", report.files);
  const Error* first = report.findings.empty() ? nullptr : &report.findings.front();
  TRY(world->record(world->event("node-fsck", world->root()), first));
  if (first != nullptr) return *first;
  const std::string collected =
      report.collected == 0 ? "" : ", the papers of " + std::to_string(report.collected) + " collected ones";
  output.line("Clean: " + std::to_string(report.objects) + " objects, " + std::to_string(report.generations) +
              " generations" + collected + ", " + std::to_string(report.files) + " files.");
  return {};
}

}  // namespace

std::vector<Command> node_inspection_commands() {
  const Option root{"root", "DIR", "The node's root folder", Need::required};
  return {
      node_status_command(),
      {"node verify",
       "Check every file of a generation against what the vendor signed",
       "Verifies the vendor's signature again, then every file, folder and link: content, mode, owner, "
       "capabilities. Missing and\n"
       "unlisted files are findings, too.",
       {"sallyport node verify --root /var/lib/sallyport"},
       {},
       {root, {"generation", "N", "Another generation than the active one"}},
       run_verify},
      {"node history",
       "Show what happened on the node",
       "Shows the node's journal: installations, activations, rollbacks and failures, with their orders.",
       {"sallyport node history --root /var/lib/sallyport"},
       {},
       {root},
       run_history},
      {"node fsck",
       "Check everything that the node keeps",
       "Checks the journal and its copies, the store, every generation and what is left over. Changes "
       "nothing. Leftovers of an\n"
       "interrupted command are notes, not damage: the next command takes them away.",
       {"sallyport node fsck --root /var/lib/sallyport"},
       {},
       {root},
       run_fsck},
  };
}

}  // namespace sallyport::cli
