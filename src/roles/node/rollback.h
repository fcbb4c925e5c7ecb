// SPDX-License-Identifier: Apache-2.0
// Returns to a generation that was healthy before and still is intact. Needs no order: it was approved when it
// came. The counters' floor stays where it is.
#pragma once

#include <optional>

#include "roles/node/account.h"
#include "roles/node/books.h"
#include "roles/node/ports.h"

namespace sallyport::node {

struct RollbackReport {
  install::GenerationNumber from;
  install::GenerationNumber to;
  std::string version;
  std::vector<std::string> steps;
  std::vector<install::GenerationNumber> collected;
  std::vector<Error> collect_errors;  // what stood in the way of more of that
};

// Without a number: the youngest one that is older than the active one (nothing_to_roll_back). With one: it must
// have been confirmed once (generation_missing). A damaged one is refused before anything is stopped.
// `account` is filled whatever comes of it: package and order are those of the generation to return to.
Result<RollbackReport> rollback(const Ports& ports, std::optional<install::GenerationNumber> to,
                                Account& account);
Result<RollbackReport> preview_rollback(const Ports& ports, std::optional<install::GenerationNumber> to);

}  // namespace sallyport::node
