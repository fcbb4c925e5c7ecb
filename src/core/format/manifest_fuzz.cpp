// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "core/format/manifest.h"

// Splitting never loses or overlaps bytes; whatever parses prints to something that parses to the same text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const BytesView input(data, size);
  const auto split = split_manifest(input);
  if (split.ok()) {
    const auto& [octets, first, second] = split.value();
    CHECK(octets.size() + first.size() + second.size() <= size);
  }
  const auto manifest = parse_manifest(split.ok() ? split.value().signed_octets : input);
  if (!manifest.ok()) return 0;
  const auto printed = print_manifest(manifest.value());
  const auto again = parse_manifest(as_bytes(printed));
  CHECK(again.ok() && print_manifest(again.value()) == printed);
  return 0;
}
