// SPDX-License-Identifier: Apache-2.0
#include "core/format/json_tree.h"

// Whatever is accepted has no name twice in one object.
// NOLINTNEXTLINE(misc-no-recursion): the reader bounds the depth
static void check(const sallyport::JsonNode& node) {
  if (const auto* array = node.array())
    for (const auto& element : *array) check(element);
  if (const auto* object = node.object()) {
    for (const auto& member : *object) {
      CHECK(node.find(member.name) == &member.value);
      check(member.value);
    }
  }
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto tree = sallyport::parse_json_tree({data, size}, 1U << 20U, sallyport::Code::json_malformed);
  if (tree.ok()) check(tree.value());
  return 0;
}
