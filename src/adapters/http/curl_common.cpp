// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/curl_common.h"

#include "core/base/text.h"

namespace sallyport::curl {
namespace {

// libcurl's list for 7.85 and later is a text, before it bits; the text is in both of our platforms.
constexpr const char* protocols = "http,https";

}  // namespace

void begin() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  CHECK(ready == CURLE_OK);
}

void prepare(CURL* handle, const CurlSettings& settings, const std::string& url) {
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, settings.connect_seconds_max);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, settings.rate_bytes_min);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, settings.rate_seconds);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "sallyport");
  if (!settings.anchors.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, settings.anchors.c_str());
  if (settings.certificate.empty()) return;
  curl_easy_setopt(handle, CURLOPT_SSLCERT, settings.certificate.c_str());
  curl_easy_setopt(handle, CURLOPT_SSLKEY, settings.certificate_key.c_str());
  curl_easy_setopt(handle, CURLOPT_KEYPASSWD, "");  // nobody is asked for one
}

Result<void> check(CURLcode code, const std::string& url) {
  if (code == CURLE_OK) return {};
  if (code == CURLE_OPERATION_TIMEDOUT)
    return Error(Code::server_too_slow, url, "an answer in time", curl_easy_strerror(code));
  if (code == CURLE_PEER_FAILED_VERIFICATION)
    return Error(Code::server_untrusted, url,
                 "a certificate that leads to the system's authorities, or to those of --ca FILE",
                 printable(curl_easy_strerror(code)));
  if (code == CURLE_SSL_CERTPROBLEM)
    return Error(Code::key_unusable, "--client-cert and --client-key", "a certificate and its key (PEM)",
                 printable(curl_easy_strerror(code)));
  if (code == CURLE_SSL_CACERT_BADFILE)
    return Error(Code::server_unreachable, url,
                 "authorities to trust: --ca FILE, or Debian's ca-certificates",
                 printable(curl_easy_strerror(code)));
  if (code == CURLE_RANGE_ERROR)
    return Error(Code::server_refused, url, "the rest of the file", "the whole of it");
  return Error(Code::server_unreachable, url, "an answer", printable(curl_easy_strerror(code)));
}

}  // namespace sallyport::curl
