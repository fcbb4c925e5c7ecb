// SPDX-License-Identifier: Apache-2.0
// The outer archive of a .deb file (deb(5)): one reading, and every byte in it accounted for. For deb_file.cpp.
//
// Refused (input_refused) is everything but the common form: names in the header itself, decimal numbers, members one
// after the other up to the last byte of the file.
#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

struct ArMember {
  std::string name;
  std::uint64_t offset;  // of its content
  std::uint64_t size;
};

Result<std::vector<ArMember>> read_ar(const ByteSource& file);

}  // namespace sallyport
