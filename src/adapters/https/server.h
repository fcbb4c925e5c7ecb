// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 server over TLS 1.2 or 1.3 that asks its clients for certificates. Several threads, one service.
//
// What anybody can send or keep open is bounded: the time for the handshake, for a head (slow ones: 408) and for the
// parts of a body, the rate of a body, the size of a head (431), the number of connections, of those of one address and
// of questions on one. Where there are as many connections as may be, the next ones wait to be accepted.
#pragma once

#include <functional>
#include <memory>

#include "adapters/https/port.h"

namespace sallyport {

struct WebLimits {
  std::uint32_t head_size_max = 16384;
  std::size_t connections_max = 512;
  std::size_t connections_of_address_max = 128;
  std::size_t questions_max = 1000;     // on one connection
  std::int64_t head_seconds_max = 10;   // also of the handshake, and of closing
  std::int64_t idle_seconds_max = 60;   // between two questions
  std::int64_t part_seconds_max = 20;   // for the next part of a body or an answer
  std::uint64_t body_rate_min = 16384;  // bytes a second of a body, after the first part_seconds_max
  std::int64_t stop_seconds_max = 30;   // for what had begun when the server was told to end
  unsigned threads = 4;
};

// Files of PEM. Of the clients' authorities one has to have signed what a client shows.
struct WebTls {
  std::string certificate_file;
  std::string key_file;
  std::string client_authorities_file;
};

class WebServer {
 public:
  // "127.0.0.1:8443", "[::1]:0" (0: any free port). usage_error when it is no such address or nobody can listen there,
  // key_unusable when the files do not fit.
  static Result<std::unique_ptr<WebServer>> listen(const std::string& address, const WebTls& tls,
                                                   const WebLimits& limits = {});
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  std::string address() const;  // with the port that it got
  // Until SIGTERM or SIGINT, or stop(). Questions that have begun are still answered, in stop_seconds_max; one that the
  // service never answers is waited for. `told` is called when a signal came, whatever hangs, on a thread of its own.
  void run(WebService& service, const std::function<void()>& told = {});
  void stop();  // from any thread

 private:
  struct State;
  explicit WebServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sallyport
