// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/laboratory.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/format/json.h"

namespace sallyport::auditor {
namespace {

constexpr std::uint64_t journal_size_max = 256ULL << 20U;
constexpr std::size_t detail_size_max = 4096;  // a record's text has to be read again
constexpr std::string_view same_state = "the node's state is the same before and after";

std::string spelled(const std::vector<std::string>& words) {
  std::string line = "sallyport";
  for (const auto& word : words) line += " " + word;
  return line;
}

Result<void> add_file(Hasher& hasher, const NodeView& node, const std::string& name) {
  const auto found = TRY(node.disk.find(node.path(name)));
  hasher.update(as_bytes(name + (found ? "\n" : " absent\n")));
  if (found) hasher.update(TRY(node.disk.read_small(node.path(name), journal_size_max)));
  return {};
}

Result<void> add_names(Hasher& hasher, const NodeView& node, const std::string& folder) {
  if (!TRY(node.disk.find(node.path(folder)))) return {};
  for (const auto& name : TRY(node.disk.list(node.path(folder))))
    hasher.update(as_bytes(folder + "/" + name + "\n"));
  return {};
}

std::string any_of(const std::vector<std::string>& codes) {
  std::string text;
  for (const auto& code : codes) text += (text.empty() ? "" : " or ") + code;
  return text;
}

// What the answer said beside its code; empty where it said nothing.
std::string detail_of(const CommandResult& result) {
  const auto read = [&]() -> Result<std::string> {
    const auto document = TRY(JsonDocument::parse(as_bytes(result.output), 8U << 20U, Code::json_malformed));
    auto top = TRY(document.object());
    auto error = TRY(top.object("error"));
    const auto where = TRY(error.text("where", 4096));
    const auto expected = TRY(error.text("expected", 4096));
    const auto found = TRY(error.text("found", 4096));
    return fmt::format(" ({}: {} was expected, and {} found)", where, expected, found);
  };
  const auto detail = read();
  return detail.ok() && detail.value().size() <= detail_size_max ? detail.value() : "";
}

std::string describe(const std::string& code, int exit_code) {
  return fmt::format("{}, exit code {}", code, exit_code);
}

}  // namespace

Result<Sha256Digest> fingerprint(const NodeView& node) {
  Hasher hasher(Sha2::sha256);
  if (TRY(node.disk.find(node.path("active"))))
    hasher.update(as_bytes(TRY(node.disk.read_link(node.path("active")))));
  for (const auto* name : {"policy.json", "node.json", "journal", "state.a", "state.b"})
    TRY(add_file(hasher, node, name));
  TRY(add_names(hasher, node, "generations"));
  if (TRY(node.disk.find(node.path("objects")))) {
    for (const auto& prefix : TRY(node.disk.list(node.path("objects"))))
      TRY(add_names(hasher, node, "objects/" + prefix));
  }
  return hasher.finish_sha256();
}

std::string answered_code(const CommandResult& result) {
  const auto read = [&]() -> Result<std::string> {
    const auto document = TRY(JsonDocument::parse(as_bytes(result.output), 8U << 20U, Code::json_malformed));
    auto top = TRY(document.object());
    if (!top.has("error")) return std::string("ok");
    auto error = TRY(top.object("error"));
    return error.text("code", 64);
  };
  const auto code = read();
  return code.ok() ? code.value() : "no answer";
}

Result<std::string> Laboratory::write_transcript(const Attempt& attempt, const CommandResult& result) {
  std::string text;
  for (const auto& step : attempt.preparation) text += "# " + step + "\n";
  text += fmt::format("$ {}\n{}{}exit code {}\n", spelled(attempt.words), result.output, result.errors,
                      result.exit_code);
  const std::string name = fmt::format("{}.txt", attempt.test_case.test);
  TRY(out_.replace_file("transcripts/" + name, as_bytes(text), 0644));
  transcripts_.push_back({"transcripts/" + name, sha256(as_bytes(text))});
  return "transcripts/" + name;
}

Result<void> Laboratory::record(const Attempt& attempt, const CommandResult& result,
                                std::optional<std::string> state) {
  const std::string code = answered_code(result);
  const auto& codes = attempt.expected_codes;
  const bool as_expected =
      std::find(codes.begin(), codes.end(), code) != codes.end() && result.exit_code == attempt.expected_exit;
  const bool kept = !state || *state == same_state;
  auto transcript = TRY(write_transcript(attempt, result));
  TestRecord record{attempt.test_case.requirement,
                    attempt.test_case.test,
                    attempt.test_case.title,
                    attempt.preparation,
                    describe(any_of(codes), attempt.expected_exit),
                    describe(code, result.exit_code),
                    as_expected && kept ? TestVerdict::pass : TestVerdict::fail,
                    "",
                    attempt.inputs,
                    std::move(transcript),
                    time_};
  record.steps.push_back(spelled(attempt.words));
  if (state) record.expected += std::string("; ") + std::string(same_state);
  if (state) record.observed += "; " + *state;
  if (!as_expected) {
    record.reason =
        fmt::format("expected was {}, and found {}{}", describe(any_of(codes), attempt.expected_exit),
                    describe(code, result.exit_code), detail_of(result));
  }
  if (!kept) record.reason = "the node's state changed";
  records_.push_back(std::move(record));
  return {};
}

Result<CommandResult> Laboratory::run(const Attempt& attempt) {
  auto words = attempt.words;
  words.emplace_back("--json");
  return commands_.run(words);
}

Result<void> Laboratory::attempt(const Attempt& attempt) {
  return record(attempt, TRY(run(attempt)), std::nullopt);
}

Result<void> Laboratory::attempt_unless(const Attempt& attempt, const Doubt& doubt) {
  const auto result = TRY(run(attempt));
  const auto code = answered_code(result);
  const auto& codes = attempt.expected_codes;
  if (std::find(codes.begin(), codes.end(), code) == codes.end()) {
    auto why = TRY(doubt(code));
    if (!why.empty()) {
      not_run(attempt.test_case, std::move(why));
      return {};
    }
  }
  return record(attempt, result, std::nullopt);
}

Result<void> Laboratory::attempt_without_change(const Attempt& attempt, const NodeView& node) {
  const auto before = TRY(fingerprint(node));
  const auto result = TRY(run(attempt));
  const auto after = TRY(fingerprint(node));
  return record(attempt, result, std::string(before == after ? same_state : "the node's state has changed"));
}

void Laboratory::not_run(const TestCase& test_case, std::string reason) {
  records_.push_back({test_case.requirement,
                      test_case.test,
                      test_case.title,
                      {},
                      "",
                      "",
                      TestVerdict::not_run,
                      std::move(reason),
                      {},
                      "",
                      time_});
}

void Laboratory::observe(const TestCase& test_case, std::string expected, std::string observed,
                         TestVerdict verdict) {
  records_.push_back({std::string(test_case.requirement),
                      std::string(test_case.test),
                      std::string(test_case.title),
                      {},
                      std::move(expected),
                      std::move(observed),
                      verdict,
                      "",
                      {},
                      "",
                      time_});
}

}  // namespace sallyport::auditor
