// SPDX-License-Identifier: Apache-2.0
// What a file looks like that is not what was wanted of a publisher: for people alone, nothing is decided by it. None
// of its bytes are shown.
#pragma once

#include <string_view>

#include "core/base/bytes.h"

namespace sallyport::trust {

// "something else" where it looks like nothing that is known here.
std::string_view looks_like(BytesView file);

}  // namespace sallyport::trust
