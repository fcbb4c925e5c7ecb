// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/recall_view.h"
#include "apps/sallyport/views.h"
#include "core/base/library_fault.h"
#include "core/format/dsse.h"
#include "roles/node/hold.h"
#include "roles/node/recall.h"

namespace sallyport::cli {
namespace {

void show_generations(const node::RecallReport& report, Output& output) {
  output.json().key("generations").begin_array();
  std::string text;
  for (const auto number : report.generations) {
    text += (text.empty() ? "" : ", ") + std::to_string(number);
    output.json().number(number);
  }
  output.json().end_array();
  output.field("generations", text.empty() ? "none has it" : text);
}

// The whole generation: nothing of it would be started again.
Result<void> stop_what_runs(NodeWorld& world, Output& output) {
  std::optional<Error> first;
  output.json().key("stopped").begin_array();
  for (const auto& outcome : TRY(node::stop_services(world.ports(), std::nullopt))) {
    if (outcome.error && !first) first = outcome.error;
    output.field("stopped", outcome.service.name.text() + (outcome.error ? ": NO" : ""));
    if (!outcome.error) output.json().text(outcome.service.name.text());
  }
  output.json().end_array();
  if (first) return *first;
  return {};
}

Result<void> run_node_recall(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  const auto file = TRY(read_whole_file(arguments.text("RECALL"), envelope_size_max));
  const auto proof = TRY(read_proof(arguments, arguments.text("RECALL")));
  const bool rehearsed = arguments.rehearses();
  auto result = attempt([&] {
    return rehearsed ? node::preview_recall(world->ports(), file, proof)
                     : node::take_recall(world->ports(), file, proof);
  });
  auto event = world->event("node-recall", base_name(arguments.text("RECALL")));
  const Error* const told = result.ok() ? describe(result.value(), event) : &result.error();
  TRY(world->record(event, told));
  const auto report = TRY(std::move(result));
  show_fields(recall_fields(report.recall), output, "recall");
  show_generations(report, output);
  output.field("effect", (rehearsed ? "would be: " : "") + effect_of(report));
  output.json().text("recall_digest", report.identity.text()).text("effect", effect_of(report));
  output.json().key("active").boolean(report.alarm.has_value());
  if (!report.alarm) return {};
  show_alarm(*report.alarm, output);
  if (arguments.has("stop") && !rehearsed) return stop_what_runs(*world, output);
  output.next(advice_after_alarm(arguments.text("root")));
  return {};
}

}  // namespace

Command node_recall_command() {
  return {
      "node recall",
      "Take in a recall: what it names is never started here again",
      "Takes a recall that the persons of the node's pool have approved, and keeps it for ever, with all "
      "others. Where the policy\nnames a log, it takes the proof that the log has it. A release with one of "
      "its contents is not installed, started or returned\nto (content-recalled), and a gate that runs "
      "denies "
      "the content within a second. Services that run with it are told, not stopped,\nunless --stop is "
      "given.",
      {"sallyport node recall mme.recall --root /var/lib/sallyport",
       "sallyport node recall mme.recall --root /var/lib/sallyport --stop"},
      {{"RECALL", "", "The approved recall", Need::required}},
      {{"root", "DIR", "The node's root folder", Need::required},
       {"proof", "PROOF", "That the recall is in the log (default: RECALL.proof, if there is one)"},
       {"stop", "", "Stop the services of the active generation, if it has what was recalled, and hold them",
        Need::optional, Takes::nothing},
       rehearse_option},
      run_node_recall};
}

}  // namespace sallyport::cli
