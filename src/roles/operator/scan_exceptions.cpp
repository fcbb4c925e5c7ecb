// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/scan_exceptions.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "core/trust/verdict.h"

namespace sallyport::deploy {
namespace {

struct About {
  std::string where;
  std::string code;
  EngineWords words;
};

Result<About> find_finding(const Verdict& verdict, const ExceptionProposal& proposal) {
  std::optional<About> found;
  for (const auto& finding : verdict.findings) {
    if (about(finding) != proposal.content) continue;
    const auto words = words_of(finding, verdict.engines);
    if (!words || (!proposal.engine.empty() && words->engine != proposal.engine)) continue;
    if (found && (found->words != *words || found->code != finding.code))
      return Error(Code::usage_error, "--engine", "one of the engines that have a finding about the content",
                   "several have");
    if (!found) found = About{finding.where, finding.code, *words};
  }
  if (found) return *found;
  return Error(Code::usage_error, "--content", "a content that the verdict has a finding about",
               proposal.content.text());
}

}  // namespace

ProveMotion prove_exception(const Policy& policy, Instant now) {
  return [&policy, now](BytesView envelope) -> Result<OpenMotion> {
    const auto proposed = TRY(trust::scan_exception_as_proposed(envelope, policy, now));
    return OpenMotion{proposed->exception.pool, proposed->exception.proposer, proposed->motion};
  };
}

ProveMotion prove_exception_that_lasts(const Policy& policy, Instant now) {
  return [&policy, now](BytesView envelope) -> Result<OpenMotion> {
    const auto proposed = TRY(trust::scan_exception_as_proposed(envelope, policy, now));
    TRY(trust::check_time(proposed->exception, now));
    return OpenMotion{proposed->exception.pool, proposed->exception.proposer, proposed->motion};
  };
}

Result<ProposedExceptionFile> propose_exception(const ExceptionProposal& proposal, Signer& signer) {
  const auto issued = TRY(trust::verdict_as_issued(proposal.verdict, proposal.policy, proposal.now));
  const auto found = TRY(find_finding(issued->verdict, proposal));
  if (!say_all(found.words.words))
    return Error(Code::scan_exception_invalid, found.where,
                 "a finding that names one thing, of the content itself", found.words.words);
  ScanException exception{subject_label(found.where),
                          proposal.content,
                          found.code,
                          found.words.engine,
                          found.words.words,
                          proposal.pool,
                          proposal.until,
                          proposal.now,
                          proposal.person,
                          proposal.reason};
  auto payload = print_scan_exception(exception);
  TRY(parse_scan_exception(as_bytes(payload)));
  auto file =
      TRY(propose_motion({proposal.policy, proposal.pool, proposal.person, std::move(payload), proposal.now},
                         prove_exception_that_lasts(proposal.policy, proposal.now), signer));
  return ProposedExceptionFile{std::move(exception), file.motion.digest, std::move(file.envelope)};
}

}  // namespace sallyport::deploy

namespace sallyport::intake {

Result<std::vector<GivenException>> prove_exceptions(const std::vector<Bytes>& files, const Policy& policy,
                                                     Instant now) {
  std::vector<GivenException> given;
  for (const auto& file : files) {
    const auto proof = TRY(trust::scan_exception(file, policy, now));
    given.push_back({proof->exception, std::string(as_text(file))});
  }
  return given;
}

namespace {

// The one of that pool that is about it, or null.
const GivenException* find_exception(const PoolId& pool, const Finding& finding, const Verdict& verdict,
                                     const std::vector<GivenException>& given) {
  const auto one = std::find_if(given.begin(), given.end(), [&](const GivenException& exception) {
    return exception.exception.pool == pool &&
           covers(exception.exception, finding, verdict.engines) == Covers::it;
  });
  return one == given.end() ? nullptr : &*one;
}

// What a node of that pool will take, or nothing: whatever is for another pool is nothing to it.
std::optional<std::vector<std::string>> all_for(const PoolId& pool, const Verdict& verdict,
                                                const std::vector<GivenException>& given) {
  std::set<std::string> used;
  for (const auto& finding : verdict.findings) {
    const auto* const one = find_exception(pool, finding, verdict, given);
    if (one == nullptr) return std::nullopt;
    used.insert(one->envelope);
  }
  return std::vector<std::string>(used.begin(), used.end());
}

LeftOpen left_open_for(const PoolId& pool, const Verdict& verdict, const std::vector<GivenException>& given) {
  LeftOpen left{pool, {}, {}};
  for (const auto& finding : verdict.findings) {
    const bool is_excepted = find_exception(pool, finding, verdict, given) != nullptr;
    left.is_excepted.push_back(is_excepted);
    if (!is_excepted) left.findings.push_back(finding);
  }
  return left;
}

std::set<PoolId> pools_of(const std::vector<GivenException>& given) {
  std::set<PoolId> pools;
  for (const auto& one : given) pools.insert(one.exception.pool);
  return pools;
}

}  // namespace

void except(Verdict& verdict, const std::vector<GivenException>& given) {
  if (verdict.outcome != Outcome::not_clean) return;
  for (const auto& pool : pools_of(given)) {
    auto needed = all_for(pool, verdict, given);
    if (!needed || needed->size() > exceptions_max) continue;
    verdict.exceptions = std::move(*needed);
    verdict.outcome = Outcome::excepted;
    return;
  }
}

LeftOpen left_open(const Verdict& verdict, const std::vector<GivenException>& given) {
  LeftOpen best{std::nullopt, std::vector<bool>(verdict.findings.size(), false), verdict.findings};
  for (const auto& pool : pools_of(given)) {
    auto left = left_open_for(pool, verdict, given);
    if (!best.pool || left.findings.size() < best.findings.size()) best = std::move(left);
  }
  return best;
}

std::vector<GivenException> of_pools_that_cover(const std::string& engine, const HeardBook& book,
                                                const std::vector<GivenException>& given) {
  const auto found = book.found();
  if (!found) return {};
  const auto covers_all = [&](const PoolId& pool) {
    return std::all_of(found->begin(), found->end(), [&](const auto& one) {
      return std::any_of(given.begin(), given.end(), [&](const GivenException& exception) {
        const auto& e = exception.exception;
        return e.pool == pool && e.content == one.first && e.engine == engine && e.signature == one.second;
      });
    });
  };
  std::set<PoolId> pools;
  for (const auto& pool : pools_of(given)) {
    if (covers_all(pool)) pools.insert(pool);
  }
  std::vector<GivenException> left;
  std::copy_if(given.begin(), given.end(), std::back_inserter(left),
               [&](const GivenException& one) { return pools.contains(one.exception.pool); });
  return left;
}

}  // namespace sallyport::intake
