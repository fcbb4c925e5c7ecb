// SPDX-License-Identifier: Apache-2.0
// The target of a request (RFC 3986): a path and a query, each decoded once and in one way.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace sallyport::server {

struct Target {
  std::vector<std::string> segments;                       // of the path; "/a/b" has two
  std::vector<std::pair<std::string, std::string>> query;  // in order; a name without "=" has an empty value

  // Null when there is none; a name that is there twice was refused.
  const std::string* find(std::string_view name) const;
};

constexpr std::size_t target_size_max = 8192;

// Refused with url_invalid: no path, empty segments, "." and "..", a segment or value that is not plain text or holds
// an encoded slash, a name twice, "%" without two digits, more than 64 of either.
Result<Target> parse_target(std::string_view text);

}  // namespace sallyport::server
