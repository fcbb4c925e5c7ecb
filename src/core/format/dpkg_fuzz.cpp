// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/base/bytes.h"
#include "core/format/dpkg.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = sallyport::as_text(sallyport::BytesView(data, size));
  const auto packages = sallyport::parse_dpkg_status(text);
  if (packages.ok()) {
    for (const auto& package : packages.value()) CHECK(package.name.find('/') == std::string::npos);
  }
  const auto paths = sallyport::parse_dpkg_list(text);
  if (paths.ok()) {
    for (const auto& path : paths.value()) CHECK(path.starts_with('/'));
  }
  const auto sums = sallyport::parse_dpkg_md5sums(text);
  if (sums.ok()) {
    for (const auto& [path, digest] : sums.value()) CHECK(path.size() > 1 && digest.size() == 32);
  }
  const auto diversions = sallyport::parse_dpkg_diversions(text);
  if (diversions.ok()) {
    for (const auto& [from, diversion] : diversions.value())
      CHECK(sallyport::diverted(diversions.value(), from, diversion.package) == from);
  }
  return 0;
}
