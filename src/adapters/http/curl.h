// SPDX-License-Identifier: Apache-2.0
// Fetcher over libcurl. One connection is kept and used again. Certificates of https servers are checked against
// the system's anchors, or against a file that the operator names.
#pragma once

#include <memory>
#include <string>

#include "adapters/http/port.h"

namespace sallyport {

struct CurlSettings {
  long connect_seconds_max = 20;
  // Slower than this over that long, and the transfer is given up.
  long rate_bytes_min = 1024;
  long rate_seconds = 30;
  std::string anchors;           // PEM file; empty: the system's
  std::string certificate;       // PEM file, of this client; empty: none
  std::string certificate_key;   // PEM file
  long answer_seconds_max = 30;  // of a CurlPoster: from the connection to the end of the answer
};

class CurlFetcher final : public Fetcher {
 public:
  explicit CurlFetcher(CurlSettings settings = {});
  ~CurlFetcher() override;
  CurlFetcher(const CurlFetcher&) = delete;
  CurlFetcher& operator=(const CurlFetcher&) = delete;

  Result<void> fetch(const FetchRequest& request, ByteSink& sink) override;

 private:
  struct State;
  CurlSettings settings_;
  std::unique_ptr<State> state_;
};

// Poster over libcurl; each question has a connection of its own.
class CurlPoster final : public Poster {
 public:
  explicit CurlPoster(CurlSettings settings = {});
  Result<HttpAnswer> post(const PostRequest& request) const override;

 private:
  CurlSettings settings_;
};

}  // namespace sallyport
