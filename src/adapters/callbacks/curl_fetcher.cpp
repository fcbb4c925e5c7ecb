// SPDX-License-Identifier: Apache-2.0
#include "adapters/callbacks/curl_fetcher.h"

namespace sallyport {
namespace {

Error refusal(const std::string& url, long status) {
  const auto code = status == 404                   ? Code::server_file_missing
                    : status >= 300 && status < 400 ? Code::server_redirects
                                                    : Code::server_refused;
  return {code, url, "status 200", "status " + std::to_string(status)};
}

}  // namespace

Result<CurlFetcher> CurlFetcher::of(NamedHosts named, FetchLimits limits) {
  return CurlFetcher(TRY(guarded::Hosts::of(std::move(named), "addressInformation")), limits);
}

Result<void> CurlFetcher::check(const std::string& url) const {
  return hosts_.check(url);
}

Result<void> CurlFetcher::fetch(const std::string& url, std::uint64_t size_max, Fetched& to) const {
  const auto question = TRY(guarded::Question::about(hosts_, url));
  curl_easy_setopt(question->handle(), CURLOPT_LOW_SPEED_LIMIT, limits_.rate_min);
  curl_easy_setopt(question->handle(), CURLOPT_LOW_SPEED_TIME, limits_.rate_seconds);
  curl_easy_setopt(question->handle(), CURLOPT_TIMEOUT, limits_.seconds_max);
  curl_easy_setopt(question->handle(), CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(size_max));
  std::uint64_t size = 0;
  const auto take = [&](long status, BytesView part) -> Result<void> {
    if (status != 200) return refusal(url, status);
    if (part.size() > size_max - size)
      return Error(Code::server_sends_too_much, url, std::to_string(size_max) + " bytes", "more");
    size += part.size();
    return to.take(part);
  };
  const auto status = TRY(question->ask(take, [&] { return to.goes_on(); }));
  if (status != 200) return refusal(url, static_cast<long>(status));
  return {};
}

}  // namespace sallyport
