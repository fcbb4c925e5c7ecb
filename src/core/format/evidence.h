// SPDX-License-Identifier: Apache-2.0
// What an evidence run says: one record a test. docs/spec/evidence.md.
//
// evidence.json is a JSON list of records. evidence.dsse beside it is an in-toto Statement v1 with the
// predicate https://in-toto.io/attestation/test-result/v0.1, signed by the node's own key, whose subjects are
// evidence.json and every transcript: one changed, added or missing line shows.
#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/time.h"
#include "core/crypto/digest.h"
#include "core/format/gate_ways.h"

namespace sallyport {

enum class TestVerdict : std::uint8_t { pass, fail, not_run };

std::string_view text_of(TestVerdict verdict);  // "pass", "fail", "not-run"

struct TestInput {
  std::string name;
  Sha256Digest digest;
};

struct TestRecord {
  std::string requirement;         // "RX-1"
  std::string test;                // "RX-1.one-approval-short": stable
  std::string title;               // what it shows, for people
  std::vector<std::string> steps;  // the commands, as they were run, and what was done to the input before
  std::string expected;
  std::string observed;
  TestVerdict verdict;
  std::string reason;  // why it did not run, or did not pass; else empty
  std::vector<TestInput> inputs;
  std::string transcript;  // file name beside evidence.json; empty when it did not run
  Instant time;
};

constexpr std::uint64_t evidence_size_max = 16ULL << 20U;

std::string print_records(const std::vector<TestRecord>& records);  // the JSON list, indented
Result<std::vector<TestRecord>> parse_records(BytesView json);      // evidence_malformed

struct KnownList {
  std::string from;  // "policy", or "node": given to it since
  std::string authority;
  std::string number;  // hexadecimal
  Instant issued;
  Instant next;           // when the next one is due
  std::uint64_t revoked;  // certificates on it
};

// The gate of the node, and what came of trying the known ways past it on that host.
struct GateEvidence {
  std::string mode;                 // "enforce", "observe" or "none": no gate runs
  std::string mode_from;            // who says so: "policy" or "node"; empty where no gate runs
  std::vector<std::string> wanted;  // ways that the policy wants closed
  std::vector<Hole> holes;          // each way once; not-run where nobody could try

  bool operator==(const GateEvidence&) const = default;
};

// The statement about a run.
struct EvidenceStatement {
  std::vector<TestInput> subjects;  // evidence.json first, then the transcripts by name
  std::string node;                 // node id
  std::string build;                // version of the program that was tested
  std::uint64_t policy_version;
  Sha256Digest policy;
  std::vector<TestInput> packages;  // what was installed when the run began
  std::string gate;                 // the tier of run-time enforcement in force
  Instant time;
  std::vector<std::string> passed;  // names of tests
  std::vector<std::string> failed;
  std::vector<std::string> not_run;
  std::string log;           // the transparency log that the policy requires, or that it requires none
  std::uint64_t events;      // in the node's event log when the run ended
  Sha256Digest events_root;  // the hash of the tree over them (docs/spec/event.md)
  std::vector<KnownList> lists = {};     // revocation lists that the node goes by
  std::vector<std::string> ending = {};  // keys and anchors of the policy whose algorithm ends
  std::vector<std::string> revocation =
      {};  // what they, and answers in the packages, say about what is installed
  GateEvidence ways = {};
};

std::string print_evidence_statement(const EvidenceStatement& statement);
Result<EvidenceStatement> parse_evidence_statement(BytesView payload);  // one spelling; evidence_malformed

}  // namespace sallyport
