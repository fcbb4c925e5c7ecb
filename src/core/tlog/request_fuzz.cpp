// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const auto text = as_text({data, size});
  const auto request = tlog::parse_add_checkpoint(text);
  if (!request.ok()) return 0;
  CHECK(tlog::print_add_checkpoint(request.value()) == text);
  CHECK(!tlog::decide(request.value(), {}).ok());
  return 0;
}
