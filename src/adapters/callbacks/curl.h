// SPDX-License-Identifier: Apache-2.0
// Callbacks over libcurl, by the rules of guarded.h. An answer has 10 seconds and 64 KiB.
#pragma once

#include <string>

#include "adapters/callbacks/guarded.h"
#include "adapters/callbacks/port.h"

namespace sallyport {

class CurlCallbacks final : public Callbacks {
 public:
  // usage_error where an entry has not the form of port.h.
  static Result<CurlCallbacks> of(NamedHosts named);
  Result<void> check(const std::string& url) const override;
  Result<unsigned> look(const std::string& url) const override;
  Result<unsigned> send(const std::string& url, const std::string& json) const override;

 private:
  explicit CurlCallbacks(guarded::Hosts hosts) : hosts_(std::move(hosts)) {}
  Result<unsigned> ask(const std::string& url, const std::string* json) const;
  guarded::Hosts hosts_;
};

}  // namespace sallyport
