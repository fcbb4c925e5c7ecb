// SPDX-License-Identifier: Apache-2.0
#include "core/base/check.h"
#include "core/format/rpm_files.h"
#include "core/format/rpm_header.h"

// A structure is of one region, and its list of files has each path once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sallyport::RpmRegion;
  const sallyport::BytesView bytes(data, size);
  const auto header = sallyport::RpmHeader::parse(sallyport::copy(bytes), RpmRegion::immutable);
  CHECK(!header.ok() || !sallyport::RpmHeader::parse(sallyport::copy(bytes), RpmRegion::signatures).ok());
  if (!header.ok()) return 0;
  CHECK(header.value().bytes().size() == size);
  const auto files = sallyport::read_rpm_files(header.value());
  CHECK(!files.ok() || files.value().size() <= size);
  return 0;
}
