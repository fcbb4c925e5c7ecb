// SPDX-License-Identifier: Apache-2.0
// Any fetcher, and the n-th fetch on it goes wrong: it says so at once, or it breaks off after half of the
// bytes, or it hands over half and says that this was all (the lie that only a length or a digest finds).
#pragma once

#include "adapters/http/port.h"

namespace sallyport {

enum class Fetched : std::uint8_t { nothing, half, half_and_says_all };

class FaultyFetcher final : public Fetcher {
 public:
  FaultyFetcher(Fetcher& inner, std::uint64_t nth, Fetched then, Code code = Code::server_unreachable)
      : inner_(inner), nth_(nth), then_(then), code_(code) {}

  std::uint64_t calls() const { return calls_; }
  bool struck() const { return nth_ != 0 && calls_ >= nth_; }

  Result<void> fetch(const FetchRequest& request, ByteSink& sink) override;

 private:
  Fetcher& inner_;
  std::uint64_t nth_;
  Fetched then_;
  Code code_;
  std::uint64_t calls_ = 0;
};

}  // namespace sallyport
