// SPDX-License-Identifier: Apache-2.0
// SHA-1, for the fingerprints by which OpenPGP names keys of version 4. Nothing is trusted because of it.
#pragma once

#include <string>

#include "core/base/bytes.h"

namespace sallyport {

std::string sha1_fingerprint(BytesView bytes);  // 40 hexadecimal digits, lower case

}  // namespace sallyport
