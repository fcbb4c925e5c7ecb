// SPDX-License-Identifier: Apache-2.0
// The extended attribute security.capability (capabilities(7), "File capabilities") to names and back.
// Revision 2: permitted and effective, nothing inheritable, no user namespace. Anything else is refused when
// read (generation_damaged): it is nothing that we write.
#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

Result<Bytes> encode_capabilities(const std::vector<std::string>& names);
Result<std::vector<std::string>> decode_capabilities(BytesView attribute);

}  // namespace sallyport
