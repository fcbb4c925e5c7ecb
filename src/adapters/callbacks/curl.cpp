// SPDX-License-Identifier: Apache-2.0
#include "adapters/callbacks/curl.h"

namespace sallyport {
namespace {

constexpr std::size_t answer_size_max = 64U << 10U;
constexpr long seconds_max = 10;

}  // namespace

Result<CurlCallbacks> CurlCallbacks::of(NamedHosts named) {
  return CurlCallbacks(TRY(guarded::Hosts::of(std::move(named), "callbackUri")));
}

Result<void> CurlCallbacks::check(const std::string& url) const {
  return hosts_.check(url);
}

Result<unsigned> CurlCallbacks::ask(const std::string& url, const std::string* json) const {
  const auto question = TRY(guarded::Question::about(hosts_, url));
  curl_easy_setopt(question->handle(), CURLOPT_TIMEOUT, seconds_max);
  question->add_header("Expect:");
  question->add_header("Version: 2.0.0");
  if (json != nullptr) {
    question->add_header("Content-Type: application/json");
    curl_easy_setopt(question->handle(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json->size()));
    curl_easy_setopt(question->handle(), CURLOPT_POSTFIELDS, json->data());
  }
  std::size_t size = 0;
  return question->ask([&](long, BytesView part) -> Result<void> {
    size += part.size();
    if (size <= answer_size_max) return {};
    return Error(Code::server_unreachable, url, "an answer of at most 64 KiB", "more");
  });
}

Result<unsigned> CurlCallbacks::look(const std::string& url) const {
  return ask(url, nullptr);
}

Result<unsigned> CurlCallbacks::send(const std::string& url, const std::string& json) const {
  return ask(url, &json);
}

}  // namespace sallyport
