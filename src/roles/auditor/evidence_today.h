// SPDX-License-Identifier: Apache-2.0
// What time, revocation and recalls take away from an evidence run: a test whose genuine papers the node would refuse
// today, and rightly, before it comes to what the test is about shows nothing. It is `not_run` with that reason.
// docs/spec/evidence.md, *What does not run today*.
//
// Only refusals that come with time are such reasons: genuine papers that are refused for anything else are no fact of
// the day, and the tests are tried and fail.
#pragma once

#include <optional>
#include <string>

#include "core/format/policy.h"
#include "roles/auditor/evidence_cases.h"

namespace sallyport::auditor {

// In the order in which a node makes its checks: what a test needs is everything up to here.
enum class Stage : std::uint8_t {
  nothing,  // the vendor's signature over the manifest is the first check of all
  signer,   // the signer's certificates
  build,    // what the policy asks about the build
  recalls,
  verdict,
  order,
  log  // that the order is in the log of the policy
};

// What a node goes by.
struct Terms {
  Policy policy;
  Instant now;
};
// With the lists that were given to it, and no earlier than what it has seen.
Result<Terms> terms_of_node(CaseWorld& world);
// It has nothing but its policy.
Result<Terms> terms_of_laboratory(const CaseWorld& world);

struct Obstacle {
  Stage stage;
  std::string reason;  // with the code
};
// The first one, of the genuine papers of this generation; nothing where all of them would still do.
Result<std::optional<Obstacle>> obstacle_today(CaseWorld& world, const KeptGeneration& kept,
                                               const Terms& terms);
// And a recall that the node has of the release: only the node itself can say, by what it would do.
Result<std::optional<Obstacle>> obstacle_on_node(CaseWorld& world, const KeptGeneration& kept);

// Whether a test that needs everything up to `needed` can be tried.
bool stands_before(const std::optional<Obstacle>& obstacle, Stage needed);

// Whether a refusal by this code is one that comes with time.
bool comes_with_time(Code code);

}  // namespace sallyport::auditor
