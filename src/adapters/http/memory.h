// SPDX-License-Identifier: Apache-2.0
// Files under their URLs, in memory.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/http/port.h"

namespace sallyport {

class MemoryFetcher final : public Fetcher {
 public:
  std::map<std::string, Bytes> files;
  std::vector<std::string> asked;  // in order

  Result<void> fetch(const FetchRequest& request, ByteSink& sink) override;
};

}  // namespace sallyport
