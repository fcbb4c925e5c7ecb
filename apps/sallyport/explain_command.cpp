// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "adapters/services/process.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/explain_subject.h"
#include "apps/sallyport/help.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
#include "core/format/run_record.h"
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
  bool on_host = false;                      // the host's own baseline decides
};

std::string_view word(Outcome outcome) {
  return outcome == Outcome::may_run ? "may-run" : outcome == Outcome::may_not ? "may-not-run" : "not-asked";
}

// By whoever is no service's process.
Answer on_the_host(Answer answer, const Subject& subject) {
  if (answer.content && answer.content->in_baseline) answer.reason = GateReason::listed;
  if (answer.reason == GateReason::listed && subject.others_may_write)
    answer.reason = GateReason::being_written;
  answer.outcome = answer.reason == GateReason::listed ? Outcome::may_run : Outcome::may_not;
  return answer;
}

// What its content deserves, and whether it is asked about where it lies.
Answer answer_from(std::optional<node::Explanation> content, const Subject& subject, std::uint64_t device,
                   const std::optional<GateStatus>& gate) {
  Answer answer{Outcome::may_not, GateReason::not_a_file, std::move(content), gate};
  if (answer.content) answer.reason = answer.content->reason;
  const bool elsewhere = subject.device != device;
  const bool is_guarded = gate && gate->host && gate->host->state != HostGuardState::off;
  // Opening is not asked about there, so what a process has mapped is nobody's question.
  answer.on_host = elsewhere && is_guarded && subject.kind != Subject::Kind::mapped;
  if (answer.on_host) return on_the_host(std::move(answer), subject);
  if (answer.reason == GateReason::listed) {
    answer.outcome = Outcome::may_run;
  } else if (elsewhere) {
    answer.outcome = Outcome::not_asked;
    answer.reason = GateReason::outside_scope;
  }
  return answer;
}

// Of the subject, then of each file that it has mapped.
Result<std::vector<Answer>> answers_about(NodeWorld& world, const Subject& subject) {
  std::optional<GateStatus> gate;
  auto status = node::gate_status(world.disk());
  if (!status.ok() && status.error().code != Code::gate_not_running) return status.error();
  if (status.ok()) gate = std::move(status).value();
  std::vector<const Subject*> all{&subject};
  for (const auto& mapped : subject.mapped) all.push_back(&mapped);
  std::vector<const ByteSource*> files;
  for (const auto* one : all) {
    if (one->file) files.push_back(one->file.get());
  }
  auto contents = TRY(node::explain_contents(world.disk(), files));
  const auto device = TRY(device_of(world.root()));
  std::vector<Answer> answers;
  auto next = contents.begin();
  for (const auto* one : all) {
    std::optional<node::Explanation> content;
    if (one->file) content = std::move(*next++);
    answers.push_back(answer_from(std::move(content), *one, device, gate));
  }
  return answers;
}

std::string names(const std::set<PersonId>& persons) {
  std::string text;
  for (const auto& person : persons) text += (text.empty() ? "" : ", ") + person.text();
  return text;
}

// One content may be that of any number of files: an empty one, for instance.
constexpr std::size_t entries_shown_max = 20;

void show_home(const node::Home& home, Output& output) {
  const auto& origin = home.generation.origin;
  const auto& ballot = home.order->ballot;
  const auto& verdict = home.verdict->verdict;
  const bool runs = home.may_run == node::MayRun::yes;
  output.field("generation", std::to_string(home.generation.number) +
                                 (runs ? ", which may run" : ", which may not run now"));
  for (std::size_t i = 0; i < std::min(home.paths.size(), entries_shown_max); ++i)
    output.field("entry", home.paths[i]);
  if (home.paths.size() > entries_shown_max)
    output.field("entry",
                 "and " + std::to_string(home.paths.size() - entries_shown_max) + " more, see --json");
  output.field("package", origin.product.text() + " " + origin.version + ", counter " +
                              std::to_string(origin.counter) + ", sha256 " + origin.package.text());
  output.field("signer", fmt::format("{}", fmt::join(home.release->signers, ", ")) + "; source " +
                             home.release->source.text());
  output.field("order", std::string(word(home.order->order.kind)) + ", sequence " +
                            std::to_string(origin.sequence) + ", sha256 " + origin.order.text());
  output.field("proposed", ballot.proposer.text());
  output.field("approved", names(ballot.approved));
  output.field("verdict", std::string(sallyport::word(verdict.outcome)) + ", by " + verdict.intake.text() +
                              " at " + verdict.time.print() + ", sha256 " + origin.verdict.text());
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
  json.text("outcome", sallyport::word(verdict.outcome));
  json.text("verdict_time", verdict.time.print()).end_object();
}

