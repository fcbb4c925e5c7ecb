// SPDX-License-Identifier: Apache-2.0
// The tables, as steps from an empty database. A step that was released is never changed: another one is added.
#pragma once

#include <span>
#include <string_view>

namespace sallyport {

// Statements separated by ";\n". $NUMBER stands for a key that the database counts up, in its own words.
std::span<const std::string_view> migrations();

}  // namespace sallyport
