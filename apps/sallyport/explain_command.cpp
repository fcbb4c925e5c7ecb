// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "apps/sallyport/command.h"
#include "apps/sallyport/explain_subject.h"
#include "apps/sallyport/help.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
#include "roles/node/explain.h"

namespace sallyport::cli {
namespace {

// What came of it for somebody who executes it now.
enum class Outcome : std::uint8_t {
  may_run,
  may_not,
  not_asked,  // no gate of this node decides about the file system that it lies on
};

struct Answer {
  Outcome outcome;
  GateReason reason;
  std::optional<node::Explanation> content;  // absent: not a regular file
  std::optional<GateStatus> gate;            // absent: none runs
};

std::string_view word(Outcome outcome) {
  return outcome == Outcome::may_run ? "may-run" : outcome == Outcome::may_not ? "may-not-run" : "not-asked";
}

Result<Answer> answer_about(NodeWorld& world, const Subject& subject) {
  Answer answer{Outcome::may_not, GateReason::not_a_file, {}, {}};
  auto gate = node::gate_status(world.disk());
  if (!gate.ok() && gate.error().code != Code::gate_not_running) return gate.error();
  if (gate.ok()) answer.gate = std::move(gate).value();
  if (subject.file) {
    answer.content = TRY(node::explain_content(world.disk(), *subject.file));
    answer.reason = answer.content->reason;
  }
  if (answer.reason == GateReason::listed) {
    answer.outcome = Outcome::may_run;
  } else if (subject.device != TRY(device_of(world.root()))) {
    answer.outcome = Outcome::not_asked;
    answer.reason = GateReason::outside_scope;
  }
  return answer;
}

std::string names(const std::set<PersonId>& persons) {
  std::string text;
  for (const auto& person : persons) text += (text.empty() ? "" : ", ") + person.text();
  return text;
}

void show_home(const node::Home& home, Output& output) {
  const auto& origin = home.generation.origin;
  const auto& ballot = home.order->ballot;
  const auto& verdict = home.verdict->verdict;
  const bool runs = home.may_run == node::MayRun::yes;
  output.field("generation", std::to_string(home.generation.number) +
                                 (runs ? ", which may run" : ", which may not run now"));
  for (const auto& path : home.paths) output.field("entry", path);
  output.field("package", origin.product.text() + " " + origin.version + ", counter " +
                              std::to_string(origin.counter) + ", sha256 " + origin.package.text());
  output.field("signer", fmt::format("{}", fmt::join(home.release->signers, ", ")) + "; source " +
                             home.release->source.text());
  output.field("order", std::string(word(home.order->order.kind)) + ", sequence " +
                            std::to_string(origin.sequence) + ", sha256 " + origin.order.text());
  output.field("proposed", ballot.proposer.text());
  output.field("approved", names(ballot.approved));
  output.field("verdict", std::string(verdict.outcome == sallyport::Outcome::clean ? "clean" : "not clean") +
                              ", by " + verdict.intake.text() + " at " + verdict.time.print() + ", sha256 " +
                              origin.verdict.text());
}

void write_home(const node::Home& home, JsonWriter& json) {
  const auto& origin = home.generation.origin;
  const auto& ballot = home.order->ballot;
  const auto& verdict = home.verdict->verdict;
  json.begin_object().number("generation", home.generation.number);
  json.key("may_run").boolean(home.may_run == node::MayRun::yes);
  json.key("entries").begin_array();
  for (const auto& path : home.paths) json.text(path);
  json.end_array().text("product", origin.product.text()).text("version", origin.version);
  json.number("counter", origin.counter).text("package", origin.package.text());
  json.text("source", home.release->source.text()).key("signers").begin_array();
  for (const auto& signer : home.release->signers) json.text(signer);
  json.end_array().text("order", origin.order.text()).number("sequence", origin.sequence);
  json.text("kind", word(home.order->order.kind)).text("proposer", ballot.proposer.text());
  json.key("approvers").begin_array();
  for (const auto& person : ballot.approved) json.text(person.text());
  json.end_array().text("verdict", origin.verdict.text()).text("intake", verdict.intake.text());
  json.text("outcome", verdict.outcome == sallyport::Outcome::clean ? "clean" : "not-clean");
  json.text("verdict_time", verdict.time.print()).end_object();
}

std::string describe_gate(const Answer& answer) {
  if (!answer.gate) return "none runs: nobody is asked before something is executed";
  const auto& gate = *answer.gate;
  auto text = std::string(word(gate.mode)) + ", as the " + std::string(word(gate.mode_from)) + " says";
  if (gate.mode == GateMode::observe && answer.outcome == Outcome::may_not)
    text += ": it is executed all the same, and written down";
  return text;
}

void show_subject(const Subject& subject, Output& output) {
  auto& json = output.json();
  const bool is_process = subject.kind == Subject::Kind::process;
  json.text("subject", valid_utf8(subject.name)).text("kind", is_process ? "process" : "file");
  json.text("file", valid_utf8(subject.leads_to));
  output.field(is_process ? "program" : "file", subject.leads_to);
  if (!is_process) return;
  output.field("process", subject.name + ", calls itself " + subject.command);
  output.field("group", subject.group.value_or("not known"));
  json.text("group", valid_utf8(subject.group.value_or("")));
}

void show_answer(const Answer& answer, Output& output) {
  auto& json = output.json();
  output.field("answer", std::string(word(answer.outcome)) + ": " + std::string(word(answer.reason)));
  json.text("answer", word(answer.outcome)).text("reason", word(answer.reason));
  const auto& content = answer.content;
  if (content) {
    const auto digest = content->digest ? content->digest->text() : "";
    output.field("content", std::to_string(content->size) + " bytes, " +
                                (digest.empty() ? "a size that no generation has" : "digest " + digest));
    json.number("size", content->size).text("digest", digest);
  }
  json.key("generations").begin_array();
  if (content) {
    for (const auto& home : content->homes) {
      show_home(home, output);
      write_home(home, json);
    }
  }
  json.end_array().text("gate", answer.gate ? word(answer.gate->mode) : "none");
  output.field("gate", describe_gate(answer));
}

Error refusal(const Subject& subject, const Answer& answer) {
  std::string found(word(answer.reason));
  if (answer.content && !answer.content->homes.empty())
    found += ": of generation " + std::to_string(answer.content->homes.front().generation.number) +
             ", which may not run now";
  Error error(Code::gate_denied, valid_utf8(subject.leads_to), "a file of a generation that may run", found);
  error.effect = "nothing was executed; the gate: " + describe_gate(answer);
  return error;
}

// Where the packaged agent keeps a machine's node.
constexpr std::string_view usual_root = "/var/lib/sallyport";

Result<void> explain_subject(const Subject& subject, const Arguments& arguments, Output& output) {
  const auto world =
      TRY(NodeWorld::open_to_look(Arguments({{"root", {arguments.text_or("root", usual_root)}}})));
  const auto answer = TRY(answer_about(*world, subject));
  show_subject(subject, output);
  show_answer(answer, output);
  if (answer.outcome == Outcome::may_not) return refusal(subject, answer);
  return {};
}

void explain_code(const CodeInfo& about, Output& output) {
  output.line(explain(about));
  output.json().text("code", about.name);
  output.json().text("kind", kind_of(about.code) == Kind::refused ? "refused" : "fault");
  output.json()
      .number("exit", static_cast<std::uint64_t>(about.exit))
      .text("meaning", about.meaning)
      .text("next_step", about.next_step);
}

// A code is never taken for a file: ./NAME is one.
Result<void> run_explain(const Arguments& arguments, Output& output) {
  const auto& name = arguments.text("CODE|FILE|PID");
  if (const auto code = find_code(name)) {
    explain_code(info(*code), output);
    return {};
  }
  if (is_process_number(name)) return explain_subject(TRY(process_numbered(name)), arguments, output);
  auto file = file_named(name);
  if (file.ok()) return explain_subject(file.value(), arguments, output);
  if (file.error().code != Code::file_missing || name.find('/') != std::string::npos) return file.error();
  const auto near = nearest_code(name);
  return Error(Code::usage_error, "CODE",
               near.empty() ? "a code of docs/errors.md, a file or a process" : "perhaps " + near,
               printable(name));
}

}  // namespace

Command explain_command() {
  return {
      "explain",
      "Explain a code, or why a file or a process may run on this node",
      "Of a code: what it means, whether it is a verdict (refused) or not (fault), its exit code, and what "
      "to do "
      "next; offline.\n"
      "Of a file or a process: which generation has its content, under which name; package, signer, order, "
      "approvers and verdict, proved\n"
      "again from what the node keeps. Exit code 3 (gate-denied) when no generation that may run has it. A "
      "file "
      "that is named like a\n"
      "code is ./NAME.",
      {"sallyport explain member-digest-mismatch", "sallyport explain ./stray --root /var/lib/sallyport",
       "sallyport explain 4711"},
      {{"CODE|FILE|PID", "", "A code as messages show it, a file, or the number of a process",
        Need::required}},
      {{"root", "DIR", "The node's root folder (default: /var/lib/sallyport)"}},
      run_explain};
}

}  // namespace sallyport::cli
