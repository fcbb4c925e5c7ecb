// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/curl.h"

#include <curl/curl.h>

#include <limits>
#include <optional>

#include "adapters/http/curl_common.h"
#include "core/base/checked.h"

namespace sallyport {
namespace {

struct Cleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

// One transfer as libcurl's callbacks see it.
struct Transfer {
  CURL* handle;
  ByteSink& sink;
  const FetchRequest& request;
  std::uint64_t received = 0;
  std::optional<Error> stopped;  // why the callback ended the transfer
};

Error status_error(const std::string& url, long status) {
  const auto code = status == 404 || status == 403 || status == 410 ? Code::server_file_missing
                    : status >= 300 && status < 400                 ? Code::server_redirects
                                                                    : Code::server_refused;
  return {code, url, "the file", "status " + std::to_string(status)};
}

// The file from the beginning, or the rest of it: anything else has no body worth reading.
std::optional<Error> check_answer(const Transfer& transfer) {
  long status = 0;
  curl_easy_getinfo(transfer.handle, CURLINFO_RESPONSE_CODE, &status);
  if (status != (transfer.request.offset == 0 ? 200 : 206)) return status_error(transfer.request.url, status);
  curl_off_t announced = -1;
  curl_easy_getinfo(transfer.handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
  const auto total = announced < 0
                         ? std::optional<std::uint64_t>(0)
                         : checked_add(transfer.request.offset, static_cast<std::uint64_t>(announced));
  if (!total.has_value() || *total > transfer.request.size_max)
    return Error(Code::server_sends_too_much, transfer.request.url,
                 "at most " + std::to_string(transfer.request.size_max) + " bytes",
                 std::to_string(announced));
  return std::nullopt;
}

std::optional<Error> take(Transfer& transfer, BytesView part) {
  if (transfer.received == 0) {
    if (auto wrong = check_answer(transfer)) return wrong;
  }
  const auto room = transfer.request.size_max - transfer.request.offset - transfer.received;
  if (part.size() > room)
    return Error(Code::server_sends_too_much, transfer.request.url,
                 "at most " + std::to_string(transfer.request.size_max) + " bytes", "more");
  transfer.received += part.size();
  auto written = transfer.sink.write(part);
  if (!written.ok()) return std::move(written).take_error();
  return std::nullopt;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  const std::size_t bytes = size * count;
  transfer.stopped = take(transfer, as_bytes(std::string_view(data, bytes)));
  return transfer.stopped.has_value() ? 0 : bytes;
}

void prepare(CURL* handle, const CurlSettings& settings, Transfer& transfer) {
  curl_easy_reset(handle);
  curl::prepare(handle, settings, transfer.request.url);
  if (transfer.request.offset > 0)
    curl_easy_setopt(handle, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(transfer.request.offset));
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
}

Result<void> finish(CURLcode code, const Transfer& transfer) {
  if (transfer.stopped.has_value()) return *transfer.stopped;
  TRY(curl::check(code, transfer.request.url));
  if (transfer.received > 0) return {};
  auto wrong = check_answer(transfer);  // an empty body has not been looked at yet
  if (wrong.has_value()) return std::move(*wrong);
  return {};
}

}  // namespace

struct CurlFetcher::State {
  std::unique_ptr<CURL, Cleanup> handle{curl_easy_init()};
};

CurlFetcher::CurlFetcher(CurlSettings settings) : settings_(std::move(settings)) {
  curl::begin();
  state_ = std::make_unique<State>();
  CHECK(state_->handle != nullptr);
}

CurlFetcher::~CurlFetcher() = default;

Result<void> CurlFetcher::fetch(const FetchRequest& request, ByteSink& sink) {
  TRY(check_url(request.url));
  CHECK(request.offset <= request.size_max);
  if (request.offset > static_cast<std::uint64_t>(std::numeric_limits<curl_off_t>::max()))
    return Error(Code::server_sends_too_much, request.url, "a place in a file",
                 std::to_string(request.offset));
  Transfer transfer{state_->handle.get(), sink, request, 0, std::nullopt};
  prepare(state_->handle.get(), settings_, transfer);
  return finish(curl_easy_perform(state_->handle.get()), transfer);
}

}  // namespace sallyport
