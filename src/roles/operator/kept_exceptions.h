// SPDX-License-Identifier: Apache-2.0
// Exceptions that somebody else has collected, whoever that is: each is proved here, and one that is refused stands in
// the way of no other. docs/spec/server.md, *Exceptions*.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "roles/operator/scan_exceptions.h"

namespace sallyport::intake {

struct KeptException {
  GivenException given;
  Sha256Digest digest;           // of the payload: its identity
  std::optional<Error> refusal;  // why it does not count now; absent: it does
};

// What is no exception at all is left out. A fault is one: nobody knows then what counts.
Result<std::vector<KeptException>> try_exceptions(const std::vector<std::string>& envelopes,
                                                  const Policy& policy, Instant now);
std::vector<GivenException> that_count(const std::vector<KeptException>& kept);

// Those that a verdict has, by their digests.
std::vector<Sha256Digest> used_by(const Verdict& verdict, const std::vector<KeptException>& kept);

// For whoever reads why a verdict is not clean: of the exceptions that are about what it found, or nearly, why they
// do not count. Empty: there are none.
std::string why_uncounted(const Verdict& verdict, const std::vector<KeptException>& kept);

}  // namespace sallyport::intake
