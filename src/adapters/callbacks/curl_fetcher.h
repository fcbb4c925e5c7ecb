// SPDX-License-Identifier: Apache-2.0
// Files over libcurl, by the rules of guarded.h. What is sent is taken as it is: nothing is decoded.
#pragma once

#include <string>

#include "adapters/callbacks/guarded.h"
#include "adapters/callbacks/port.h"

namespace sallyport {

struct FetchLimits {
  long rate_min = 16384;          // bytes a second, over
  long rate_seconds = 20;         // such a time
  long seconds_max = 6L * 3600L;  // for the whole
};

class CurlFetcher final : public Fetcher {
 public:
  // usage_error where an entry has not the form of port.h.
  static Result<CurlFetcher> of(NamedHosts named, FetchLimits limits = {});
  Result<void> check(const std::string& url) const override;
  Result<void> fetch(const std::string& url, std::uint64_t size_max, Fetched& to) const override;

 private:
  CurlFetcher(guarded::Hosts hosts, FetchLimits limits) : hosts_(std::move(hosts)), limits_(limits) {}
  guarded::Hosts hosts_;
  FetchLimits limits_;
};

}  // namespace sallyport
