// SPDX-License-Identifier: Apache-2.0
// A small web server for services that answer at once: HTTP/1.1 on one port, one question after the other, on the
// thread that runs it. Certificates are the business of a proxy in front of it.
//
// What anybody can send is bounded: the head and the body of a question, the time for it and for its answer, the number
// of connections, and of questions on one. What is no HTTP is answered with 400, what is too large with 413 or 431;
// neither reaches the handler.
#pragma once

#include <memory>

#include "adapters/http/port.h"

namespace sallyport {

struct ServerLimits {
  std::uint64_t body_size_max = 1U << 20U;
  std::uint32_t head_size_max = 8192;
  std::size_t connections_max = 128;
  std::size_t questions_max = 64;  // on one connection
  std::int64_t seconds_max = 10;   // for a whole question, and for taking its answer
};

class HttpServer {
 public:
  // "127.0.0.1:8080", "[::1]:0" (0: any free port). usage_error when it is no such address, or nobody can listen there.
  static Result<std::unique_ptr<HttpServer>> listen(const std::string& address,
                                                    const ServerLimits& limits = {});
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string address() const;  // with the port that it got
  // Until SIGTERM or SIGINT, or stop(). Questions that have begun are still answered.
  void run(const HttpHandler& handler);
  void stop();  // from any thread

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sallyport
