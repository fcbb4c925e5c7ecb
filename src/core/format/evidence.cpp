// SPDX-License-Identifier: Apache-2.0
#include "core/format/evidence.h"

#include "core/format/json.h"
#include "core/format/json_writer.h"

namespace sallyport {
namespace {

constexpr std::size_t tests_max = 10000;
constexpr std::size_t text_size_max = 8192;

void write_inputs(JsonWriter& json, std::string_view name, const std::vector<TestInput>& inputs) {
  json.key(name).begin_array();
  for (const auto& input : inputs) {
    json.begin_object().text("name", input.name).key("digest").begin_object();
    json.text("sha256", input.digest.text()).end_object().end_object();
  }
  json.end_array();
}

void write_list(JsonWriter& json, std::string_view name, const std::vector<std::string>& items) {
  json.key(name).begin_array();
  for (const auto& item : items) json.text(item);
  json.end_array();
}

Result<std::vector<TestInput>> read_inputs(JsonObject& object, std::string_view name) {
  const auto list = TRY(object.array(name, tests_max));
  std::vector<TestInput> inputs;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto entry = TRY(list.object(i));
    auto label = TRY(entry.text("name", text_size_max));
    auto digest = TRY(entry.object("digest"));
    auto value = TRY(Sha256Digest::parse(TRY(digest.text("sha256", 64))));
    TRY(digest.finish());
    TRY(entry.finish());
    inputs.push_back({std::move(label), value});
  }
  return inputs;
}

Result<std::vector<std::string>> read_list(JsonObject& object, std::string_view name) {
  const auto list = TRY(object.array(name, tests_max));
  std::vector<std::string> items;
  for (std::size_t i = 0; i < list.size(); ++i) items.push_back(TRY(list.lines(i, text_size_max)));
  return items;
}

Result<TestVerdict> read_verdict(JsonObject& object) {
  const auto text = TRY(object.text("verdict", 16));
  for (const auto verdict : {TestVerdict::pass, TestVerdict::fail, TestVerdict::not_run}) {
    if (text == text_of(verdict)) return verdict;
  }
  return object.malformed("verdict", "pass, fail or not-run", text);
}

Result<TestRecord> read_record(JsonObject object) {
  auto requirement = TRY(object.text("requirement", 64));
  auto test = TRY(object.text("test", 200));
  auto title = TRY(object.text("title", text_size_max));
  auto steps = TRY(read_list(object, "steps"));
  auto expected = TRY(object.lines("expected", text_size_max));
  auto observed = TRY(object.lines("observed", text_size_max));
  const auto verdict = TRY(read_verdict(object));
  auto reason = TRY(object.lines("reason", text_size_max));
  auto inputs = TRY(read_inputs(object, "inputs"));
  auto transcript = TRY(object.text("transcript", 255));
  const auto time = TRY(Instant::parse(TRY(object.text("time", 32))));
  TRY(object.finish());
  return TestRecord{std::move(requirement),
                    std::move(test),
                    std::move(title),
                    std::move(steps),
                    std::move(expected),
                    std::move(observed),
                    verdict,
                    std::move(reason),
                    std::move(inputs),
                    std::move(transcript),
                    time};
}

// Whatever a part of it refuses, the evidence file is what is wrong.
template <class T>
Result<T> as_evidence(Result<T> result) {
  if (result.ok()) return result;
  Error error = std::move(result).take_error();
  error.code = Code::evidence_malformed;
  return error;
}

Result<std::vector<TestRecord>> read_records(BytesView json) {
  // The list is wrapped, because a document of ours is an object.
  const auto wrapped = "{\"records\":" + std::string(as_text(json)) + "}";
  const auto document =
      TRY(JsonDocument::parse(as_bytes(wrapped), evidence_size_max, Code::evidence_malformed));
  auto top = TRY(document.object());
  const auto list = TRY(top.array("records", tests_max));
  TRY(top.finish());
  std::vector<TestRecord> records;
  for (std::size_t i = 0; i < list.size(); ++i) records.push_back(TRY(read_record(TRY(list.object(i)))));
  return records;
}

Result<std::vector<KnownList>> read_lists(JsonObject& object) {
  const auto list = TRY(object.array("revocation_lists", tests_max));
  std::vector<KnownList> lists;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto entry = TRY(list.object(i));
    auto from = TRY(entry.text("from", 16));
    auto authority = TRY(entry.text("authority", text_size_max));
    auto number = TRY(entry.text("number", 40));
    const auto issued = TRY(Instant::parse(TRY(entry.text("issued", 32))));
    const auto next = TRY(Instant::parse(TRY(entry.text("next", 32))));
    const auto revoked = TRY(entry.number("revoked", 1ULL << 53U));
    TRY(entry.finish());
    lists.push_back({std::move(from), std::move(authority), std::move(number), issued, next, revoked});
  }
  return lists;
}

void write_lists(JsonWriter& json, const std::vector<KnownList>& lists) {
  json.key("revocation_lists").begin_array();
  for (const auto& list : lists) {
    json.begin_object().text("from", list.from).text("authority", list.authority);
    json.text("number", list.number).text("issued", list.issued.print()).text("next", list.next.print());
    json.number("revoked", list.revoked).end_object();
  }
  json.end_array();
}

