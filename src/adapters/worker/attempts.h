// SPDX-License-Identifier: Apache-2.0
// The known ways out of a worker, each tried from inside of the real walls with means that do no harm. What an
// exploit of a parser would try.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::worker {

// The order that makes a worker try them.
constexpr std::string_view attempts_order = "try-ways-out";

// One line for each way: `WAY refused REASON`, or `WAY passed`.
std::string try_ways_out();

}  // namespace sallyport::worker
