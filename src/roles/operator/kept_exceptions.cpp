// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/kept_exceptions.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/format/dsse.h"

namespace sallyport::intake {
namespace {

constexpr std::size_t told_max = 5;

Result<void> check(const std::string& envelope, const Policy& policy, Instant now) {
  if (envelope.size() > exception_size_max)
    return Error(Code::scan_exception_invalid, "exception",
                 "at most " + std::to_string(exception_size_max) + " bytes", std::to_string(envelope.size()));
  TRY(trust::scan_exception(as_bytes(envelope), policy, now));
  return {};
}

// How near an exception is to a finding. What is nearest is told.
enum class Near : std::uint8_t { not_at_all, same_words, same_content, the_finding };

Near near(const ScanException& exception, const Finding& finding, const std::vector<EngineRecord>& engines) {
  if (covers(exception, finding, engines) == Covers::it) return Near::the_finding;
  if (exception.content == about(finding)) return Near::same_content;
  const bool has_words = exception.code == finding.code &&
                         words_of(finding, engines) == EngineWords{exception.engine, exception.signature};
  return has_words ? Near::same_words : Near::not_at_all;
}

std::string words_of_refusal(const Error& error) {
  std::string text(name(error.code));
  if (!error.expected.empty()) text += ", expected: " + error.expected;
  if (!error.found.empty()) text += ", found: " + error.found;
  return text;
}

std::string reason(const KeptException& kept, Near how, const LeftOpen& left) {
  const auto& exception = kept.given.exception;
  if (how == Near::same_words) return "is about another content, " + exception.content.text();
  if (how == Near::same_content)
    return "is about other words, " + exception.code + " " + exception.engine + ": " + exception.signature;
  if (kept.refusal) return words_of_refusal(*kept.refusal);
  const auto others = left.pool ? left.pool->text() : std::string();
  return "is for the pool " + exception.pool.text() + ", the others are for " + others;
}

Near nearest(const ScanException& exception, const Verdict& verdict, const LeftOpen& left) {
  auto best = Near::not_at_all;
  for (const auto& finding : left.findings) best = std::max(best, near(exception, finding, verdict.engines));
  return best;
}

}  // namespace

Result<std::vector<KeptException>> try_exceptions(const std::vector<std::string>& envelopes,
                                                  const Policy& policy, Instant now) {
  std::vector<KeptException> kept;
  for (const auto& envelope : envelopes) {
    const auto opened = parse_envelope(as_bytes(envelope));
    if (!opened.ok()) continue;
    auto exception = parse_scan_exception(opened.value().payload);
    if (!exception.ok()) continue;
    auto checked = check(envelope, policy, now);
    if (!checked.ok() && kind_of(checked.error().code) == Kind::fault) return checked.error();
    std::optional<Error> refusal;
    if (!checked.ok()) refusal = checked.error();
    kept.push_back({{std::move(exception).value(), envelope}, sha256(opened.value().payload), refusal});
  }
  return kept;
}

std::vector<GivenException> that_count(const std::vector<KeptException>& kept) {
  std::vector<GivenException> given;
  for (const auto& one : kept)
    if (!one.refusal) given.push_back(one.given);
  return given;
}

std::vector<Sha256Digest> used_by(const Verdict& verdict, const std::vector<KeptException>& kept) {
  std::vector<Sha256Digest> digests;
  for (const auto& one : kept) {
    const auto& all = verdict.exceptions;
    if (std::find(all.begin(), all.end(), one.given.envelope) != all.end()) digests.push_back(one.digest);
  }
  return digests;
}

std::string why_uncounted(const Verdict& verdict, const std::vector<KeptException>& kept) {
  if (verdict.outcome != Outcome::not_clean) return {};
  const auto left = left_open(verdict, that_count(kept));
  std::vector<std::pair<Near, const KeptException*>> related;
  for (const auto& one : kept) {
    const auto how = nearest(one.given.exception, verdict, left);
    if (how != Near::not_at_all) related.emplace_back(how, &one);
  }
  std::stable_sort(related.begin(), related.end(),
                   [](const auto& one, const auto& other) { return one.first > other.first; });
  std::string text;
  for (std::size_t i = 0; i < std::min(related.size(), told_max); ++i) {
    const auto& [how, one] = related[i];
    if (!text.empty()) text += "; ";
    text += "exception " + one->digest.text() + " does not count: " + reason(*one, how, left);
  }
  if (related.size() > told_max) text += "; and " + std::to_string(related.size() - told_max) + " more";
  return text;
}

}  // namespace sallyport::intake
