// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/port.h"

#include <algorithm>
#include <charconv>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t url_size_max = 8192;

bool may_stand_in_url(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~:/[]!$&'()*+,;=%").find(c) != std::string_view::npos;
}

// Nothing, or a colon and 1 to 65535.
bool is_port(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() != ':' || text.size() > 6) return false;
  const auto digits = text.substr(1);
  unsigned port = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return read.ec == std::errc() && read.ptr == digits.data() + digits.size() && port >= 1 && port <= 65535;
}

// HOST or [ADDRESS], and a port. A user before it would have an '@'.
bool is_authority(std::string_view text) {
  const bool in_brackets = text.starts_with('[');
  const auto end = in_brackets ? text.find(']') : std::min(text.find(':'), text.size());
  if (end == std::string_view::npos || end < (in_brackets ? 2U : 1U)) return false;
  const auto host = text.substr(in_brackets ? 1 : 0, end - (in_brackets ? 1 : 0));
  return host.find_first_of("[]@") == std::string_view::npos &&
         is_port(text.substr(end + (in_brackets ? 1 : 0)));
}

}  // namespace

Result<Bytes> Fetcher::fetch_small(const std::string& url, std::uint64_t size_max) {
  MemorySink sink;
  TRY(fetch({url, size_max, 0}, sink));
  return sink.bytes();
}

Result<void> check_url(const std::string& url) {
  const bool http = url.starts_with("http://") || url.starts_with("https://");
  const auto rest = http ? std::string_view(url).substr(url.find("//") + 2) : std::string_view();
  const bool plain =
      std::all_of(url.begin(), url.end(), [](char c) { return may_stand_in_url(c) || c == '@'; });
  if (http && is_authority(rest.substr(0, rest.find('/'))) && plain && url.size() <= url_size_max) return {};
  return Error(Code::url_invalid, "URL", "http://HOST/PATH or https://HOST/PATH",
               printable(url.substr(0, 200)));
}

}  // namespace sallyport
