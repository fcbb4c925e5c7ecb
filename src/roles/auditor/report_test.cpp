// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/report.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/signer/memory.h"
#include "core/format/dsse.h"
#include "core/format/verdict.h"

namespace sallyport::auditor {
namespace {

const Instant time = Instant::parse("2026-11-21T22:06:00Z").value();

std::vector<TestRecord> records() {
  const auto digest = sha256(as_bytes("package"));
  return {{"RX-1",
           "RX-1.one-approval-short",
           "One approval short",
           {"sallyport node install <x>"},
           "approvals-missing",
           "approvals-missing, one of two",
           TestVerdict::pass,
           "",
           {{"package", digest}},
           "transcripts/RX-1.one-approval-short.txt",
           time},
          {"RAV",
           "RAV.malware-not-clean",
           "Malware gets no clean verdict",
           {},
           "",
           "",
           TestVerdict::not_run,
           "needs a scanner",
           {},
           "",
           time}};
}

// A genuine set of files, signed by a key of the test's.
struct Evidence {
  std::unique_ptr<Signer> signer = std::move(memory_signer(KeyKind::ed25519)).value();
  EvidenceFiles files;

  Evidence() {
    const auto json = print_records(records());
    files.records_json = copy(as_bytes(json));
    files.transcripts.push_back(
        {"transcripts/RX-1.one-approval-short.txt", copy(as_bytes("$ sallyport node install <x>\n"))});
    EvidenceStatement statement{{{"evidence.json", sha256(files.records_json)},
                                 {files.transcripts[0].name, sha256(files.transcripts[0].content)}},
                                "mme-1",
                                "0.1.0",
                                1,
                                sha256(as_bytes("policy")),
                                {{"package of generation 1", sha256(as_bytes("package"))}},
                                "namespace",
                                time,
                                {"RX-1.one-approval-short"},
                                {},
                                {"RAV.malware-not-clean"},
                                "none required by the policy",
                                5,
                                sha256(as_bytes("events")),
                                {{"node", "CN=acme root", "1f", time.plus(-86400), time.plus(86400), 3},
                                 {"policy", "CN=old root", "02", time.plus(-864000), time.plus(-1), 0}},
                                {"ECDSA P-256 until 2030-01-01T00:00:00Z: person bob, key 12"},
                                {"package of generation 1: CN=acme: not revoked by list 1f"}};
    statement.ways = {"enforce",
                      "policy",
                      {"exec-script"},
                      {{"exec-script", HoleState::closed, "fanotify: the attempt was denied"},
                       {"exec-bind-mount", HoleState::open, "it went <through>"},
                       {"exec-unlisted", HoleState::not_run, "nobody tried"}}};
    sign(statement);
  }

