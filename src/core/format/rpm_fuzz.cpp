// SPDX-License-Identifier: Apache-2.0
#include "core/base/check.h"
#include "core/format/openpgp_packet.h"
#include "core/format/rpm_frame.h"
#include "core/format/rpm_package.h"

// What is read as a package has parts that fill the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sallyport::BytesView bytes(data, size);
  static_cast<void>(sallyport::check_openpgp_signature(bytes));
  const sallyport::MemorySource file(bytes);
  const auto frame = sallyport::read_rpm_frame(file);
  const auto package = sallyport::read_rpm(file);
  CHECK(frame.ok() || !package.ok());
  if (frame.ok()) CHECK(frame.value().payload_offset + frame.value().payload_size == size);
  if (package.ok()) CHECK(package.value().payload_offset == frame.value().payload_offset);
  return 0;
}
