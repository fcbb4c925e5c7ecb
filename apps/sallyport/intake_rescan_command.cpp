// SPDX-License-Identifier: Apache-2.0
// What is stored is looked at again by engines that know more than they did: docs/spec/scanner.md, *Again*.
#include <optional>
#include <variant>

#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "adapters/disk/posix.h"
#include "adapters/host/workers.h"
#include "adapters/signer/open.h"
#include "adapters/unpacker/libarchive.h"
#include "adapters/worker/process.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/fleet.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/intake_engines.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/progress_bar.h"
#include "apps/sallyport/scan_folder.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "roles/operator/apart.h"
#include "roles/operator/intake.h"
#include "roles/operator/rescan.h"
#include "roles/operator/scan_cache.h"

namespace sallyport::cli {
namespace {

// Everything that stays the same from one package to the next.
struct Desk {
  Policy policy;
  intake::PolicyFiles policy_files;
  Instant now;
  intake::Speakers speakers;
  std::vector<intake::ApartScanner> scanners;
  std::string verdicts;
  std::optional<intake::ScanFiles> cache;
  std::optional<intake::PlainBook::Contents>
      plain;  // what holds nothing to be opened, where there is a cache
  std::vector<intake::GivenException> exceptions;
  bool rehearsed;
  std::optional<intake::Fleet> fleet = {};
};

struct Seen {
  std::string file;
  std::string verdict_file;
  Verdict verdict;
  bool known;  // by the verdict that was there
};

std::string verdict_path(const Desk& desk, const Sha256Digest& package) {
  return desk.verdicts + "/" + package.text() + ".verdict";
}

// What intake would refuse by now is looked at again: another policy, lists of revoked certificates that came later, a
// verdict or an exception that is over; and so is what exceptions that are given may be about.
bool still_counts(const Desk& desk, const Verdict& verdict, BytesView envelope) {
  if (verdict.policy != desk.policy.digest || !desk.policy_files.lists.empty()) return false;
  if (verdict.outcome == Outcome::not_clean) return desk.exceptions.empty();
  return trust::verdict(envelope, desk.policy, desk.now).ok();
}

// Nothing where there is none, or where the engines know more by now.
Result<std::optional<Verdict>> current_verdict(const Desk& desk, const Sha256Digest& package) {
  const auto file = read_whole_file(verdict_path(desk, package), envelope_size_max);
  if (!file.ok() && file.error().code == Code::file_missing) return std::optional<Verdict>();
  const auto bytes = TRY(file);
  const auto issued = TRY(trust::verdict_as_issued(bytes, desk.policy, desk.now));
  if (!still_counts(desk, issued->verdict, bytes)) return std::optional<Verdict>();
  std::vector<EngineInfo> engines;
  for (const auto& scanner : desk.scanners)
    if (scanner.engine.kind != intake::EngineKind::secrets) engines.push_back(scanner.engine.info);
  if (issued->verdict.package != package || !intake::knows_as_much(issued->verdict, engines))
    return std::optional<Verdict>();
  return std::optional(issued->verdict);
}

Result<Verdict> look_again(Desk& desk, const FileSource& source, const std::string& name,
                           const Sha256Digest& package) {
  ThreadWorkers workers;
  ProgressBar progress;
  WorkerProcesses apart;
  LibarchiveUnpacker unpacker;
  const intake::ApartPorts ports{apart,    desk.scanners,   unpacker,  workers,
                                 progress, desk.exceptions, desk.plain};
  auto done = TRY(intake::submit_apart(
      {source, source.fd(), name, desk.policy_files, desk.now, scratch_folder()}, ports, desk.speakers));
  // Of another tool's nothing runs, so that there is nothing to recall.
  auto* const verdict = std::get_if<Verdict>(&done.verdict);
  if (verdict == nullptr)
    return Error(Code::package_foreign, name, "a package of our own profile", "another");
  if (desk.rehearsed) return std::move(*verdict);
  TRY(replace_whole_file(verdict_path(desk, package), as_bytes(done.envelope), Readers::by_umask));
  if (desk.cache) TRY(desk.cache->save(desk.speakers.signer, ports, done));
  for (std::size_t i = 0; i < desk.scanners.size(); ++i)
    desk.scanners[i].known = intake::joined(desk.scanners[i].known, done.clean[i]);
  if (desk.plain) desk.plain = intake::joined(*desk.plain, done.plain);
  return std::move(*verdict);
}

Result<Seen> see(Desk& desk, const std::string& store, const std::string& name) {
  const auto source = TRY(FileSource::open(store + "/" + name));
  const auto package = TRY(intake::digest_of(*source));
  const auto known = TRY(current_verdict(desk, package));
  if (known) return Seen{name, verdict_path(desk, package), *known, true};
  auto verdict = TRY(look_again(desk, *source, name, package));
  return Seen{name, verdict_path(desk, package), std::move(verdict), false};
}

// Of one that is not clean the finding to tell, as the refusal has it.
const Finding& told_of(const Verdict& verdict, const std::vector<Finding>& left) {
  return intake::worst_of(left.empty() ? verdict.findings : left);
}

void show(const Seen& seen, const Desk& desk, Output& output) {
  const bool clean = seen.verdict.outcome != Outcome::not_clean;
  auto text = std::string(clean ? word(seen.verdict.outcome) : "NOT CLEAN") +
              (seen.known ? ", known by these databases" : "");
  if (!clean) {
    const auto left = intake::left_open(seen.verdict, desk.exceptions);
    const auto& told = told_of(seen.verdict, left.findings);
    text += ": " + told.code + " " + printable(told.where);
  }
  output.field(seen.file, text);
  output.json().begin_object().text("file", seen.file).text("package", seen.verdict.package.text());
  output.json().text("outcome", word(seen.verdict.outcome)).text("verdict", seen.verdict_file);
  output.json().key("known").boolean(seen.known);
  output.json().key("malware").boolean(intake::names_malware(seen.verdict));
  if (desk.fleet && intake::names_malware(seen.verdict))
    show_who_has(*desk.fleet, seen.verdict.package, output);
  output.json().end_object();
}

Event event_of(const Desk& desk, const std::string& name) {
  return {"intake-rescan", desk.now, user_name(), name, {}, {}, {}, desk.policy.version, {}, {}, "nothing"};
}

Result<Seen> see_recorded(Desk& desk, const std::string& store, const std::string& name, EventLog* log) {
  auto seen = attempt([&] { return see(desk, store, name); });
  auto event = event_of(desk, name);
  if (!seen.ok()) {
    TRY(recorded(log, event, seen.error()));
    return seen;
  }
  if (seen.value().known) return seen;
  event.package = seen.value().verdict.package.text();
  event.signer = seen.value().verdict.signer;
  if (!desk.rehearsed) event.effect = "verdict written to " + seen.value().verdict_file;
  const auto clean = intake::require_clean(seen.value().verdict, desk.exceptions);
  if (!clean.ok()) event.error = clean.error();
  if (log != nullptr) TRY(log->record(event));
  return seen;
}

std::string advice(const Arguments& arguments, const std::vector<std::string>& hits) {
  std::string text = "sallyport recall propose";
  for (const auto& hit : hits) text += " --verdict " + hit;
  if (arguments.has("reports"))
    text += " --reports " + arguments.text("reports") + " --node-keys " + arguments.text("node-keys");
  return text + " --policy " + arguments.text("policy") + " --pool POOL --as PERSON --key URI -o RECALL";
}

struct Looked {
  std::vector<Seen> seen;
  std::vector<std::pair<std::string, Error>> refused;
  std::optional<Error> fault;  // that ended it
};

// Refused packages do not keep the others from being looked at; a fault does.
Looked look_at_all(Desk& desk, const std::string& store, const std::vector<std::string>& names,
                   EventLog* log) {
  Looked looked;
  for (const auto& name : names) {
    if (!name.ends_with(".csar")) continue;
    auto seen = see_recorded(desk, store, name, log);
    if (seen.ok()) {
      looked.seen.push_back(std::move(seen).value());
    } else if (kind_of(seen.error().code) == Kind::refused) {
      looked.refused.emplace_back(name, seen.error());
    } else {
      looked.fault = seen.error();
      break;
    }
  }
  return looked;
}

void show_all(const Looked& looked, const Desk& desk, Output& output) {
  output.json().key("packages").begin_array();
  for (const auto& seen : looked.seen) show(seen, desk, output);
  output.json().end_array();
  for (const auto& [name, error] : looked.refused)
    output.field(name, "REFUSED: " + std::string(sallyport::name(error.code)));
}

Result<void> see_all(Desk& desk, const Arguments& arguments, EventLog* log, Output& output) {
  const auto& store = arguments.text("store");
  const auto disk = TRY(PosixDisk::shared_at(store));
  const auto looked = look_at_all(desk, store, TRY(disk->list("")), log);
  show_all(looked, desk, output);
  if (desk.fleet) show_fleet(*desk.fleet, output);
  std::vector<std::string> hits;
  std::optional<Error> malware;
  std::optional<Error> other;
  for (const auto& seen : looked.seen) {
    const bool is_hit = intake::names_malware(seen.verdict);
    if (is_hit) hits.push_back(seen.verdict_file);
    auto clean = intake::require_clean(seen.verdict, desk.exceptions);
    auto& first = is_hit ? malware : other;
    if (!clean.ok() && !first) first = clean.take_error();
  }
  // The last words are those of the error.
  if (!hits.empty()) output.line("To have nodes stop running it: " + advice(arguments, hits));
  auto worst = looked.fault;
  if (!worst) worst = malware ? malware : other;
  if (!worst && !looked.refused.empty()) worst = looked.refused.front().second;
  if (!worst) return {};
  worst->effect =
      hits.empty() ? "No recall is to be proposed." : "To have nodes stop running it, propose a recall.";
  if (looked.fault) worst->effect += " The packages that come behind were not looked at.";
  return *worst;
}

Result<void> run_rescan(const Arguments& arguments, Output& output) {
  auto policy = TRY(load_policy_and_lists(arguments));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto log = TRY(open_events(arguments));
  const auto keys = TRY(open_keys(arguments));
  auto exceptions = TRY(open_exceptions(arguments, policy, now));
  intake::Speakers speakers{*keys.first};
  for (const auto& key : keys.further) speakers.further.push_back(key.get());
  TRY(intake::check_keys(policy, speakers));
  auto policy_files = TRY(read_policy_files(arguments));
  auto fleet = TRY(load_fleet(arguments, now));
  auto scanners = TRY(open_engines(arguments, now));
  Desk desk{std::move(policy),
            std::move(policy_files),
            now,
            std::move(speakers),
            std::move(scanners),
            arguments.text("verdicts"),
            {},
            {},
            std::move(exceptions),
            arguments.rehearses(),
            std::move(fleet)};
  if (arguments.has("cache")) {
    desk.cache.emplace(TRY(open_scan_folder(arguments.text("cache"))), LibarchiveUnpacker(), now);
    desk.plain = TRY(desk.cache->load(keys.first->public_key(), desk.scanners));
  }
  return see_all(desk, arguments, log.get(), output);
}

}  // namespace

Command intake_rescan_command() {
  return {
      "intake rescan",
      "Have stored packages scanned again, when an engine or its database is new",
      "Looks at each *.csar of a folder as `intake submit` does, and writes the new verdict to "
      "DIR/<sha256 of the package>.verdict. A package\nwhose verdict there is of the same engines and "
      "databases is not scanned again; nor is a content that --cache knows. What is found\nbecomes a "
      "proposal to recall it with `recall propose`. docs/spec/scanner.md",
      {"sallyport intake rescan --store packages --verdicts rescanned --policy policy.json --key "
       "file:intake.key --clamd /run/clamav/clamd.ctl --cache scans"},
      {},
      {{"store", "DIR", "The folder with the packages", Need::required},
       {"verdicts", "DIR", "The folder with their verdicts, where the new ones go", Need::required},
       {"policy", "POLICY", "The policy file", Need::required},
       {"key", "URI",
        "The key of an intake of the policy: file:PATH or pkcs11:…; where the policy asks for several kinds "
        "of signatures, one of each",
        Need::required, Takes::values},
       engine_options[0],
       engine_options[1],
       engine_options[2],
       engine_options[3],
       {"cache", "DIR", "A folder of intake's own that remembers what clamd and other engines called clean"},
       reports_option,
       node_keys_option,
       exception_option,
       crl_option,
       {"at", "TIME", "Decide as of this time, instead of now"},
       dry_option,
       events_option},
      run_rescan};
}

}  // namespace sallyport::cli
