// SPDX-License-Identifier: Apache-2.0
#include "core/format/sbom.h"

#include "core/base/text.h"

// Whatever is accepted can be shown, and its digests have the length of their algorithm.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = sallyport::parse_sbom(sallyport::BytesView(data, size));
  if (!parsed.ok()) {
    CHECK(parsed.error().code == sallyport::Code::sbom_malformed);
    return 0;
  }
  CHECK(!sallyport::describe(parsed.value()).empty());
  for (const auto& component : parsed.value().components)
    CHECK(sallyport::is_plain_text(sallyport::describe(component)));
  for (const auto& file : parsed.value().files) {
    CHECK(sallyport::is_plain_text(file.path));
    for (const auto& said : file.digests)
      CHECK(said.digest.size() == 32U + 16U * static_cast<std::size_t>(said.algorithm));
  }
  return 0;
}