std::string describe_gate(const Answer& answer) {
  if (!answer.gate) return "none runs: nobody is asked before something is executed";
  const auto& gate = *answer.gate;
  if (answer.on_host) {
    const bool enforces = gate.host->state == HostGuardState::enforce;
    const auto lets = enforces || answer.outcome != Outcome::may_not
                          ? ""
                          : ": it is executed all the same, and written down";
    return "of the host's own programs: " + std::string(word(gate.host->state)) + ", baseline " +
           std::to_string(gate.host->baseline) + lets;
  }
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
  if (subject.service) output.field("service", *subject.service + ", whose program this is");
  json.text("service", subject.service.value_or(""));
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
                                (digest.empty() ? "a size that nothing listed has" : "digest " + digest));
    json.number("size", content->size).text("digest", digest);
  }
  json.key("generations").begin_array();
  if (content) {
    for (const auto& home : content->homes) {
      show_home(home, output);
      write_home(home, json);
    }
  }
  json.end_array().key("in_baseline").boolean(content && content->in_baseline);
  json.text("gate", answer.gate ? word(answer.gate->mode) : "none");
  if (content && content->in_baseline) output.field("baseline", "the host's has it");
  output.field("gate", describe_gate(answer));
}

std::string generations_of(const node::Explanation& content) {
  std::string text;
  for (const auto& home : content.homes) {
    text += (text.empty() ? ", generation " : ", ") + std::to_string(home.generation.number) +
            (home.may_run == node::MayRun::yes ? "" : " (may not run now)");
  }
  return text;
}

void write_mapped(const Subject& subject, const Answer& answer, JsonWriter& json) {
  json.begin_object().text("file", valid_utf8(subject.leads_to));
  json.text("answer", word(answer.outcome)).text("reason", word(answer.reason));
  const auto& content = answer.content;
  json.number("size", content ? content->size : 0);
  json.text("digest", content && content->digest ? content->digest->text() : "");
  json.key("generations").begin_array();
  if (content) {
    for (const auto& home : content->homes) json.number(home.generation.number);
  }
  json.end_array().end_object();
}

// The libraries of a process, and whatever else it can execute.
void show_mapped(const Subject& subject, const std::vector<Answer>& answers, Output& output) {
  if (subject.kind != Subject::Kind::process) return;
  auto& json = output.json();
  json.key("mapped").begin_array();
  for (std::size_t i = 0; i < subject.mapped.size(); ++i) {
    const auto& [outcome, reason, content, gate, on_host] = answers.at(i + 1);
    output.field("mapped", std::string(word(outcome)) + ": " + std::string(word(reason)) +
                               (content ? generations_of(*content) : "") + ": " + subject.mapped[i].leads_to);
    write_mapped(subject.mapped[i], answers.at(i + 1), json);
  }
  json.end_array().number("code_without_file", subject.code_without_file);
  if (subject.code_without_file != 0)
    output.field("memory", std::to_string(subject.code_without_file) + " mappings of code that no file has");
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

Result<std::unique_ptr<NodeWorld>> node_of(const Arguments& arguments) {
  return NodeWorld::open_to_look(Arguments({{"root", {arguments.text_or("root", usual_root)}}}));
}

// The service whose first process this is: one of sallyport's own, which `node status` names.
std::optional<std::string> service_begun_by(NodeWorld& world, const std::string& process) {
  const auto names = world.disk().list("run");
  if (!names.ok()) return std::nullopt;
  for (const auto& name : names.value()) {
    if (!name.ends_with(".json")) continue;
    const auto bytes = world.disk().read_small("run/" + name, run_record_size_max);
    if (!bytes.ok()) continue;
    const auto record = parse_run_record(bytes.value());
    if (!record.ok() || std::to_string(record.value().process.pid) != process) continue;
    if (services::Process::find(record.value().process)) return record.value().service.text();
  }
  return std::nullopt;
}

// Of a service the program is asked about, and not what sallyport itself is.
Result<Subject> process_asked_about(NodeWorld& world, const std::string& number) {
  const auto service = service_begun_by(world, number);
  const auto program = service ? first_child_of(number) : std::nullopt;
  auto subject = TRY(process_numbered(program.value_or(number)));
  if (program) subject.service = *service;
  return subject;
}

Result<void> explain_subject(NodeWorld& world, const Subject& subject, Output& output) {
  const auto answers = TRY(answers_about(world, subject));
  show_subject(subject, output);
  show_answer(answers.front(), output);
  show_mapped(subject, answers, output);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].outcome == Outcome::may_not)
      return refusal(i == 0 ? subject : subject.mapped.at(i - 1), answers[i]);
  }
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
  if (is_process_number(name)) {
    const auto world = TRY(node_of(arguments));
    return explain_subject(*world, TRY(process_asked_about(*world, name)), output);
  }
  auto file = file_named(name);
  if (file.ok()) return explain_subject(*TRY(node_of(arguments)), file.value(), output);
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
      "again from what the node keeps. Of a process also each file that it has mapped as code; of the "
      "process that "
      "`node status` names\n"
      "for a service: its program.\n"
      "Exit code 3 (gate-denied) when no generation that may run has it, or one of these files. A file that "
      "is "
      "named like a code is ./NAME.",
      {"sallyport explain member-digest-mismatch", "sallyport explain ./stray --root /var/lib/sallyport",
       "sallyport explain 4711"},
      {{"CODE|FILE|PID", "", "A code as messages show it, a file, or the number of a process",
        Need::required}},
      {{"root", "DIR", "The node's root folder (default: /var/lib/sallyport)"}},
      run_explain};
}

}  // namespace sallyport::cli
