// SPDX-License-Identifier: Apache-2.0
#include "core/trust/tuf/canonical.h"
#include "core/trust/tuf/search.h"
#include "core/trust/tuf/threshold.h"

// The first byte chooses the role. Whatever is read, no role needs less than one key, and nobody's signature counts
// who is not in the list.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  if (size == 0) return 0;
  const BytesView json(data + 1, size - 1);
  const auto root = tuf::parse_root(json);
  if (root.ok()) {
    for (const auto& [role, who] : root.value().roles) {
      CHECK(who.threshold >= 1);
      (void)tuf::check_signatures(root.value().signed_bytes, who, "role");
    }
  }
  (void)tuf::parse_timestamp(json);
  (void)tuf::parse_snapshot(json);
  const auto targets = tuf::parse_targets(json);
  if (targets.ok()) {
    tuf::TargetSearch search("path/of/a/target");
    (void)search.next();
    (void)search.visit(targets.value(), "targets");
    for (int i = 0; i < 3; ++i) (void)search.next();
  }
  return 0;
}
