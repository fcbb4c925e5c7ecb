// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>

#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "adapters/host/workers.h"
#include "adapters/signer/open.h"
#include "adapters/unpacker/libarchive.h"
#include "adapters/worker/process.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/intake_engines.h"
#include "apps/sallyport/open_findings.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/progress_bar.h"
#include "apps/sallyport/scan_folder.h"
#include "apps/sallyport/verdict_file.h"
#include "apps/sallyport/views.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "core/format/describe_foreign.h"
#include "core/trust/foreign_verdict.h"
#include "roles/operator/apart.h"
#include "roles/operator/intake.h"

namespace sallyport::cli {
namespace {

using Given = std::vector<intake::GivenException>;

void show_about(const Verdict& verdict, const Given& given, Output& output) {
  output.field("release", verdict.product.text() + " " + verdict.version + ", counter " +
                              std::to_string(verdict.counter));
  show_fields(fields_of(verdict, given), output);
}

void show_about(const ForeignVerdict& verdict, const Given&, Output& output) {
  show_fields(foreign_verdict_fields(verdict), output);
  output.json().key("tolerated").begin_array();
  for (const auto& one : verdict.tolerated) {
    output.json().begin_object().text("name", name(one.what)).text("where", one.where);
    output.json().number("count", one.count).end_object();
  }
  output.json().end_array();
  output.line("No node installs this package: it is of another tool.");
}

template <class OneVerdict>
void show_verdict(const OneVerdict& verdict, const Sha256Digest& digest, const Given& given, Output& output) {
  output.field("package", verdict.package_name + ", sha256 " + verdict.package.text());
  show_about(verdict, given, output);
  output.field("verdict", digest.text());
  output.json().text("package", verdict.package.text()).text("verdict_digest", digest.text());
}

Event event_of(const std::string& activity, const std::string& file, const Policy& policy, Instant time) {
  Event event{activity, time, user_name(), base_name(file), {}, {}, {}, policy.version, {}, {}, "nothing"};
  return event;
}

Result<void> refusal_of(const intake::AnyVerdict& verdict, const Given& given) {
  const auto* const own = std::get_if<Verdict>(&verdict);
  return own != nullptr ? intake::require_clean(*own, given)
                        : intake::require_clean(std::get<ForeignVerdict>(verdict));
}

// A verdict that is not clean is evidence, and is written like any other.
Result<void> write_verdict(const intake::ApartReport& report, const Given& given, const Arguments& arguments,
                           OutputFile* file, Output& output) {
  const auto& path = arguments.text("o");
  std::visit([&](const auto& verdict) { show_verdict(verdict, report.digest, given, output); },
             report.verdict);
  if (const auto* const own = std::get_if<Verdict>(&report.verdict))
    show_left_open(*own, given, arguments, output);
  const bool dry = file == nullptr;
  if (!dry) {
    TRY(file->write(as_bytes(report.envelope)));
    TRY(file->commit());
    output.json().text("file", path);
  }
  auto clean = refusal_of(report.verdict, given);
  if (clean.ok()) return {};
  auto error = clean.take_error();
  error.effect = dry ? "Nothing was written." : "The verdict, not clean, was written to " + path + ".";
  return error;
}

std::string next_step(const intake::AnyVerdict& verdict, const Arguments& arguments) {
  const auto& path = arguments.text("FILE");
  if (std::holds_alternative<ForeignVerdict>(verdict)) return "sallyport package build --wrap " + path;
  return "sallyport deploy propose " + path + " --verdict " + arguments.text("o") + " --policy " +
         arguments.text("policy") + " --pool POOL --as PERSON --key URI -o ORDER";
}

Result<void> run_submit(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("FILE");
  Tolerances tolerances;
  for (const auto& text : arguments.list("tolerate")) tolerances.insert(TRY(find_tolerance(text)));
  const auto policy = TRY(load_policy_and_lists(arguments));
  const auto policy_files = TRY(read_policy_files(arguments));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto log = TRY(open_events(arguments));
  const auto source = TRY(FileSource::open(path));
  const auto keys = TRY(open_keys(arguments));
  const auto file = TRY(new_output(arguments, arguments.text("o")));
  ThreadWorkers workers;
  ProgressBar progress;
  WorkerProcesses apart;
  LibarchiveUnpacker unpacker;

  Given given;

  auto event = event_of("intake-submit", path, policy, now);
  const auto report = attempt([&]() -> Result<intake::ApartReport> {
    intake::Speakers speakers{*keys.first};
    for (const auto& key : keys.further) speakers.further.push_back(key.get());
    TRY(intake::check_keys(policy, speakers));
    given = TRY(open_exceptions(arguments, policy, now));
    auto scanners = TRY(open_engines(arguments, now));
    std::optional<intake::ScanFiles> cache;
    std::optional<intake::PlainBook::Contents> plain;
    if (arguments.has("cache")) {
      cache.emplace(TRY(open_scan_folder(arguments.text("cache"))), unpacker, now);
      plain = TRY(cache->load(keys.first->public_key(), scanners));
    }
    const intake::ApartPorts ports{apart, scanners, unpacker, workers, progress, given, std::move(plain)};
    auto done = TRY(intake::submit_apart(
        {*source, source->fd(), base_name(path), policy_files, now, scratch_folder(), tolerances}, ports,
        speakers));
    if (cache && !arguments.rehearses()) TRY(cache->save(*keys.first, ports, done));
    return done;
  });
  if (!report.ok()) return recorded(log.get(), event, report.error());
  std::visit(
      [&](const auto& verdict) {
        event.package = verdict.package.text();
        event.signer = verdict.signer;
      },
      report.value().verdict);
  event.checks = report.value().checks;
  auto result = write_verdict(report.value(), given, arguments, file.get(), output);
  event.effect =
      arguments.has("dry-run") ? "nothing" : "verdict " + report.value().digest.text() + " written";
  output.next(next_step(report.value().verdict, arguments));
  return recorded(log.get(), event, std::move(result));
}

Result<void> run_show(const Arguments& arguments, Output& output) {
  const auto policy = TRY(load_policy(arguments.text("policy")));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto file = TRY(read_verdict(arguments.text("VERDICT")));
  const auto issued = trust::verdict_as_issued(file, policy, now);
  if (issued.ok()) {
    show_verdict(issued.value()->verdict, issued.value()->digest, {}, output);
    return {};
  }
  if (issued.error().code != Code::statement_type_mismatch) return issued.error();
  const auto foreign = TRY(trust::foreign_verdict_as_issued(file, policy, now));
  show_verdict(foreign->verdict, foreign->digest, {}, output);
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
       "verdict. A package of another tool (SOL004 option 1 or 2) gets one that says so: no node installs "
       "it, "
       "but it can be wrapped. docs/spec/scanner.md, docs/spec/foreign.md",
       {"sallyport intake submit mme-1.0.csar --policy policy.json --key file:intake.key --clamd "
        "/run/clamav/clamd.ctl -o mme-1.0.verdict",
        "sallyport intake submit vendor.csar --tolerate key-case --policy policy.json --key file:intake.key "
        "--clamd "
        "/run/clamav/clamd.ctl -o vendor.verdict"},
       {{"FILE", "", "The signed package", Need::required}},
       {policy,
        {"key", "URI",
         "The key of an intake of the policy: file:PATH or pkcs11:…; where the policy asks for several kinds "
         "of "
         "signatures, one of each",
         Need::required, Takes::values},
        {"tolerate", "NAME",
         "A package of another tool: a deviation from SOL004 to pass over, by its name in "
         "docs/spec/foreign.md. The verdict records each that was needed",
         Need::optional, Takes::values},
        engine_options[0],
        engine_options[1],
        engine_options[2],
        engine_options[3],
        {"cache", "DIR",
         "A folder of intake's own that remembers what clamd and other engines called clean, and what holds "
         "no archive"},
        exception_option,
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
