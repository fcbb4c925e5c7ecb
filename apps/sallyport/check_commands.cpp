// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "adapters/host/workers.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/progress_bar.h"
#include "apps/sallyport/views.h"
#include "core/base/text.h"
#include "roles/auditor/inspect.h"
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

Result<void> verify_file(const Arguments& arguments, const ByteSource& file, auditor::FileKind kind,
                         const Policy& policy, Instant now, Output& output) {
  ThreadWorkers workers;
  ProgressBar progress;
  progress.begin("verifying", file.size());
  const auto result = TRY(auditor::verify(WatchedSource(file, progress), kind, policy, now, workers));
  output.line("Verified: " + printable(base_name(arguments.text("FILE"))) + " is a genuine " +
              std::string(auditor::name(kind)) + " as of " + now.print() + ".");
  output.json().text("kind", auditor::name(kind));
  show_proved(result, output);
  output.line("\nWhat it says:");
  show_fields(result.facts, output);
  return {};
}

Result<void> run_verify(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("FILE");
  const auto file = TRY(FileSource::open(path));
  const auto policy = TRY(load_policy_and_lists(arguments));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto log = TRY(open_events(arguments));
  const auto kind = auditor::kind_of_file(*file);
  if (kind.ok() && kind.value() == auditor::FileKind::evidence)
    return find_command("evidence verify")->run(arguments, output);
  Event event{"verify", now, user_name(), base_name(path), {}, {}, {}, policy.version, {}, {}, "nothing"};
  if (!kind.ok()) return recorded(log.get(), event, kind.error());
  return recorded(log.get(), event, verify_file(arguments, *file, kind.value(), policy, now, output));
}

Result<void> run_inspect(const Arguments& arguments, Output& output) {
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
  const auto diff = diff_trees(before, after);
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
       "Makes the very checks that a node makes, and needs nothing but the policy. A package: an authorised "
       "source "
       "signed every byte. A\nverdict: clean, complete and fresh. An order: approved by as many persons as "
       "the policy "
       "asks for. A stop order: by a person with a part in its pool. A bundle: all of these, and metadata "
       "that "
       "fits and is current.",
       {"sallyport verify mme-1.0.csar --policy policy.json",
        "sallyport verify mme-1.0.order --policy policy.json --json"},
       {file},
       {{"policy", "POLICY", "The policy file", Need::required},
        {"at", "TIME", "Verify as of this time, instead of now"},
        crl_option,
        {"key", "FILE", "Evidence: the node's public key, from a place that you trust"},
        events_option},
       run_verify},
      {"inspect",
       "Show what is in a file, without trusting it",
       "Shows the release, manifest, members and whatever gives power in a package, or the fields of a "
       "verdict, order or "
       "policy. Proves nothing.",
       {"sallyport inspect mme-1.0.csar"},
       {file},
       {},
       run_inspect},
      {"diff",
       "Show what changed between two packages",
       "Compares two releases: files, modes, owners, links, capabilities, services, ports. Exit code 10 when "
       "they differ. "
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
