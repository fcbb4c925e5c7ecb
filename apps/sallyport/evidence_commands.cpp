// SPDX-License-Identifier: Apache-2.0
#include <ctime>

#include "adapters/commands/self.h"
#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "adapters/disk/posix.h"
#include "adapters/signer/create.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/format/dsse.h"
#include "roles/auditor/evidence.h"
#include "roles/auditor/report.h"

namespace sallyport::cli {
namespace {

void show(const std::vector<TestRecord>& records, Output& output) {
  std::uint64_t passed = 0;
  std::uint64_t failed = 0;
  std::uint64_t not_run = 0;
  for (const auto& record : records) {
    const bool pass = record.verdict == TestVerdict::pass;
    const bool fail = record.verdict == TestVerdict::fail;
    ++(pass ? passed : fail ? failed : not_run);
    const std::string_view word = pass ? "PASS   " : fail ? "FAIL   " : "NOT RUN";
    output.line(std::string(word) + "  " + printable(record.test) + "  " + printable(record.title));
    if (!record.reason.empty())
      output.line("         " + printable(record.reason));
    else if (fail)
      output.line("         expected: " + printable(record.expected) +
                  "; found: " + printable(record.observed));
  }
  output.line(std::to_string(passed) + " passed, " + std::to_string(failed) + " failed, " +
              std::to_string(not_run) + " not run");
  output.json().number("passed", passed).number("failed", failed).number("not_run", not_run);
}

// For --dry-run: nothing is executed.
class NoCommands final : public Commands {
 public:
  Result<CommandResult> run(const std::vector<std::string>& /*words*/) override {
    return CommandResult{0, "", ""};
  }
};

void show_cases(const std::vector<TestRecord>& records, Output& output) {
  output.json().key("would_try").begin_array();
  for (const auto& record : records) {
    const bool tried = record.verdict != TestVerdict::not_run;
    output.line(std::string(tried ? "WOULD TRY" : "NOT RUN  ") + "  " + printable(record.test) + "  " +
                printable(record.title));
    if (!tried) output.line("           " + printable(record.reason));
    if (tried) output.json().text(record.test);
  }
  output.json().end_array();
}

Result<void> run_run(const Arguments& arguments, Output& output) {
  const auto& root = arguments.text("root");
  const auto& out = arguments.text("o");
  const auto node = TRY(PosixDisk::at(root));
  const auto folder = TRY(disk_to_make(arguments, out));
  if (!TRY(folder->list("")).empty()) return Error(Code::file_exists, out, "a new or empty folder", "files");
  SelfCommands itself;
  NoCommands nothing;
  Commands& commands = arguments.rehearses() ? static_cast<Commands&>(nothing) : itself;
  const auto key = TRY(open_node_key(*node, root));
  const auto at = TRY(arguments.time_or_now("at"));
  const auto clock = TRY(Instant::from_seconds(std::time(nullptr)));
  const auditor::EvidenceRequest request{root,
                                         out,
                                         SALLYPORT_VERSION,
                                         at,
                                         arguments.text_or("clamd", ""),
                                         arguments.list("intake-key"),
                                         arguments.text_or("malware-package", ""),
                                         clock};
  constexpr std::int64_t day_seconds = 86400;
  const auto stranger =
      TRY(self_signed_certificate(*key, "Nobody of the policy", at.plus(-day_seconds), at.plus(day_seconds)));
  const auto run = TRY(auditor::run_evidence(request, {*node, *folder, commands, *key, stranger}));
  if (arguments.rehearses()) {
    show_cases(run.records, output);
    return {};
  }
  show(run.records, output);
  if (!run.statement.failed.empty()) {
    const auto& said = run.statement;
    return Error(Code::evidence_failed, out, "no test that failed; one that did not run is none",
                 std::to_string(said.failed.size()) + " failed, the first is " + said.failed.front());
  }
  output.next("sallyport evidence report " + out + " -o evidence.html");
  return {};
}

// The folder of an evidence run; FILE may be the folder or a file in it.
Result<std::string> folder_of(const std::string& name) {
  if (name.ends_with(".json") || name.ends_with(".dsse")) {
    const auto slash = name.rfind('/');
    return slash == std::string::npos ? std::string(".") : name.substr(0, slash);
  }
  return name;
}

Result<auditor::ReportInput> read_evidence(const std::string& folder, const Arguments& arguments) {
  auto evidence = TRY(read_whole_file(folder + "/evidence.json", evidence_size_max));
  auto signed_evidence = TRY(read_whole_file(folder + "/evidence.dsse", envelope_size_max));
  auditor::EvidenceFiles files{std::move(evidence), std::move(signed_evidence), {}};
  const auto envelope = TRY(parse_envelope(files.envelope));
  for (const auto& subject : TRY(parse_evidence_statement(envelope.payload)).subjects) {
    if (subject.name == "evidence.json") continue;
    const auto name = TRY(RelativePath::parse(subject.name)).text();
    auto transcript = read_whole_file(folder + "/" + name, 16U << 20U);
    if (!transcript.ok())
      return Error(Code::evidence_malformed, name, "a transcript", transcript.error().found);
    files.transcripts.push_back({name, std::move(transcript).value()});
  }
  const auto key_file = arguments.text_or("key", folder + "/node.pub");
  const auto pem = TRY(read_whole_file(key_file, 65536));
  return auditor::verify_evidence(files, TRY(PublicKey::from_pem(as_text(pem))));
}

Result<void> run_report(const Arguments& arguments, Output& output) {
  const auto input = TRY(read_evidence(arguments.text("DIR"), arguments));
  const auto page = TRY(auditor::render_report(input));
  const auto& path = arguments.text("o");
  const bool is_page = path.ends_with(".html");
  const auto json_path = is_page ? path.substr(0, path.size() - 5) + ".json" : "";
  if (arguments.rehearses())
    return rehearse(is_page ? std::vector{path, json_path} : std::vector{path}, output);
  TRY(write_new_file(path, as_bytes(page), Readers::by_umask));
  output.line("Wrote the report " + printable(path));
  output.json().text("report", path);
  if (is_page) {
    TRY(write_new_file(json_path, as_bytes(print_records(input.records)), Readers::by_umask));
    output.line("Wrote the records " + printable(json_path));
    output.json().text("records", json_path);
  }
  return {};
}

Result<void> run_verify(const Arguments& arguments, Output& output) {
  const auto folder = TRY(folder_of(arguments.text("FILE")));
  const auto input = TRY(read_evidence(folder, arguments));
  output.line("The evidence is complete and as it was signed.");
  if (!arguments.has("key"))
    output.line(
        "The key came with the evidence: that nothing was changed is shown, who signed is not (see --key).");
  output.field("node", input.statement.node);
  output.field("time", input.statement.time.print());
  output.field("signed by", input.signer);
  output.json().text("node", input.statement.node).text("signer", input.signer);
  show(input.records, output);
  return {};
}

const Option key_option{
    "key", "FILE",
    "The node's public key, from a place that you trust (default: node.pub beside the evidence)"};

}  // namespace

std::vector<Command> evidence_commands() {
  return {
      {"evidence run",
       "Execute the source documents' test cases against a node",
       "Tries to install tampered twins of the node's own package, forged verdicts and orders, and checks "
       "that each is refused with its\n"
       "code and that nothing changed; installs the untampered ones on a laboratory node below DIR. "
       "docs/spec/evidence.md lists the\n"
       "tests. A test that cannot run says so. Results are signed with the node's key.",
       {"sallyport evidence run --root /var/lib/sallyport -o evidence"},
       {},
       {{"root", "DIR", "The node", Need::required},
        {"o", "DIR", "A new or empty folder for the results", Need::required},
        {"clamd", "SOCKET", "A scanner, for the malware test"},
        {"intake-key", "URI",
         "A key that may sign verdicts, for the malware test; where the policy asks for several kinds of "
         "signatures, one of each",
         Need::optional, Takes::values},
        {"malware-package", "FILE", "A package of an authorised source that carries the EICAR test file"},
        {"at", "TIME", "The time that the records carry, instead of now"},
        rehearse_option},
       run_run},
      {"evidence report",
       "Write the report of an evidence run",
       "Verifies the evidence, then writes one self-contained HTML page, and beside it the records as JSON.",
       {"sallyport evidence report evidence -o evidence.html"},
       {{"DIR", "", "The folder of the run", Need::required}},
       {{"o", "FILE.html", "Where the report goes; FILE.json goes beside it", Need::required},
        key_option,
        dry_option},
       run_report},
      {"evidence verify",
       "Check that evidence is complete and as it was signed",
       "Verifies the signature and the digests of the records and of every transcript.",
       {"sallyport evidence verify evidence/evidence.json --key mme-1.pub"},
       {{"FILE", "", "evidence.json, evidence.dsse or the folder of a run", Need::required}},
       {key_option},
       run_verify},
  };
}

}  // namespace sallyport::cli
