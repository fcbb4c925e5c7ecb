// SPDX-License-Identifier: Apache-2.0
// Fetching a file from a web server. Nobody believes what comes: whoever asks says how much it may be at most, and
// verifies what it got.
//
// Only http and https; no redirection is followed, no content encoding is accepted, nothing of a user, a query or a
// fragment is in a URL (url_invalid). An answer is the file (200, or 206 for the range that was asked for), or
// an error: server_unreachable (no answer, or it broke off, or it came short of what it announced), server_refused
// (another status), server_file_missing (404, 410, and 403 of servers that do not list), server_redirects,
// server_too_slow, server_untrusted (its certificate), server_sends_too_much.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/base/sink.h"

namespace sallyport {

struct FetchRequest {
  std::string url;
  std::uint64_t size_max;    // of the whole file
  std::uint64_t offset = 0;  // go on from here
};

class Fetcher {
 public:
  virtual ~Fetcher() = default;

  // Hands the bytes from `offset` on to the sink. What the sink refuses ends the transfer with the sink's error.
  // A server that does not know ranges is server_refused when `offset` is not 0: the caller begins anew.
  // What was handed over before an error is the beginning of some file; it may be continued, and proves nothing.
  virtual Result<void> fetch(const FetchRequest& request, ByteSink& sink) = 0;

  // A small file.
  Result<Bytes> fetch_small(const std::string& url, std::uint64_t size_max);
};

// A question to a web service, and what it answered, whatever the status was but for redirections. As above, nobody
// believes what comes.
enum class HttpMethod : std::uint8_t { post, put };
struct PostRequest {
  std::string url;
  std::string body;
  std::uint64_t answer_size_max;
  std::string content_type = "text/plain; charset=utf-8";  // of the question
  HttpMethod method = HttpMethod::post;
};
struct HttpAnswer {
  unsigned status;
  std::string content_type;
  std::string body;
};

class Poster {
 public:
  virtual ~Poster() = default;
  // May be called from several threads at once. server_unreachable, server_redirects, server_too_slow,
  // server_untrusted, server_sends_too_much, url_invalid.
  virtual Result<HttpAnswer> post(const PostRequest& request) const = 0;
};

// What a service is asked; its answer is an HttpAnswer.
struct HttpQuestion {
  std::string method;
  std::string path;  // with what stands behind it
  std::string body;
};
using HttpHandler = std::function<HttpAnswer(const HttpQuestion&)>;

// http:// or https://, a host, a path of what RFC 3986 allows there. url_invalid.
Result<void> check_url(const std::string& url);

}  // namespace sallyport
