// SPDX-License-Identifier: Apache-2.0
// What a person reads before signing an order: all of what the order says, what intake said, who has signed,
// and what changes on the nodes. Everything in it was verified, and it is about the same package.
//
// Every field of the order is shown (core/format/describe.h): a test reads the signed bytes and looks for each
// value on the screen.
#pragma once

#include <optional>

#include "core/base/workers.h"
#include "core/format/describe.h"
#include "core/format/tree_diff.h"
#include "core/trust/order.h"
#include "core/trust/package.h"
#include "core/trust/verdict.h"

namespace sallyport::deploy {

struct Standing {
  std::string word;  // "open", "granted", "vetoed"
  std::string proposer;
  std::vector<std::string> approved;
  std::vector<std::string> refused;
  std::uint32_t required;  // persons, at the least
  std::string rule;        // "2 of operations and 1 of security"
  std::string window;      // "open", "not begun", "over"
  std::string
      signatures;  // kinds that are asked for of each person, and whose are not complete; empty: any one
};

struct Changes {
  TreeDiff diff;
  std::string running;  // "nextepc-mme 1.0, counter 1"; empty when there is nothing to compare with
  std::vector<FolderSummary> whole;  // the release by folder, when there is nothing to compare with
  std::vector<std::string> sysctls_not_allowed;     // no node of the pool will take the release with them
  std::vector<std::string> exceptions_not_allowed;  // nor with these
  std::string
      provenance;  // of a wrapped release: what it was, and whose (format/provenance.h); empty otherwise
};

struct Review {
  Sha256Digest digest;
  std::vector<Field> order;
  Standing standing;
  std::optional<std::vector<Field>> verdict;
  std::optional<Changes> changes;
};

struct ReviewRequest {
  BytesView order;  // the order file
  const Policy& policy;
  Instant now;
  std::optional<BytesView> verdict;     // the verdict file that the order rests on
  const ByteSource* package = nullptr;  // the package that the order is about
  const Tree* running = nullptr;        // of the release that runs now
};

// order_other_verdict and order_other_package when the files are not those that the order names.
Result<Review> review(const ReviewRequest& request, Workers& workers);

}  // namespace sallyport::deploy
