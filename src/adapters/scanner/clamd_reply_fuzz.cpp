// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/clamd_reply.h"

// Whatever clamd says, only the one sentence means clean, and only what ends as an error leaves it open.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const auto text = as_text({data, size});
  const auto answer = parse_scan_reply(text);
  if (answer.ok()) CHECK((answer.value().result == ScanResult::clean) == (text == "stream: OK"));
  const auto passed = parse_descriptor_reply(text);
  if (passed.ok()) CHECK(passed.value().has_value() || text.ends_with(" ERROR"));
  if (passed.ok() && passed.value())
    CHECK((passed.value()->result == ScanResult::clean) ==
          (text.starts_with("fd[") && text.ends_with("]: OK")));
  const auto version = parse_version_reply(text);
  if (version.ok()) CHECK(version.value().database.empty() == !version.value().database_time.has_value());
  return 0;
}
