// SPDX-License-Identifier: Apache-2.0
#include "core/approve/use.h"

namespace sallyport::approve {

Result<void> check_unused(const Sha256Digest& order, std::uint64_t sequence, const Spent& spent) {
  const std::string where = "order " + order.brief();
  if (spent.stopped.contains(order)) {
    return Error(Code::order_stopped, where, "an order that nobody stopped", "stopped");
  }
  const bool finishing = spent.unfinished == order;
  if (!finishing && spent.orders.contains(order)) {
    return Error(Code::order_replayed, where, "an order not used here before", "used");
  }
  if (sequence > spent.sequence_last || (finishing && sequence == spent.sequence_last)) return {};
  return Error(Code::order_superseded, "order.sequence", "more than " + std::to_string(spent.sequence_last),
               std::to_string(sequence));
}

}  // namespace sallyport::approve
