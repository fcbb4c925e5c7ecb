// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/report.h"

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <map>

#include "core/base/text.h"
#include "core/format/dsse.h"
#include "core/format/verdict.h"
#include "roles/auditor/report_page.h"

namespace sallyport::auditor {
namespace {

namespace mustache = kainjow::mustache;

// What the requirements of the source documents say, in the order of the report.
struct Requirement {
  std::string_view id;
  std::string_view text;
};
constexpr Requirement requirements[] = {
    {"RX-1",
     "Only authorised persons can initiate and deploy a software update; software comes from verified "
     "sources only."},
    {"RX-2", "The integrity of a software package is guaranteed by a technical method."},
    {"RI-1", "Software package integrity is checked at installation and at upgrade."},
    {"RI-2", "The node itself validates the package, by digital signature."},
    {"RI-3", "Tampered software is not executed when the integrity check fails."},
    {"RTC-a", "Test case: install and upgrade software that was tampered with."},
    {"RTC-b", "Test case: install and upgrade software that was not tampered with."},
    {"RAV", "Packages are checked for malware, and the verdict is a precondition of deployment."},
    {"RO-1", "The update mechanism and its management are trustworthy and robust."},
    {"RO-2", "Software integrity is kept on the node."},
};

std::string word(TestVerdict verdict) {
  return verdict == TestVerdict::pass ? "PASS" : verdict == TestVerdict::fail ? "FAIL" : "NOT RUN";
}

mustache::data list_of(const std::vector<std::string>& lines) {
  mustache::data list{mustache::data::type::list};
  for (const auto& line : lines) list << mustache::data{"line", printable(line)};
  return list;
}

mustache::data inputs_of(const std::vector<TestInput>& inputs) {
  mustache::data list{mustache::data::type::list};
  for (const auto& input : inputs) {
    mustache::data item;
    item.set("name", printable(input.name));
    item.set("digest", input.digest.text());
    list << item;
  }
  return list;
}

mustache::data lists_of(const EvidenceStatement& statement) {
  constexpr std::int64_t day_seconds = 86400;
  mustache::data list{mustache::data::type::list};
  for (const auto& known : statement.lists) {
    const auto days = (statement.time.seconds() - known.issued.seconds()) / day_seconds;
    const bool is_current = known.issued <= statement.time && statement.time <= known.next;
    list << mustache::data{
        "line",
        printable(known.authority + ": number " + known.number + ", of the " + known.from + ", issued " +
                  known.issued.print() + " (" + std::to_string(days) + " days before the run), next due " +
                  known.next.print() + (is_current ? "" : " (NOT CURRENT)") + ", " +
                  std::to_string(known.revoked) + " certificate(s) revoked")};
  }
  return list;
}

mustache::data ways_of(const GateEvidence& gate) {
  mustache::data list{mustache::data::type::list};
  for (const auto& [way, state, detail] : gate.holes) {
    const bool has_to_be = std::find(gate.wanted.begin(), gate.wanted.end(), way) != gate.wanted.end();
    mustache::data item;
    item.set("way", printable(way));
    item.set("state", state == HoleState::closed           ? "CLOSED"
                      : state == HoleState::open           ? "OPEN"
                      : state == HoleState::not_applicable ? "NOT APPLICABLE"
                      : state == HoleState::declared       ? "OPEN, AS DECLARED"
                                                           : "NOT RUN");
    item.set("class", state == HoleState::closed ? "pass" : state == HoleState::open ? "fail" : "not-run");
    item.set("detail", printable(detail));
    item.set("wanted", has_to_be ? "has to be closed" : "");
    list << item;
  }
  return list;
}

mustache::data record_of(const TestRecord& record) {
  mustache::data item;
  item.set("test", printable(record.test));
  item.set("title", printable(record.title));
  item.set("verdict", word(record.verdict));
  item.set("class", std::string(text_of(record.verdict)));
  item.set("expected", printable(record.expected));
  item.set("observed", printable(record.observed));
  item.set("reason", printable(record.reason));
  item.set("has_reason", !record.reason.empty());
  item.set("ran", record.verdict != TestVerdict::not_run);
  item.set("transcript", printable(record.transcript));
  item.set("time", record.time.print());
  item.set("steps", list_of(record.steps));
  item.set("inputs", inputs_of(record.inputs));
  return item;
}

mustache::data requirement_of(const Requirement& requirement, const std::vector<TestRecord>& records) {
  mustache::data tests{mustache::data::type::list};
  std::map<TestVerdict, int> counts;
  for (const auto& record : records) {
    if (record.requirement != requirement.id) continue;
    ++counts[record.verdict];
    tests << record_of(record);
  }
  const bool failed = counts[TestVerdict::fail] > 0;
  const bool passed = !failed && counts[TestVerdict::pass] > 0 && counts[TestVerdict::not_run] == 0;
  const auto verdict = failed ? TestVerdict::fail : passed ? TestVerdict::pass : TestVerdict::not_run;
  mustache::data item;
  item.set("id", std::string(requirement.id));
  item.set("text", std::string(requirement.text));
  item.set("tests", tests);
  item.set("pass", std::to_string(counts[TestVerdict::pass]));
  item.set("fail", std::to_string(counts[TestVerdict::fail]));
  item.set("not_run", std::to_string(counts[TestVerdict::not_run]));
  item.set("verdict", passed || failed                ? word(verdict)
                      : counts[TestVerdict::pass] > 0 ? "PARTLY RUN"
                                                      : "NOT RUN");
  item.set("class", std::string(text_of(verdict)));
  return item;
}

Result<void> check_subject(const TestInput& subject, BytesView content) {
  const auto found = sha256(content);
  if (found == subject.digest) return {};
  return Error(Code::evidence_malformed, subject.name, subject.digest.text(), found.text());
}

Result<void> check_subjects(const EvidenceFiles& files, const EvidenceStatement& statement) {
  const auto& subjects = statement.subjects;
  if (subjects.empty() || subjects.front().name != "evidence.json") {
    return Error(Code::evidence_malformed, "statement", "evidence.json as the first subject", "another");
  }
  TRY(check_subject(subjects.front(), files.records_json));
  for (std::size_t i = 1; i < subjects.size(); ++i) {
    const auto file =
        std::find_if(files.transcripts.begin(), files.transcripts.end(),
                     [&](const SignedFile& candidate) { return candidate.name == subjects[i].name; });
    if (file == files.transcripts.end())
      return Error(Code::evidence_malformed, subjects[i].name, "the transcript", "none");
    TRY(check_subject(subjects[i], file->content));
  }
  return {};
}

}  // namespace

Result<ReportInput> verify_evidence(const EvidenceFiles& files, const PublicKey& key) {
  const auto envelope = TRY(parse_envelope(files.envelope));
  if (envelope.payload_type != statement_payload_type || envelope.signatures.size() != 1) {
    return Error(Code::evidence_malformed, "evidence.dsse", "one signature over an in-toto statement",
                 "something else");
  }
  const auto message = pre_authentication_encoding(envelope.payload_type, envelope.payload);
  TRY(key.verify(message, envelope.signatures.front().signature, Code::evidence_malformed));
  auto statement = TRY(parse_evidence_statement(envelope.payload));
  TRY(check_subjects(files, statement));
  auto records = TRY(parse_records(files.records_json));
  return ReportInput{std::move(records), std::move(statement), key.id().text(),
                     sha256(files.records_json).text()};
}

Result<std::string> render_report(const ReportInput& input) {
  mustache::mustache page{std::string(report_page)};
  if (!page.is_valid())
    return Error(Code::internal_error, "report page", "a valid template", page.error_message());
  mustache::data requirement_list{mustache::data::type::list};
  for (const auto& requirement : requirements) requirement_list << requirement_of(requirement, input.records);
  mustache::data data;
  const auto& statement = input.statement;
  data.set("requirements", requirement_list);
  data.set("node", printable(statement.node));
  data.set("build", printable(statement.build));
  data.set("gate", printable(statement.gate));
  data.set("time", statement.time.print());
  data.set("policy_version", std::to_string(statement.policy_version));
  data.set("policy", statement.policy.text());
  data.set("log", printable(statement.log));
  data.set("events", std::to_string(statement.events));
  data.set("events_root", statement.events_root.text());
  data.set("lists", lists_of(statement));
  data.set("no_lists", statement.lists.empty());
  data.set("revocation", list_of(statement.revocation));
  data.set("ending", list_of(statement.ending));
  data.set("has_ending", !statement.ending.empty());
  data.set("gate_mode", printable(statement.ways.mode));
  data.set("ways", ways_of(statement.ways));
  data.set("packages", inputs_of(statement.packages));
  data.set("signer", input.signer);
  data.set("digest", input.evidence_digest);
  data.set("passed", std::to_string(statement.passed.size()));
  data.set("failed", std::to_string(statement.failed.size()));
  data.set("not_run", std::to_string(statement.not_run.size()));
  return page.render(data);
}

}  // namespace sallyport::auditor
