// SPDX-License-Identifier: Apache-2.0
// A web server on loopback that answers with whatever bytes a test likes, as slowly as it likes.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace sallyport::testkit {

// One connection after its request was read. Writing ends the test's answer when the other side has gone.
class HttpConnection {
 public:
  HttpConnection(int fd, std::string request) : fd_(fd), request_(std::move(request)) {}
  const std::string& request() const { return request_; }
  std::string path() const;
  std::string body() const;
  // From a Range header; 0: none.
  unsigned long offset() const;
  enum class Other : unsigned char { listens, has_gone };
  Other write(const std::string& bytes);
  void reply(const std::string& status, const std::string& body, const std::string& headers = {});

 private:
  int fd_;
  std::string request_;
};

class HttpServer {
 public:
  explicit HttpServer(std::function<void(HttpConnection&)> answer);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  std::string url() const;  // "http://127.0.0.1:4711"

 private:
  void serve();
  std::function<void(HttpConnection&)> answer_;
  int listener_;
  unsigned short port_ = 0;
  std::thread thread_;
};

}  // namespace sallyport::testkit
