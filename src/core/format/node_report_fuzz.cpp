// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/format/node_report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const BytesView payload(data, size);
  const auto report = parse_node_report(payload);
  if (report.ok()) CHECK(print_node_report(report.value()) == as_text(payload));
  return 0;
}
