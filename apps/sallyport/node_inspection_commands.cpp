// SPDX-License-Identifier: Apache-2.0
#include "adapters/signer/open.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/views.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "roles/node/fsck.h"
#include "roles/node/history.h"
#include "roles/node/node_key.h"
#include "roles/node/verify.h"

namespace sallyport::cli {
namespace {

// What is verified, as far as the books can be read: the verification reads them by itself.
Event verify_event(NodeWorld& world, const std::optional<install::GenerationNumber>& generation) {
  auto event = world.event(
      "node-verify", generation ? "generation " + std::to_string(*generation) : "the active generation");
  const auto books = attempt([&] { return node::Books::open(world.disk()); });
  if (!books.ok()) return event;
  event.policy_version = books.value().policy().version;
  const auto& state = books.value().state();
  if (const auto* known = state.find(generation.value_or(state.active))) {
    event.package = known->origin.package.text();
    event.order = known->origin.order.text();
  }
  return event;
}

void show_verified(const node::VerifyReport& report, Output& output) {
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
}

Result<void> run_verify(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open_to_judge(arguments));
  std::optional<install::GenerationNumber> generation;
  if (arguments.has("generation")) generation = TRY(arguments.number("generation"));
  auto event = verify_event(*world, generation);
  const auto result =
      attempt([&] { return node::verify(world->disk(), generation, world->workers(), world->progress()); });
  if (!result.ok()) return world->record_verdict(event, result.error());
  const auto& report = result.value();
  event.checks = report.release.evidence().checks;
  if (!report.release->signers.empty()) event.signer = report.release->signers.front();
  show_verified(report, output);
  return world->record_verdict(event, {});
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
    std::string text = line.event;
    for (const auto& part : {generation + service, order, line.code}) text += part.empty() ? "" : "  " + part;
    output.line(line.at.print() + "  " + printable(text));
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
  const auto world = TRY(NodeWorld::open_to_judge(arguments));
  auto report = TRY(node::fsck(world->ports()));
  const auto key = open_signer("file:" + world->root() + "/" + node::paths::private_key);
  const auto derived =
      key.ok() ? Result<PublicKey>(key.value()->public_key()) : Result<PublicKey>(key.error());
  for (auto& finding : node::inspect_node_key(world->disk(), derived, report.key))
    report.findings.push_back(std::move(finding));
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
  std::optional<Error> first;
  if (!report.findings.empty()) first = report.findings.front();
  if (!first) {
    const std::string collected =
        report.collected == 0 ? ""
                              : ", the papers of " + std::to_string(report.collected) + " collected ones";
    output.line("Clean: " + std::to_string(report.objects) + " objects, " +
                std::to_string(report.generations) + " generations" + collected + ", " +
                std::to_string(report.files) + " files.");
  }
  return world->record_verdict(world->event("node-fsck", world->root()), first);
}

}  // namespace

std::vector<Command> node_inspection_commands() {
  const Option root{"root", "DIR", "The node's root folder", Need::required};
  return {
      node_status_command(),
      node_events_command(),
      node_report_command(),
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
