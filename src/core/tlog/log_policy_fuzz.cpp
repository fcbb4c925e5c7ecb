// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const auto policy = tlog::parse_log_policy(as_text({data, size}));
  if (!policy.ok()) return 0;
  const bool nobody = tlog::count_witnesses(policy.value(), {}) == tlog::Quorum::reached;
  CHECK(nobody != policy.value().quorum.has_value());
  return 0;
}
