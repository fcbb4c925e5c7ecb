// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/service.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const auto text = as_text({data, size});
  (void)parse_service_info(text);
  const auto answer = parse_service_answer(text);
  if (answer.ok()) CHECK(answer.value().detail.empty() == (answer.value().result == ScanResult::clean));
  return 0;
}
