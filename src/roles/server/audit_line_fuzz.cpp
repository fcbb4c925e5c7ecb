// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/base/text.h"
#include "core/format/syslog.h"
#include "roles/server/audit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const auto record = server::parse_audit({data, size});
  if (!record.ok()) return 0;
  // What is printed is read again, and says the same.
  const auto printed = server::print_audit(record.value());
  CHECK(printed.ok());
  const auto again = server::parse_audit(as_bytes(printed.value()));
  CHECK(again.ok() && server::print_audit(again.value()).value() == printed.value());
  const auto& r = record.value();
  const auto time = Instant::from_seconds(r.time);
  CHECK(time.ok());
  const auto message = print_syslog(
      {}, {1, time.value(), r.account, r.source, r.action, r.object, r.outcome, r.code, r.detail});
  CHECK(message.size() <= syslog_message_size_max && valid_utf8(message) == message);
  return 0;
}
