// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/port.h"

#include <algorithm>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t url_size_max = 8192;

bool may_stand_in_url(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~:/[]!$&'()*+,;=%").find(c) != std::string_view::npos;
}

}  // namespace

Result<Bytes> Fetcher::fetch_small(const std::string& url, std::uint64_t size_max) {
  MemorySink sink;
  TRY(fetch({url, size_max, 0}, sink));
  return sink.bytes();
}

Result<void> check_url(const std::string& url) {
  const bool http = url.starts_with("http://") || url.starts_with("https://");
  const auto host =
      http ? url.substr(url.find("//") + 2, url.find('/', url.find("//") + 2) - url.find("//") - 2)
           : std::string();
  // In a path '@' is allowed; before it, it would be a user.
  const bool plain =
      std::all_of(url.begin(), url.end(), [](char c) { return may_stand_in_url(c) || c == '@'; });
  if (http && !host.empty() && host.find('@') == std::string::npos && plain && url.size() <= url_size_max)
    return {};
  return Error(Code::url_invalid, "URL", "http://HOST/PATH or https://HOST/PATH",
               printable(url.substr(0, 200)));
}

}  // namespace sallyport
