// SPDX-License-Identifier: Apache-2.0
// The header of one entry of a cpio archive in its "new ASCII" form (cpio(5), 070701), as rpm writes it.
// For adapters/tree_source/cpio_stream.cpp.
#pragma once

#include "core/base/bytes.h"

namespace sallyport {

constexpr std::size_t cpio_header_size = 110;
constexpr std::uint32_t cpio_name_size_max = 4098;  // "./", a path of 4095 bytes, NUL

struct CpioHeader {
  std::uint32_t mode;       // with the type of the file
  std::uint32_t links;      // names of the file
  std::uint32_t size;       // of the content
  std::uint32_t name_size;  // with its NUL
};

// archive_malformed: other forms, digits that are none, a check sum (which this form has not), a name that is too long.
Result<CpioHeader> parse_cpio_header(BytesView header);

// From the end of a name or a content to where the next part begins.
std::uint64_t cpio_padding(std::uint64_t at);

}  // namespace sallyport
