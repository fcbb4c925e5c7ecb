// SPDX-License-Identifier: Apache-2.0
// The single place that says: this package, on this node, now. A Permit is move-only and is spent by the
// installer.
//
// Refuses unless, in this order:
//   verdict_other_package     the verdict is about this package: file, release, product, version, counter
//   order_other_package       the order is about this package: likewise
//   order_other_verdict       the order rests on this verdict
//   policy_mismatch           the order rests on this policy
//   order_other_pool          it is for the pool of this node
//   order_other_node          it names this node, and the policy has the node in the pool
//   order_other_product       the pool runs the product
//   order_other_architecture  the release is for machines like this one
//   sysctl_not_allowed        the pool allows every kernel setting that the release asks for
//   exception_not_allowed     no service declares an exception that opens a way which the pool's gates want closed
//   order_stopped, order_replayed, order_superseded      it may still be used here (core/approve/use.h)
//   order_not_yet_valid, order_expired      `at` lies in its window, when finishing too
//   outside_allowed_hours     and in the hours of the pool, unless it is a break-glass order
//   counter_rollback          the counter is not below the floor of the product
//   log_proof_missing         where the policy names a log: there is a proof that the order is in it
//   log_other_entry           the proof is about this order
//   log_shrunk, log_forked, log_consistency_missing   the log begins with what this node saw of it before
#pragma once

#include <map>
#include <optional>

#include "core/approve/use.h"
#include "core/trust/logged.h"
#include "core/trust/order.h"
#include "core/trust/package.h"
#include "core/trust/verdict.h"

namespace sallyport {

// What a node is and what it has spent; folded from its journal (core/install/journal.h).
struct NodeFacts {
  NodeId node;
  PoolId pool;
  std::string architecture;                           // uname -m
  std::map<ProductId, std::uint64_t> counter_floors;  // highest counter confirmed
  approve::Spent spent;
  std::map<std::string, tlog::Head> logs = {};  // by origin: the largest tree that a burnt order was seen in
};

class Permit {
 public:
  Permit(Permit&&) = default;
  Permit& operator=(Permit&&) = default;
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;

  const Verified<Package>& package() const { return package_; }
  const Verified<trust::CleanVerdict>& verdict() const { return verdict_; }
  const Verified<ApprovedOrder>& order() const { return order_; }
  // Nothing where the policy requires no log.
  const std::optional<Verified<Logged>>& logged() const { return logged_; }

 private:
  friend struct trust::Mint;
  Permit(const Verified<Package>& package, const Verified<trust::CleanVerdict>& verdict,
         const Verified<ApprovedOrder>& order, const std::optional<Verified<Logged>>& logged)
      : package_(package), verdict_(verdict), order_(order), logged_(logged) {}
  Verified<Package> package_;
  Verified<trust::CleanVerdict> verdict_;
  Verified<ApprovedOrder> order_;
  std::optional<Verified<Logged>> logged_;
};

namespace trust {

// The first line alone, for whoever proposes.
Result<void> verdict_fits(const Package& package, const Verdict& verdict);

// What the release asks of the kernel and the pool does not allow, "service: name", sorted; for the reviewer.
std::vector<std::string> sysctls_not_allowed(const Tree& tree, const Pool& pool);
// What its services open of the ways that the pool's gates want closed, "service: way (exception)".
std::vector<std::string> exceptions_not_allowed(const Tree& tree, const Pool& pool);

// scan_exception_invalid: by one of another pool a verdict lets nothing into this one.
Result<void> excepted_for(const std::vector<ScanException>& exceptions, const PoolId& pool);

Result<Permit> permit(const Verified<Package>& package, const Verified<CleanVerdict>& verdict,
                      const Verified<ApprovedOrder>& order, const std::optional<Verified<Logged>>& logged,
                      const NodeFacts& node, const Policy& policy, Instant at);

}  // namespace trust
}  // namespace sallyport
