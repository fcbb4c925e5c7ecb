// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>

#include <memory>

#include "adapters/http/curl.h"
#include "adapters/http/curl_common.h"
#include "core/base/text.h"

namespace sallyport {
namespace {

struct Cleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Answer {
  std::uint64_t size_max;
  std::string body;
  enum class Size : std::uint8_t { fits, too_much } size = Size::fits;
};

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* context) {
  auto& answer = *static_cast<Answer*>(context);
  const std::size_t bytes = size * count;
  if (bytes > answer.size_max - answer.body.size()) {
    answer.size = Answer::Size::too_much;
    return 0;
  }
  answer.body.append(data, bytes);
  return bytes;
}

// Nothing is waited for before the body is sent, and nothing is said about it that nobody reads.
std::unique_ptr<curl_slist, Cleanup> headers(const std::string& content_type) {
  auto* list = curl_slist_append(nullptr, "Expect:");
  CHECK(list != nullptr);
  auto* longer = curl_slist_append(list, ("Content-Type: " + content_type).c_str());
  CHECK(longer != nullptr);
  return std::unique_ptr<curl_slist, Cleanup>(longer);
}

void prepare(CURL* handle, const CurlSettings& settings, const PostRequest& request, Answer& answer) {
  curl::prepare(handle, settings, request.url);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, settings.answer_seconds_max);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
  if (request.method == HttpMethod::put) curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, "PUT");
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer);
}

Result<HttpAnswer> read(CURL* handle, const PostRequest& request, Answer answer) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (status >= 300 && status < 400)
    return Error(Code::server_redirects, request.url, "an answer", "status " + std::to_string(status));
  const char* type = nullptr;
  curl_easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &type);
  return HttpAnswer{static_cast<unsigned>(status), type == nullptr ? "" : type, std::move(answer.body)};
}

}  // namespace

CurlPoster::CurlPoster(CurlSettings settings) : settings_(std::move(settings)) {
  curl::begin();
}

Result<HttpAnswer> CurlPoster::post(const PostRequest& request) const {
  TRY(check_url(request.url));
  const std::unique_ptr<CURL, Cleanup> handle(curl_easy_init());
  CHECK(handle != nullptr);
  Answer answer{request.answer_size_max, {}};
  prepare(handle.get(), settings_, request, answer);
  const auto list = headers(request.content_type);
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, list.get());
  const auto code = curl_easy_perform(handle.get());
  if (answer.size == Answer::Size::too_much)
    return Error(Code::server_sends_too_much, request.url,
                 "at most " + std::to_string(request.answer_size_max) + " bytes", "more");
  TRY(curl::check(code, request.url));
  return read(handle.get(), request, std::move(answer));
}

}  // namespace sallyport
