// SPDX-License-Identifier: Apache-2.0
// Attempts of an evidence run: a command, what it must answer, and that nothing changed. One record each.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/commands/port.h"
#include "adapters/disk/port.h"
#include "core/format/evidence.h"

namespace sallyport::auditor {

// What makes a test: its name and what it shows.
struct TestCase {
  std::string requirement;
  std::string test;
  std::string title;
};

struct Attempt {
  TestCase test_case;
  std::vector<std::string> preparation;     // what was done before, in words
  std::vector<std::string> words;           // the command
  std::vector<std::string> expected_codes;  // "ok", or names of Codes of which one must be the answer
  int expected_exit;
  std::vector<TestInput> inputs;
};

// The state of a node that an attempt must not change: the active generation, the journal, the state copies,
// the policy, and the names of generations and objects.
struct NodeView {
  Disk& disk;
  std::string below;  // the node's root, relative to the disk; empty when it is the disk itself
  std::string path(const std::string& name) const { return below.empty() ? name : below + "/" + name; }
};
Result<Sha256Digest> fingerprint(const NodeView& node);

class Laboratory {
 public:
  Laboratory(Commands& commands, Disk& out, Instant time) : commands_(commands), out_(out), time_(time) {}

  // Runs it and records it.
  Result<void> attempt(const Attempt& attempt);
  // The same; but an answer that is not the expected one is asked about first: where there is a reason why the test
  // could not be tried (empty: there is none), it did not run.
  using Doubt = std::function<Result<std::string>(const std::string& code)>;
  Result<void> attempt_unless(const Attempt& attempt, const Doubt& doubt);
  // As attempt(), and a node whose fingerprint differs afterwards fails the test.
  Result<void> attempt_without_change(const Attempt& attempt, const NodeView& node);
  void not_run(const TestCase& test_case, std::string reason);
  // For what is observed without a command.
  void observe(const TestCase& test_case, std::string expected, std::string observed, TestVerdict verdict);

  const std::vector<TestRecord>& records() const { return records_; }
  const std::vector<TestInput>& transcripts() const { return transcripts_; }

 private:
  Result<CommandResult> run(const Attempt& attempt);
  Result<void> record(const Attempt& attempt, const CommandResult& result, std::optional<std::string> state);
  Result<std::string> write_transcript(const Attempt& attempt, const CommandResult& result);
  Commands& commands_;
  Disk& out_;
  Instant time_;
  std::vector<TestRecord> records_;
  std::vector<TestInput> transcripts_;
};

// The code in the answer of a command that was run with --json: "ok", a code's name, or "no answer".
std::string answered_code(const CommandResult& result);

}  // namespace sallyport::auditor
