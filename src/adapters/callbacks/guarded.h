// SPDX-License-Identifier: Apache-2.0
// Questions over libcurl to addresses that strangers named, in one place. libcurl reads the address once: what was
// checked is what is asked. Where it really connects to is decided when the socket is made, whatever a name led to
// before. No proxy, no redirection, no connection that is kept.
#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/callbacks/port.h"
#include "core/base/bytes.h"

namespace sallyport::guarded {

class Hosts {
 public:
  // usage_error where an entry has not the form of port.h. `member`: the request's member that has addresses.
  static Result<Hosts> of(NamedHosts named, std::string member);
  // url_not_allowed: not https, a user or fragment in it, or a host or port that is not listed.
  Result<void> check(const std::string& url) const;
  const NamedHosts& named() const { return named_; }
  const std::string& member() const { return member_; }

 private:
  Hosts(NamedHosts named, std::string member) : named_(std::move(named)), member_(std::move(member)) {}
  NamedHosts named_;
  std::string member_;
};

// One question. What it asks beyond the address is set on handle().
class Question {
 public:
  static Result<std::unique_ptr<Question>> about(const Hosts& hosts, const std::string& url);
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;
  ~Question();

  CURL* handle() const { return handle_; }
  void add_header(const char* header);
  // Given each part of an answer with its status; an error ends it, and is what comes of the question.
  using Take = std::function<Result<void>(long status, BytesView part)>;
  // Asked about once a second; no: io_failed.
  using GoesOn = std::function<bool()>;

  // The status of the answer. server_redirects for one that sends elsewhere; url_not_allowed where the name leads to an
  // address that may not be asked.
  Result<unsigned> ask(Take take, GoesOn goes_on = {});

 private:
  Question(const Hosts& hosts, std::string url) : hosts_(hosts), url_(std::move(url)) {}
  void prepare();
  long status() const;
  Error failure(CURLcode code) const;
  bool may_connect(const curl_sockaddr& to);
  static curl_socket_t on_socket(void* context, curlsocktype, curl_sockaddr* to);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* context);
  static int on_progress(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

  const Hosts& hosts_;
  std::string url_;
  CURL* handle_ = nullptr;
  CURLU* parsed_ = nullptr;
  curl_slist* headers_ = nullptr;
  Take take_;
  GoesOn goes_on_;
  std::string blocked_;             // an address that a name led to
  std::vector<Error> taken_badly_;  // at most one
};

}  // namespace sallyport::guarded
