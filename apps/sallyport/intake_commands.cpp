// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "adapters/host/workers.h"
#include "adapters/scanner/clamd.h"
#include "adapters/signer/open.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/progress_bar.h"
#include "apps/sallyport/views.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "roles/operator/intake.h"

namespace sallyport::cli {
namespace {

void show_verdict(const Verdict& verdict, const Sha256Digest& digest, Output& output) {
  output.field("package", verdict.package_name + ", sha256 " + verdict.package.text());
  output.field("release", verdict.product.text() + " " + verdict.version + ", counter " +
                              std::to_string(verdict.counter));
  show_fields(verdict_fields(verdict), output);
  output.field("verdict", digest.text());
  output.json().text("package", verdict.package.text()).text("verdict_digest", digest.text());
}

Event event_of(const std::string& activity, const std::string& file, const Policy& policy, Instant time) {
  Event event{activity, time, user_name(), base_name(file), {}, {}, {}, policy.version, {}, {}, "nothing"};
  return event;
}

// A verdict that is not clean is evidence, and is written like any other.
Result<void> write_verdict(const intake::Report& report, const Arguments& arguments, OutputFile& file,
                           Output& output) {
  const auto& path = arguments.text("o");
  show_verdict(report.verdict, report.digest, output);
  const bool dry = arguments.has("dry-run");
  if (!dry) {
    TRY(file.write(as_bytes(report.envelope)));
    TRY(file.commit());
    output.json().text("file", path);
  }
  auto clean = intake::require_clean(report.verdict);
  if (clean.ok()) return {};
  auto error = clean.take_error();
  error.effect = dry ? "Nothing was written." : "The verdict, not clean, was written to " + path + ".";
  return error;
}

Result<void> run_submit(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("FILE");
  const auto policy = TRY(load_policy_and_lists(arguments));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto log = TRY(open_events(arguments));
  const auto source = TRY(FileSource::open(path));
  const auto keys = TRY(open_keys(arguments));
  const auto file = TRY(OutputFile::create(arguments.text("o"), Readers::by_umask));
  Clamd scanner({arguments.text("clamd")});
  ThreadWorkers workers;
  ProgressBar progress;

  auto event = event_of("intake-submit", path, policy, now);
  const auto report = attempt([&] {
    intake::Ports ports{scanner, *keys.first, workers, progress};
    for (const auto& key : keys.further) ports.further.push_back(key.get());
    return intake::submit({*source, base_name(path), policy, now}, ports);
  });
  if (!report.ok()) return recorded(log.get(), event, report.error());
  const auto& verdict = report.value().verdict;
  event.package = verdict.package.text();
  event.signer = verdict.signer;
  event.checks = report.value().package.evidence().checks;
  auto result = write_verdict(report.value(), arguments, *file, output);
  event.effect =
      arguments.has("dry-run") ? "nothing" : "verdict " + report.value().digest.text() + " written";
  output.next("sallyport deploy propose " + path + " --verdict " + arguments.text("o") + " --policy " +
              arguments.text("policy") + " --pool POOL --as PERSON --key URI -o ORDER");
  return recorded(log.get(), event, std::move(result));
}

Result<void> run_show(const Arguments& arguments, Output& output) {
  const auto policy = TRY(load_policy(arguments.text("policy")));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto file = TRY(read_whole_file(arguments.text("VERDICT"), envelope_size_max));
  const auto issued = TRY(trust::verdict_as_issued(file, policy, now));
  show_verdict(issued->verdict, issued->digest, output);
  return {};
}

}  // namespace

std::vector<Command> intake_commands() {
  const Option policy{"policy", "POLICY", "The policy file", Need::required};
  const Option at{"at", "TIME", "Decide as of this time, instead of now"};
  return {
      {"intake submit",
       "Verify a package, have it scanned, and sign the verdict",
       "Verifies every byte of the package against the policy, hands each content and each member of it to "
       "clamd, and "
       "writes what was\nfound as a signed verdict. The verdict is clean only if clamd called every one of "
       "them clean: a "
       "limit that was hit or an encrypted\narchive is not clean. A package that does not verify gets no "
       "verdict. "
       "docs/spec/scanner.md",
       {"sallyport intake submit mme-1.0.csar --policy policy.json --key file:intake.key --clamd "
        "/run/clamav/clamd.ctl -o mme-1.0.verdict"},
       {{"FILE", "", "The signed package", Need::required}},
       {policy,
        {"key", "URI",
         "The key of an intake of the policy: file:PATH or pkcs11:…; where the policy asks for several kinds "
         "of "
         "signatures, one of each",
         Need::required, Takes::values},
        {"clamd", "SOCKET", "The UNIX socket of clamd", Need::required},
        crl_option,
        {"o", "VERDICT", "Where the verdict goes", Need::required},
        at,
        dry_option,
        events_option},
       run_submit},
      {"intake show",
       "Show what a verdict says",
       "Verifies that an intake of the policy signed the verdict, and shows it, clean or not.",
       {"sallyport intake show mme-1.0.verdict --policy policy.json"},
       {{"VERDICT", "", "The verdict file", Need::required}},
       {policy, at},
       run_show},
  };
}

}  // namespace sallyport::cli
