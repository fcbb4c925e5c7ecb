// SPDX-License-Identifier: Apache-2.0
// Letters of ASCII, whatever the locale: names of fields, keys and hosts that formats compare without their case.
#pragma once

#include <string>
#include <string_view>

namespace sallyport {

// A to Z as a to z; every other byte as it is.
std::string lower(std::string_view text);

}  // namespace sallyport