  void sign(const EvidenceStatement& statement) {
    const auto payload = print_evidence_statement(statement);
    Envelope envelope{std::string(statement_payload_type), copy(as_bytes(payload)), {}};
    const auto message = pre_authentication_encoding(envelope.payload_type, envelope.payload);
    envelope.signatures.push_back({signer->public_key().id(), signer->sign(message).value()});
    const auto text = print_envelope(envelope);
    files.envelope = copy(as_bytes(text));
  }
};

TEST(Evidence, AsSignedIsAccepted) {
  const Evidence evidence;
  const auto input = verify_evidence(evidence.files, evidence.signer->public_key());
  ASSERT_TRUE(input.ok()) << input.error().where;
  EXPECT_EQ(input.value().records.size(), 2U);
}

TEST(Evidence, A12_AnEditedLineBreaksVerification) {
  Evidence evidence;
  const std::string_view needle = "not-run";
  auto& json = evidence.files.records_json;
  const auto at = std::search(json.begin(), json.end(), needle.begin(), needle.end());
  ASSERT_NE(at, json.end());
  std::copy_n("pass\",\n", 7, at);
  EXPECT_EQ(verify_evidence(evidence.files, evidence.signer->public_key()).error().code,
            Code::evidence_malformed);
}

TEST(Evidence, A12_ADeletedOrChangedTranscriptBreaksVerification) {
  Evidence changed;
  changed.files.transcripts[0].content.push_back('\n');
  EXPECT_EQ(verify_evidence(changed.files, changed.signer->public_key()).error().code,
            Code::evidence_malformed);
  Evidence deleted;
  deleted.files.transcripts.clear();
  EXPECT_EQ(verify_evidence(deleted.files, deleted.signer->public_key()).error().code,
            Code::evidence_malformed);
}

TEST(Evidence, AnotherKeyIsRefused) {
  const Evidence evidence;
  const auto stranger = std::move(memory_signer(KeyKind::ed25519)).value();
  EXPECT_EQ(verify_evidence(evidence.files, stranger->public_key()).error().code, Code::evidence_malformed);
}

TEST(Report, ShowsVerdictsInWordsAndEscapesWhatItShows) {
  const Evidence evidence;
  const auto page =
      render_report(verify_evidence(evidence.files, evidence.signer->public_key()).value()).value();
  EXPECT_NE(page.find("RX-1.one-approval-short"), std::string::npos);
  EXPECT_NE(page.find("NOT RUN"), std::string::npos);
  EXPECT_NE(page.find("needs a scanner"), std::string::npos);
  EXPECT_NE(page.find("approvals-missing, one of two"), std::string::npos);
  EXPECT_NE(page.find("&lt;x&gt;"), std::string::npos);
  EXPECT_EQ(page.find("<x>"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("{{"), std::string::npos);
}

TEST(Report, E13_SaysWhichListsThereAreAndHowOld) {
  const Evidence evidence;
  const auto page =
      render_report(verify_evidence(evidence.files, evidence.signer->public_key()).value()).value();
  for (const auto* part :
       {"CN=acme root: number 1f, of the node", "(1 days before the run)", "3 certificate(s) revoked",
        "CN=old root: number 02, of the policy", "(10 days before the run)", "(NOT CURRENT), 0 certificate",
        "not revoked by list 1f", "ECDSA P-256 until 2030-01-01T00:00:00Z: person bob"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part;
  }
}

TEST(Report, M38_ShowsTheModeAndEveryWayPastTheGate) {
  const Evidence evidence;
  const auto input = verify_evidence(evidence.files, evidence.signer->public_key()).value();
  EXPECT_EQ(input.statement.ways.holes.size(), 3U);
  EXPECT_EQ(input.statement.ways.wanted, std::vector<std::string>{"exec-script"});
  const auto page = render_report(input).value();
  for (const auto* part :
       {"Mode of the gate: enforce",
        "exec-script</td><td><span class=\"word pass\">CLOSED</span></td><td>fanotify: the attempt was denied"
        "</td><td>has to be closed",
        "exec-bind-mount</td><td><span class=\"word fail\">OPEN</span></td><td>it went "
        "&lt;through&gt;</td><td></td>",
        "exec-unlisted</td><td><span class=\"word not-run\">NOT RUN</span></td><td>nobody tried"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part;
  }
}

TEST(Report, M38_EachStateOfAWayHasAWordOfItsOwn) {
  const Evidence evidence;
  auto input = verify_evidence(evidence.files, evidence.signer->public_key()).value();
  input.statement.gate = "fanotify <gate>";
  input.statement.ways = {"observe",
                          "policy",
                          {},
                          {{"exec-script", HoleState::not_applicable, "no interpreter\x1b[31m"},
                           {"service-trace", HoleState::declared, "the release says so"}}};
  const auto page = render_report(input).value();
  for (const auto* part :
       {"<dt>Enforcement</dt><dd>fanotify &lt;gate&gt;</dd>", "Mode of the gate: observe",
        "exec-script</td><td><span class=\"word not-run\">NOT APPLICABLE</span></td><td>no interpreter",
        "service-trace</td><td><span class=\"word not-run\">OPEN, AS DECLARED</span>"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(page.find('\x1b'), std::string::npos);
}

// A requirement passes only when each of its tests ran and passed.
TEST(Report, N14_WhatDidNotRunIsNeverShownAsPassed) {
  const Evidence evidence;
  auto input = verify_evidence(evidence.files, evidence.signer->public_key()).value();
  input.records[0].verdict = TestVerdict::not_run;
  const auto page = render_report(input).value();
  EXPECT_EQ(page.find(">PASS<"), std::string::npos);
  EXPECT_NE(page.find("NOT RUN"), std::string::npos);
}

TEST(Report, N14_ARequirementOfWhichATestDidNotRunIsPartlyRun) {
  const Evidence evidence;
  auto input = verify_evidence(evidence.files, evidence.signer->public_key()).value();
  input.records[1].requirement = "RX-1";
  const auto page = render_report(input).value();
  const auto heading = page.find("<h2 id=\"RX-1\">");
  ASSERT_NE(heading, std::string::npos);
  EXPECT_LT(page.find(">PARTLY RUN<", heading), page.find("</h2>", heading));
}

}  // namespace
}  // namespace sallyport::auditor
