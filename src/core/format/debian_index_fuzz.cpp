// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/base/check.h"
#include "core/format/debian_index.h"

namespace {

bool reads(sallyport::DebianPackages& packages, sallyport::BytesView bytes, std::size_t step) {
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    if (!packages.feed(bytes.subspan(at, std::min(step, bytes.size() - at))).ok()) return false;
  }
  return packages.finish().ok();
}

}  // namespace

// A Packages file reads alike whatever the sizes of its parts are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sallyport::BytesView bytes(data, size);
  static_cast<void>(sallyport::parse_debian_release(sallyport::as_text(bytes)));
  const std::set<sallyport::Sha256Digest> wanted{
      sallyport::Sha256Digest::parse(std::string(64, 'a')).value()};
  sallyport::DebianPackages whole(wanted);
  sallyport::DebianPackages parts(wanted);
  CHECK(reads(whole, bytes, std::max<std::size_t>(size, 1)) == reads(parts, bytes, 7));
  CHECK(whole.found().size() == parts.found().size());
  return 0;
}
