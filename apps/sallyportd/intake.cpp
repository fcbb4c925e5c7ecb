// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyportd/intake.h"

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <variant>

#include "adapters/disk/file_source.h"
#include "adapters/unpacker/libarchive.h"
#include "adapters/worker/inside.h"
#include "apps/sallyportd/engines.h"
#include "apps/sallyportd/scan_folder.h"
#include "core/format/package_members.h"
#include "roles/operator/apart.h"
#include "roles/operator/kept_exceptions.h"
#include "roles/operator/list_members.h"
#include "roles/operator/rescan.h"

namespace sallyport::sallyportd {
namespace {

// By what it is called: a package of another tool has no release, so that its own digest stands there.
const Sha256Digest& release_of(const Verdict& verdict) {
  return verdict.release;
}
const Sha256Digest& release_of(const ForeignVerdict& verdict) {
  return verdict.package;
}
std::string_view option_of(const Verdict&) {
  return "OPTION_1";
}
std::string_view option_of(const ForeignVerdict& verdict) {
  return verdict.option == SecurityOption::option_1 ? "OPTION_1" : "OPTION_2";
}

Hit hit_of(const Verdict& verdict) {
  return intake::names_malware(verdict) ? Hit::malware : Hit::none;
}
// Of another tool's nothing runs, so that there is nothing to recall.
Hit hit_of(const ForeignVerdict&) {
  return Hit::none;
}

using Kept = std::vector<intake::KeptException>;

void judge(const Verdict& verdict, const Kept& kept, server::Taken& taken) {
  const auto clean = intake::require_clean(verdict, intake::that_count(kept));
  if (!clean.ok()) taken.not_clean = clean.error();
  for (const auto& digest : intake::used_by(verdict, kept)) taken.exceptions.push_back(digest.text());
  taken.uncounted = intake::why_uncounted(verdict, kept);
}
void judge(const ForeignVerdict& verdict, const Kept&, server::Taken& taken) {
  const auto clean = intake::require_clean(verdict);
  if (!clean.ok()) taken.not_clean = clean.error();
}

template <class OneVerdict>
server::Taken taken_of(const OneVerdict& verdict, const Kept& kept, std::string envelope) {
  server::Taken taken;
  taken.package = verdict.package.text();
  taken.verdict = std::move(envelope);
  judge(verdict, kept, taken);
  taken.release = release_of(verdict).text();
  taken.provider = verdict.source.text();
  taken.product = verdict.product.text();
  taken.version = verdict.version;
  taken.security_option = option_of(verdict);
  taken.hit = hit_of(verdict);
  return taken;
}

// Goes up with each database that is newer. What looks for secrets does not age.
std::uint64_t knowledge_of(const std::vector<intake::ApartScanner>& scanners) {
  std::uint64_t sum = 0;
  for (const auto& scanner : scanners)
    if (scanner.engine.kind != intake::EngineKind::secrets)
      sum += static_cast<std::uint64_t>(scanner.engine.info.database_time.seconds());
  return sum;
}

// One that asks nobody for anything.
ApartJob job_of(std::string_view order, const FileSource& file) {
  return {std::string(order),      file.fd(),  [](std::uint64_t, Talk&) {}, std::chrono::seconds(60),
          intake::answer_size_max, no_progress};
}

}  // namespace

std::string scratch_folder(const server::Settings& settings) {
  if (!settings.scratch.empty()) return settings.scratch;
  const char* const set = std::getenv("TMPDIR");
  return set == nullptr || *set == '\0' ? "/var/tmp" : set;
}

Result<std::string> worker_program(const server::Settings& settings) {
  if (!settings.worker.empty()) return settings.worker;
  std::error_code error;
  const auto own = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error)
    return Error(Code::not_supported, "/proc/self/exe", "the place of this program", error.message());
  return (own.parent_path() / "sallyport").string();
}

Result<void> try_worker(const std::string& program) {
  const auto nothing = TRY(FileSource::open(program));
  WorkerProcesses apart(program);
  const auto said = TRY(apart.run(job_of(worker::walls_order, *nothing)));
  if (as_text(said) == worker::walls_answer) return {};
  const auto refusal = intake::parse_answer(said);
  return refusal.ok() ? Error(Code::examiner_failed, program, "walls that stand", "something else")
                      : refusal.error();
}

// Empty where the package has a form whose parts nobody serves.
Result<std::string> ApartIntake::members_of(const FileSource& file) {
  const auto said = TRY(apart_.run(job_of(intake::members_order, file)));
  const auto read = parse_members(said, file.size());
  if (read.ok()) return std::string(as_text(said));
  const auto refusal = intake::parse_answer(said);
  if (refusal.ok()) return read.error();
  if (kind_of(refusal.error().code) == Kind::refused) return std::string();
  return refusal.error();
}

Result<std::unique_ptr<FileSource>> ApartIntake::open(const server::Content& content) const {
  auto file = TRY(FileSource::open(settings_.data + "/" + content.path));
  if (file->size() != content.size)
    return Error(Code::io_failed, "content", std::to_string(content.size), std::to_string(file->size()));
  return file;
}

Result<server::Taken> ApartIntake::examine(const server::Content& content, const FileSource& file,
                                           Instant now) {
  auto scanners = TRY(open_engines(settings_, now));
  const auto policy = TRY(intake::read_policy(policy_));
  const auto kept = TRY(intake::try_exceptions(content.exceptions, policy, now));
  LibarchiveUnpacker unpacker;
  std::optional<intake::ScanFiles> cache;
  std::optional<intake::PlainBook::Contents> plain;
  if (!settings_.cache.empty()) {
    cache.emplace(TRY(open_scan_folder(settings_.cache)), unpacker, now);
    // One that cannot be believed is none: it is no fault of the package, and is replaced.
    auto loaded = cache->load(signer_->public_key(), scanners);
    plain = loaded.ok() ? std::move(loaded).value() : intake::PlainBook::Contents();
  }
  const intake::ApartPorts ports{
      apart_, scanners, unpacker, workers_, no_progress, intake::that_count(kept), std::move(plain)};
  auto report = TRY(intake::submit_apart(
      {file, file.fd(), content.package_name, policy_, now, scratch_folder(settings_), settings_.tolerate},
      ports, {*signer_}));
  // What could not be kept is looked at once more, and that is all.
  if (cache) static_cast<void>(cache->save(*signer_, ports, report).ok());
  auto taken =
      std::visit([&](const auto& verdict) { return taken_of(verdict, kept, std::move(report.envelope)); },
                 report.verdict);
  taken.knowledge = knowledge_of(scanners);
  return taken;
}

Result<server::Taken> ApartIntake::submit(const server::Content& content, Instant now) {
  const auto file = TRY(open(content));
  auto taken = TRY(examine(content, *file, now));
  taken.members = TRY(members_of(*file));
  return taken;
}

Result<std::uint64_t> ApartIntake::knowledge(Instant now) {
  return knowledge_of(TRY(open_engines(settings_, now)));
}

Result<server::Taken> ApartIntake::look_again(const server::Content& content, Instant now) {
  const auto file = TRY(open(content));
  return examine(content, *file, now);
}

}  // namespace sallyport::sallyportd
