// SPDX-License-Identifier: Apache-2.0
#include "testkit/package_blocks.h"

#include <fstream>
#include <iterator>

#include "core/base/check.h"
#include "core/format/manifest.h"
#include "testkit/package.h"
#include "testkit/source.h"

namespace sallyport::testkit {
namespace {

constexpr std::size_t manifest_place = 1;  // among the members

}  // namespace

Blocks blocks_of(BytesView package) {
  const auto manifest = take_apart(package)[manifest_place].content;
  const auto split = split_manifest(manifest).value();
  return {std::string(as_text(split.signed_octets)), std::string(as_text(split.cms_block)),
          std::string(as_text(split.second_block))};
}

Bytes with_blocks(BytesView package, const std::string& first, const std::string& second) {
  auto members = take_apart(package);
  members[manifest_place].content = copy(as_bytes(blocks_of(package).octets + first + second));
  return make_zip(members);
}

Bytes hybrid_vector(const std::string& name) {
  std::ifstream file(source_file("tests/vectors/hybrid/" + name), std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  CHECK(!text.empty());
  return copy(as_bytes(text));
}

}  // namespace sallyport::testkit
