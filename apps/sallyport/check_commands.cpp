// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "adapters/disk/file_source.h"
#include "adapters/disk/scratch_file.h"
#include "adapters/host/workers.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/findings_view.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/motion_file.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/progress_bar.h"
#include "apps/sallyport/views.h"
#include "core/base/text.h"
#include "core/crypto/digest.h"
#include "core/format/dsse.h"
#include "roles/auditor/inspect.h"
#include "roles/auditor/inspect_build.h"
#include "roles/auditor/verify.h"

namespace sallyport::cli {
namespace {

void show_proved(const auditor::Verification& verification, Output& output) {
  output.json().key("proved").begin_array();
  for (const auto& check : verification.proved) {
    output.field(check.name, check.finding);
    output.json().begin_object().text("name", check.name).text("finding", check.finding).end_object();
  }
  output.json().end_array();
}

// Where the CSAR of an option 2 package is put that its outer archive holds compressed: without a name, and gone with
// us.
Result<std::unique_ptr<Scratch>> scratch_file() {
  const char* folder = std::getenv("TMPDIR");
  auto file = TRY(ScratchFile::beside(std::string(folder == nullptr ? "/var/tmp" : folder) + "/sallyport"));
  return std::unique_ptr<Scratch>(std::move(file));
}

void show_tolerated(const std::vector<Tolerated>& tolerated, Output& output) {
  output.json().key("tolerated").begin_array();
  for (const auto& one : tolerated) {
    output.json().begin_object().text("name", name(one.what)).text("where", one.where);
    output.json().number("count", one.count).end_object();
  }
  output.json().end_array();
}

// All that is wrong, gravest first; the first one is the refusal.
Result<auditor::Verification> report_package(const Result<auditor::PackageReport>& examined, Checks& passed,
                                             Output& output) {
  if (!examined.ok()) return examined.error();
  const auto& report = examined.value();
  passed = report.passed;
  show_tolerated(report.tolerated, output);
  const auto findings = report.findings.sorted();
  show_findings(findings, report.findings.count(), output);
  if (report.verification) return *report.verification;
  return findings.front();
}

Result<auditor::Verification> verify_any(const Arguments& arguments, const ByteSource& file,
                                         auditor::FileKind kind, const Policy& policy, Instant now,
                                         Checks& passed, Output& output) {
  Tolerances tolerances;
  for (const auto& text : arguments.list("tolerate")) tolerances.insert(TRY(find_tolerance(text)));
  ThreadWorkers workers;
  ProgressBar progress;
  progress.begin("verifying", file.size());
  const WatchedSource watched(file, progress);
  if (kind == auditor::FileKind::node_report) {
    if (!arguments.has("key"))
      return Error(Code::usage_error, "--key", "the node's public key, from a place that you trust", "none");
    const auto pem = TRY(read_whole_file(arguments.text("key"), 65536));
    return auditor::verify_node_report(watched, TRY(PublicKey::from_pem(as_text(pem))), now);
  }
  if (kind != auditor::FileKind::package) return auditor::verify(watched, kind, policy, now, workers, passed);
  return report_package(auditor::verify_package({watched, policy, now, tolerances, workers, scratch_file}),
                        passed, output);
}

Result<Sha256Digest> digest_of(const ByteSource& file) {
  constexpr std::uint64_t part_size = 1U << 20U;
  Hasher hasher(Sha2::sha256);
  for (std::uint64_t at = 0; at < file.size(); at += part_size)
    hasher.update(TRY(file.read(at, std::min(part_size, file.size() - at), part_size)));
  return hasher.finish_sha256();
}

// Which file it was, genuine or not.
Result<void> name_file(Event& event, const ByteSource& file, auditor::FileKind kind) {
  using auditor::FileKind;
  switch (kind) {
    case FileKind::package:
      event.package = TRY(digest_of(file)).text();
      return {};
    case FileKind::order:
    case FileKind::stop:
    case FileKind::recall:
      name_envelope(event, TRY(file.read(0, file.size(), envelope_size_max)));
      return {};
    case FileKind::verdict:
    case FileKind::foreign_verdict:
    case FileKind::policy:
    case FileKind::bundle:
    case FileKind::evidence:
    case FileKind::node_report:
      event.subject += ", SHA-256 " + TRY(digest_of(file)).text();
      return {};
  }
  return {};
}

// Of what is genuine: the package that it is or is about, and who signed it.
void name_facts(Event& event, const auditor::Verification& verified) {
  std::string speaker;  // where no vendor is named
  for (const auto& [key, value] : verified.facts) {
    if (key == "package") event.package = value;
    if (key == "signer") event.signer += (event.signer.empty() ? "" : ", ") + value;
    if (key == "proposer" || key == "intake") speaker = value;
  }
  if (event.signer.empty()) event.signer = speaker;
  event.checks = verified.proved;
}

Result<void> verify_file(const Arguments& arguments, const ByteSource& file, auditor::FileKind kind,
                         const Policy& policy, Event& event, Output& output) {
  const auto now = event.time;
  const auto verified = verify_any(arguments, file, kind, policy, now, event.checks, output);
  if (!verified.ok()) return verified.error();
  const auto& result = verified.value();
  name_facts(event, result);
  output.line("Verified: " + printable(base_name(arguments.text("FILE"))) + " is a genuine " +
              std::string(auditor::name(kind)) + " as of " + now.print() + ".");
  output.json().text("kind", auditor::name(kind));
  show_proved(result, output);
  output.line("\nWhat it says:");
  show_fields(result.facts, output);
  return {};
}

// What `evidence run` made.
bool is_evidence_folder(const std::string& path) {
  std::error_code failed;
  return std::filesystem::is_regular_file(path + "/evidence.json", failed);
}

Result<void> run_verify(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("FILE");
  if (is_evidence_folder(path)) return find_command("evidence verify")->run(arguments, output);
  const auto file = TRY(FileSource::open(path));
  const auto policy = TRY(load_policy_and_lists(arguments));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto log = TRY(open_events(arguments));
  const auto kind = auditor::kind_of_file(*file);
  if (kind.ok() && kind.value() == auditor::FileKind::evidence)
    return find_command("evidence verify")->run(arguments, output);
  Event event{"verify", now, user_name(), base_name(path), {}, {}, {}, policy.version, {}, {}, "nothing"};
  if (!kind.ok()) return recorded(log.get(), event, kind.error());
  if (log) TRY(name_file(event, *file, kind.value()));
  auto result = verify_file(arguments, *file, kind.value(), policy, event, output);
  return recorded(log.get(), event, std::move(result));
}

Result<void> run_inspect(const Arguments& arguments, Output& output) {
  if (is_evidence_folder(arguments.text("FILE")))
    return Error(Code::usage_error, arguments.text("FILE"), "a file",
                 "a folder of evidence: `sallyport evidence report` shows it");
  const auto file = TRY(FileSource::open(arguments.text("FILE")));
  const auto kind = TRY(auditor::kind_of_file(*file));
  const auto sections = TRY(auditor::inspect(*file, kind));
  output.line("Nothing of this was verified: it is what the file says about itself.");
  output.json().text("kind", auditor::name(kind)).key("sections").begin_array();
  for (const auto& section : sections) {
    output.line("\n" + printable(section.title));
    output.json().begin_object().text("title", section.title);
    show_fields(section.fields, output);
    output.json().end_object();
  }
  output.json().end_array();
  return {};
}

Result<void> run_diff(const Arguments& arguments, Output& output) {
  const auto old_file = TRY(FileSource::open(arguments.text("OLD")));
  const auto new_file = TRY(FileSource::open(arguments.text("NEW")));
  const auto before = TRY(auditor::claimed_tree(*old_file));
  const auto after = TRY(auditor::claimed_tree(*new_file));
  auto diff = diff_trees(before, after);
  for (auto& change : TRY(auditor::diff_claims(*old_file, *new_file)))
    diff.changes.push_back(std::move(change));
  show_diff(diff, detail_of(arguments), output);
  if (diff.changes.empty()) return {};
  return Error(Code::packages_differ, base_name(arguments.text("NEW")),
               "the release of " + arguments.text("OLD"),
               std::to_string(diff.changes.size()) + " differences");
}

}  // namespace

std::vector<Command> check_commands() {
  const Option file{"FILE", "", "The file", Need::required};
  return {
      {"verify",
       "Verify any package, verdict, order, bundle or evidence, and say what was proved",
       "Makes the very checks that a node makes, and needs nothing but the policy; of another file it says "
       "which command "
       "reads it. A package: an authorised "
       "source "
       "signed every byte; packages of other tools (SOL004 option 1 and 2) are verified as they are, "
       "and\neverything that is "
       "wrong with a package is told at once. A\nverdict: clean, complete and fresh. An order: approved by "
       "as many persons as "
       "the policy "
       "asks for. A stop order: by a person with a part in its pool. A bundle: all of these, and metadata "
       "that "
       "fits and is current.",
       {"sallyport verify mme-1.0.csar --policy policy.json",
        "sallyport verify vendor.csar --policy policy.json --at 2025-06-01T00:00:00Z --tolerate key-case",
        "sallyport verify mme-1.0.order --policy policy.json --json",
        "sallyport verify report.dsse --policy policy.json --key mme-1.pub"},
       {file},
       {{"policy", "POLICY", "The policy file", Need::required},
        {"at", "TIME", "Verify as of this time, instead of now"},
        crl_option,
        {"tolerate", "NAME",
         "A package of another tool: a deviation from SOL004 to pass over, by its name in "
         "docs/spec/foreign.md",
         Need::optional, Takes::values},
        {"key", "FILE",
         "Evidence, or the report of a node: the node's public key, from a place that you trust"},
        events_option},
       run_verify},
      {"inspect",
       "Show what is in a file, without trusting it",
       "Shows the release, manifest, members, whatever gives power, components and attestations of a "
       "package, or the fields of a\nverdict, order or policy. Proves nothing.",
       {"sallyport inspect mme-1.0.csar"},
       {file},
       {},
       run_inspect},
      {"diff",
       "Show what changed between two packages",
       "Compares two releases: files, digests, modes, owners, links, capabilities, interpreters, services, "
       "network needs, components\nof the bill of materials, signers. Exit code 10 when they differ. "
       "Proves nothing\nabout either.",
       {"sallyport diff mme-1.0.csar mme-1.1.csar"},
       {{"OLD", "", "The package before", Need::required}, {"NEW", "", "The package after", Need::required}},
       {full_option},
       run_diff},
      status_command(),
      doctor_command(),
  };
}

}  // namespace sallyport::cli
