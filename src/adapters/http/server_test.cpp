// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "adapters/http/curl.h"

namespace sallyport {
namespace {

// Says what it was asked.
class EchoServer {
 public:
  explicit EchoServer(const ServerLimits& limits = {})
      : server_(HttpServer::listen("127.0.0.1:0", limits).value()) {
    thread_ = std::thread([this] {
      server_->run([this](const HttpQuestion& question) {
        ++asked;
        return HttpAnswer{200, "text/x.echo", question.method + " " + question.path + " " + question.body};
      });
      ended = true;
    });
  }
  ~EchoServer() {
    server_->stop();
    thread_.join();
  }
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;
  std::string url() const { return "http://" + server_->address(); }
  std::uint16_t port() const {
    const auto address = server_->address();
    return static_cast<std::uint16_t>(std::strtoul(address.c_str() + address.rfind(':') + 1, nullptr, 10));
  }

  std::atomic<int> asked = 0;
  std::atomic<bool> ended = false;

 private:
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

// A client that sends whatever bytes a test likes.
class RawClient {
 public:
  explicit RawClient(const EchoServer& server) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(server.port());
    const timeval patience{5, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    CHECK(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~RawClient() { ::close(fd_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(const std::string& bytes) const { (void)!::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  // Up to the end of the connection, or five seconds of silence.
  std::string read_all() const {
    std::string all;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::recv(fd_, part.data(), part.size(), 0)) > 0;)
      all.append(part.data(), static_cast<std::size_t>(got));
    return all;
  }

 private:
  int fd_;
};

std::string status_of(const std::string& answer) {
  return answer.substr(0, answer.find("\r\n"));
}

std::string said(const EchoServer& server, const std::string& bytes) {
  const RawClient client(server);
  client.send(bytes);
  return client.read_all();
}

TEST(HttpServer, AnswersWhatWasAsked) {
  const EchoServer server;
  const auto answer = CurlPoster().post({server.url() + "/a/b", "body", 100}).value();
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.content_type, "text/x.echo");
  EXPECT_EQ(answer.body, "POST /a/b body");
  const std::string large(1U << 20U, 'x');
  EXPECT_EQ(CurlPoster().post({server.url() + "/", large, 2U << 20U}).value().body, "POST / " + large);
}

TEST(HttpServer, SeveralQuestionsOnOneConnection) {
  ServerLimits limits;
  limits.questions_max = 3;
  const EchoServer server(limits);
  const std::string question = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";
  const auto answers = said(server, question + question + question + question);
  EXPECT_EQ(server.asked, 3);
  EXPECT_NE(answers.find("Connection: close"), std::string::npos);
  EXPECT_EQ(said(server, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").find("HTTP/1.1 200"), 0U);
}

TEST(HttpServerAttack, P_LimitsOnWhatIsSent) {
  ServerLimits limits;
  limits.body_size_max = 1000;
  limits.head_size_max = 500;
  const EchoServer server(limits);
  const std::string post = "POST / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(status_of(said(server, post + "Content-Length: 1001\r\n\r\n")), "HTTP/1.1 413 Payload Too Large");
  EXPECT_EQ(status_of(said(server, post + "Content-Length: 99999999999999999999\r\n\r\n")),
            "HTTP/1.1 400 Bad Request");
  const auto chunk = "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n";
  EXPECT_EQ(status_of(said(server, post + chunk)), "HTTP/1.1 413 Payload Too Large");
  EXPECT_EQ(status_of(said(server, post + "X: " + std::string(600, 'x'))),
            "HTTP/1.1 431 Request Header Fields Too Large");
  EXPECT_EQ(server.asked, 0);
}

TEST(HttpServerAttack, WhatIsNoHttp) {
  const EchoServer server;
  for (const auto* bad : {"hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\x01 HTTP/1.1\r\n\r\n",
                          "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                          "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "\x16\x03\x01\x02\r\n\r\n"}) {
    EXPECT_EQ(status_of(said(server, bad)), "HTTP/1.1 400 Bad Request") << bad;
  }
  EXPECT_EQ(server.asked, 0);
}

TEST(HttpServerAttack, SlowClientsAreLeft) {
  ServerLimits limits;
  limits.seconds_max = 1;
  const EchoServer server(limits);
  EXPECT_EQ(said(server, "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nxx"), "");
  EXPECT_EQ(said(server, ""), "");
  EXPECT_EQ(server.asked, 0);
}

// Whoever comes when all places are taken waits, and is served when one is free again.
TEST(HttpServerAttack, NumberOfConnections) {
  ServerLimits limits;
  limits.connections_max = 2;
  limits.seconds_max = 1;
  const EchoServer server(limits);
  const RawClient first(server);
  const RawClient second(server);
  EXPECT_EQ(CurlPoster().post({server.url() + "/", "x", 100}).value().body, "POST / x");
}

TEST(HttpServer, EndsWithASignalAndLeavesIdleConnections) {
  const EchoServer server;
  const RawClient idle(server);
  EXPECT_TRUE(CurlPoster().post({server.url() + "/", "x", 100}).ok());
  ::kill(::getpid(), SIGTERM);
  for (int i = 0; i < 100 && !server.ended; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_TRUE(server.ended);
  EXPECT_EQ(idle.read_all(), "");
}

TEST(HttpServer, AddressesThatAreNone) {
  const auto taken = HttpServer::listen("127.0.0.1:0").value();
  for (const auto& bad : {std::string(), std::string("127.0.0.1"), std::string("localhost:80"),
                          std::string(":80"), std::string("127.0.0.1:"), std::string("127.0.0.1:65536"),
                          std::string("127.0.0.1:8x"), std::string("192.0.2.1:0"), taken->address()}) {
    const auto result = HttpServer::listen(bad);
    ASSERT_FALSE(result.ok()) << bad;
    EXPECT_EQ(result.error().code, Code::usage_error) << bad;
  }
}

}  // namespace
}  // namespace sallyport
