// SPDX-License-Identifier: Apache-2.0
// Callbacks that note what arrived; addresses that are in no list are not allowed.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "adapters/callbacks/port.h"

namespace sallyport {

class MemoryCallbacks final : public Callbacks {
 public:
  std::map<std::string, Result<unsigned>> answers;  // by URL
  mutable std::vector<std::pair<std::string, std::string>> sent;

  Result<void> check(const std::string& url) const override {
    if (answers.contains(url)) return {};
    return Error(Code::url_not_allowed, "callbackUri", "a host that is listed", url);
  }
  Result<unsigned> look(const std::string& url) const override {
    TRY(check(url));
    return answers.at(url);
  }
  Result<unsigned> send(const std::string& url, const std::string& json) const override {
    TRY(check(url));
    const auto& answer = answers.at(url);
    if (answer.ok() && answer.value() < 300) sent.emplace_back(url, json);
    return answer;
  }
};

}  // namespace sallyport