Result<GateEvidence> read_ways(JsonObject& predicate) {
  auto object = TRY(predicate.object("gate_ways"));
  auto mode = TRY(object.text("mode", 16));
  auto from = TRY(object.text("mode_from", 16));
  auto wanted = TRY(read_list(object, "wanted"));
  auto holes = TRY(read_holes(object, "holes"));
  TRY(object.finish());
  return GateEvidence{std::move(mode), std::move(from), std::move(wanted), std::move(holes)};
}

void write_ways(JsonWriter& json, const GateEvidence& gate) {
  json.key("gate_ways").begin_object().text("mode", gate.mode).text("mode_from", gate.mode_from);
  write_list(json, "wanted", gate.wanted);
  write_holes(json, "holes", gate.holes);
  json.end_object();
}

constexpr std::string_view predicate_type = "https://in-toto.io/attestation/test-result/v0.1";

Result<EvidenceStatement> read_statement(BytesView payload) {
  const auto document = TRY(JsonDocument::parse(payload, evidence_size_max, Code::evidence_malformed));
  auto top = TRY(document.object());
  TRY(top.expect("_type", "https://in-toto.io/Statement/v1"));
  auto subjects = TRY(read_inputs(top, "subject"));
  TRY(top.expect("predicateType", predicate_type));
  auto predicate = TRY(top.object("predicate"));
  TRY(predicate.text("result", 16));
  auto packages = TRY(read_inputs(predicate, "configuration"));
  auto passed = TRY(read_list(predicate, "passedTests"));
  auto failed = TRY(read_list(predicate, "failedTests"));
  auto not_run = TRY(read_list(predicate, "notRunTests"));
  auto node = TRY(predicate.text("node", 64));
  auto build = TRY(predicate.text("build", 64));
  const auto policy_version = TRY(predicate.number("policy_version", 1ULL << 53U));
  const auto policy = TRY(Sha256Digest::parse(TRY(predicate.text("policy", 64))));
  auto gate = TRY(predicate.text("gate", text_size_max));
  const auto time = TRY(Instant::parse(TRY(predicate.text("time", 32))));
  auto log = TRY(predicate.text("log", text_size_max));
  const auto events = TRY(predicate.number("events", 1ULL << 53U));
  const auto events_root = TRY(Sha256Digest::parse(TRY(predicate.text("events_root", 64))));
  auto lists = TRY(read_lists(predicate));
  auto ending = TRY(read_list(predicate, "ending"));
  auto revocation = TRY(read_list(predicate, "revocation"));
  auto ways = TRY(read_ways(predicate));
  TRY(predicate.finish());
  TRY(top.finish());
  return EvidenceStatement{std::move(subjects),
                           std::move(node),
                           std::move(build),
                           policy_version,
                           policy,
                           std::move(packages),
                           std::move(gate),
                           time,
                           std::move(passed),
                           std::move(failed),
                           std::move(not_run),
                           std::move(log),
                           events,
                           events_root,
                           std::move(lists),
                           std::move(ending),
                           std::move(revocation),
                           std::move(ways)};
}

}  // namespace

std::string_view text_of(TestVerdict verdict) {
  switch (verdict) {
    case TestVerdict::pass:
      return "pass";
    case TestVerdict::fail:
      return "fail";
    case TestVerdict::not_run:
      return "not-run";
  }
  return "not-run";
}

std::string print_records(const std::vector<TestRecord>& records) {
  JsonWriter json;
  json.begin_array();
  for (const auto& record : records) {
    json.begin_object()
        .text("requirement", record.requirement)
        .text("test", record.test)
        .text("title", record.title);
    write_list(json, "steps", record.steps);
    json.text("expected", record.expected)
        .text("observed", record.observed)
        .text("verdict", text_of(record.verdict));
    json.text("reason", record.reason);
    write_inputs(json, "inputs", record.inputs);
    json.text("transcript", record.transcript).text("time", record.time.print()).end_object();
  }
  return indent_json(json.end_array().take());
}

Result<std::vector<TestRecord>> parse_records(BytesView json) {
  return as_evidence(read_records(json));
}

std::string print_evidence_statement(const EvidenceStatement& statement) {
  JsonWriter json;
  json.begin_object().text("_type", "https://in-toto.io/Statement/v1");
  write_inputs(json, "subject", statement.subjects);
  json.text("predicateType", predicate_type).key("predicate").begin_object();
  const bool clean = statement.failed.empty() && statement.not_run.empty();
  json.text("result", !statement.failed.empty() ? "FAILED" : clean ? "PASSED" : "WARNED");
  write_inputs(json, "configuration", statement.packages);
  write_list(json, "passedTests", statement.passed);
  write_list(json, "failedTests", statement.failed);
  write_list(json, "notRunTests", statement.not_run);
  json.text("node", statement.node)
      .text("build", statement.build)
      .number("policy_version", statement.policy_version);
  json.text("policy", statement.policy.text())
      .text("gate", statement.gate)
      .text("time", statement.time.print());
  json.text("log", statement.log)
      .number("events", statement.events)
      .text("events_root", statement.events_root.text());
  write_lists(json, statement.lists);
  write_list(json, "ending", statement.ending);
  write_list(json, "revocation", statement.revocation);
  write_ways(json, statement.ways);
  return json.end_object().end_object().take();
}

Result<EvidenceStatement> parse_evidence_statement(BytesView payload) {
  auto statement = TRY(as_evidence(read_statement(payload)));
  if (print_evidence_statement(statement) != as_text(payload)) {
    return Error(Code::evidence_malformed, "statement", "the one spelling of the format", "another");
  }
  return statement;
}

}  // namespace sallyport
