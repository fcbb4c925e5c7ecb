// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/apart.h"

#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "roles/operator/rescan.h"
#include "roles/operator/scanner_check.h"

namespace sallyport::intake {
namespace {

// An engine may take its time with each content (five minutes for one step of clamd); a worker that hangs is
// found out by this.
constexpr std::chrono::seconds deadline_least = std::chrono::minutes(30);
constexpr std::uint64_t bytes_per_second_least = 1U << 20U;

std::vector<EngineInfo> infos_of(const ApartPorts& ports, Instant now) {
  Party party{{}, &ports.unpacker, {}, {}};
  for (const auto& scanner : ports.scanners) party.engines.push_back({nullptr, scanner.engine.info});
  return party.infos(now);
}

ApartOrder order_of(const ApartSubmission& submission, const ApartPorts& ports, const IntakeId& intake) {
  ApartOrder order{submission.package_name, intake, submission.now,       submission.scratch_folder,
                   submission.policy,       {},     submission.tolerances};
  for (const auto& scanner : ports.scanners) order.engines.push_back(scanner.engine);
  order.remembers = ports.plain.has_value();
  return order;
}

using Books = std::vector<std::unique_ptr<HeardBook>>;

Books books_for(const std::vector<ApartScanner>& scanners) {
  Books books;
  for (const auto& scanner : scanners) books.push_back(std::make_unique<HeardBook>(scanner.known));
  return books;
}

void serve(const std::vector<ApartScanner>& scanners, const Books& books, PlainBook* plain,
           std::uint64_t service, Talk& talk) {
  if (service < scanners.size() && scanners[service].scanner)
    relay(talk, *scanners[service].scanner, *books[service], plain);
  if (service == scanners.size() && plain != nullptr) tell_what_is_plain(talk, *plain);
}

// An engine that was relayed has said so itself.
template <class OneVerdict>
Result<void> check_heard(const OneVerdict& draft, const std::vector<ApartScanner>& scanners,
                         const Books& books) {
  for (std::size_t i = 0; i < scanners.size() && i < draft.engines.size(); ++i) {
    if (!scanners[i].scanner) continue;
    const auto& said = draft.engines[i];
    if (said.files_scanned > books[i]->answered())
      return Error(Code::examiner_failed, said.engine, std::to_string(books[i]->answered()) + " answers",
                   std::to_string(said.files_scanned));
    if (books[i]->not_clean() > 0 && draft.outcome != Outcome::not_clean)
      return Error(Code::examiner_failed, said.engine, "what the engine found", "clean");
  }
  return {};
}

// Where an engine was heard to find more than the exceptions of a pool are about none of them counts, whatever the
// draft has.
std::vector<GivenException> exceptions_for(const ApartPorts& ports, const Books& books) {
  auto left = ports.exceptions;
  for (std::size_t i = 0; i < ports.scanners.size(); ++i) {
    const auto& [engine, scanner, known] = ports.scanners[i];
    if (scanner) left = of_pools_that_cover(engine.info.engine, *books[i], left);
  }
  return left;
}

}  // namespace

Result<ApartScanner> relayed_engine(std::shared_ptr<Scanner> scanner, Instant now) {
  auto ready = TRY(ready_engine(*scanner, now));
  return ApartScanner{{EngineKind::relayed, std::move(ready.info), {}}, std::move(scanner)};
}

Result<void> check_names(const std::vector<ApartScanner>& scanners) {
  std::set<std::string> names{"archives", "secrets"};
  for (const auto& scanner : scanners) {
    const auto& name = scanner.engine.info.engine;
    if (scanner.engine.kind != EngineKind::secrets && !names.insert(name).second)
      return Error(Code::usage_error, name, "engines of different names", "two of this one");
  }
  return {};
}

Result<ApartReport> submit_apart(const ApartSubmission& submission, const ApartPorts& ports,
                                 const Speakers& speakers) {
  const auto policy = TRY(read_policy(submission.policy));
  const auto intake = TRY(check_keys(policy, speakers));
  const auto books = books_for(ports.scanners);
  PlainBook plain(ports.plain.value_or(PlainBook::Contents()));
  auto* const kept = ports.plain ? &plain : nullptr;
  const ApartJob job{
      print_order(order_of(submission, ports, intake)),
      submission.descriptor,
      [&](std::uint64_t service, Talk& talk) { serve(ports.scanners, books, kept, service, talk); },
      deadline_least + std::chrono::seconds(submission.file.size() / bytes_per_second_least),
      answer_size_max,
      ports.progress};
  Bytes text;
  std::optional<Sha256Digest> digest;
  TRY(ports.workers.run(2, [&](std::size_t piece) -> Result<void> {
    if (piece == 0) {
      text = TRY(ports.apart.run(job));
    } else {
      digest = TRY(digest_of(submission.file));
    }
    return {};
  }));
  auto answer = TRY(parse_answer(text));
  TRY(std::visit([&](const auto& draft) { return check_heard(draft, ports.scanners, books); }, answer.draft));
  const Known known{submission.package_name,
                    *digest,
                    policy,
                    intake,
                    submission.now,
                    infos_of(ports, submission.now),
                    submission.tolerances,
                    exceptions_for(ports, books)};
  ApartReport report{TRY(conclude_any(std::move(answer.draft), known, speakers)),
                     std::move(answer.checks),
                     {},
                     plain.plain()};
  for (const auto& book : books) report.clean.push_back(book->clean());
  return report;
}

}  // namespace sallyport::intake
