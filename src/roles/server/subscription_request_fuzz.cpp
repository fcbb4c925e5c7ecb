// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "roles/server/notification_filter.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const auto request = server::parse_subscription_request({data, size});
  if (!request.ok()) return 0;
  // What is stored is read again, and says the same.
  const auto printed = server::print_notification_filter(request.value().filter);
  const auto again = server::parse_notification_filter(as_bytes(printed));
  CHECK(again.ok() && server::print_notification_filter(again.value()) == printed);
  return 0;
}
