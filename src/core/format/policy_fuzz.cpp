// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/format/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto policy = sallyport::parse_policy({data, size});
  if (!policy.ok()) return 0;
  CHECK(!policy.value().sources.empty() && !policy.value().persons.empty() &&
        !policy.value().intakes.empty());
  for (const auto& [id, pool] : policy.value().pools) CHECK(pool.approvals.approve.persons_min() >= 1);
  return 0;
}
