// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/clamd_reply.h"

// Whatever clamd says, only the one sentence means clean.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const auto text = as_text({data, size});
  const auto answer = parse_scan_reply(text);
  if (answer.ok()) CHECK((answer.value().result == ScanResult::clean) == (text == "stream: OK"));
  const auto version = parse_version_reply(text);
  if (version.ok()) CHECK(version.value().database.empty() == !version.value().database_time.has_value());
  return 0;
}
