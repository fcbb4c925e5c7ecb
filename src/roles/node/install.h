// SPDX-License-Identifier: Apache-2.0
// Installs a package under a verdict and an order. The order of checks, so that a tampered file is always
// reported as such: package, verdict, order, permit. Nothing but a private copy is written before the permit;
// the first thing after it is the journal's record that burns the order.
#pragma once

#include <optional>
#include <string>

#include "core/trust/package.h"
#include "roles/node/account.h"
#include "roles/node/books.h"
#include "roles/node/config.h"
#include "roles/node/ports.h"

namespace sallyport::node {

struct InstallRequest {
  const ByteSource& package;
  Bytes verdict;
  Bytes order;
  std::optional<Bytes> proof = {};  // that the order is in the log of the policy
};

struct InstallReport {
  install::GenerationNumber generation;
  install::GenerationNumber replaced;  // 0: none
  Sha256Digest package;
  Sha256Digest release;
  Sha256Digest order;
  std::string product;
  std::string version;
  std::uint64_t counter;
  std::vector<std::string> signers;
  std::uint64_t policy_version;
  std::vector<Check> checks;  // of package, verdict and order
  std::uint64_t files_written;
  std::uint64_t bytes_written;
  std::vector<std::string> steps;
  std::vector<ConfigReport> config;  // what became of the operator's configuration
  std::vector<install::GenerationNumber> collected;
  std::vector<Error> collect_errors;  // what stood in the way of more of that
};

// The effect of an error says what the node is now. `account` is filled whatever comes of it.
Result<InstallReport> install(const Ports& ports, const InstallRequest& request, Account& account);

// Every check, no private copy and no change: what install() would do, one line each.
Result<InstallReport> preview_install(const Ports& ports, const InstallRequest& request);

}  // namespace sallyport::node
