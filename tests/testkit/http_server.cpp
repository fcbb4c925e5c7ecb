// SPDX-License-Identifier: Apache-2.0
#include "testkit/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "core/base/result.h"

namespace sallyport::testkit {

namespace {

// The head, and as much behind it as it announces.
bool is_whole(const std::string& request) {
  const auto end = request.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const auto length = request.find("Content-Length: ");
  if (length > end) return true;
  return request.size() - end - 4 >= std::strtoul(request.c_str() + length + 16, nullptr, 10);
}

}  // namespace

std::string HttpConnection::body() const {
  const auto end = request_.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : request_.substr(end + 4);
}

std::string HttpConnection::path() const {
  const auto begin = request_.find(' ') + 1;
  return request_.substr(begin, request_.find(' ', begin) - begin);
}

unsigned long HttpConnection::offset() const {
  const auto at = request_.find("Range: bytes=");
  return at == std::string::npos ? 0 : std::strtoul(request_.c_str() + at + 13, nullptr, 10);
}

HttpConnection::Other HttpConnection::write(const std::string& bytes) {
  const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return sent == static_cast<ssize_t>(bytes.size()) ? Other::listens : Other::has_gone;
}

void HttpConnection::reply(const std::string& status, const std::string& body, const std::string& headers) {
  write("HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n" + headers + "\r\n" + body);
}

HttpServer::HttpServer(std::function<void(HttpConnection&)> answer)
    : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  CHECK(::bind(listener_, generic, size) == 0 && ::listen(listener_, 16) == 0 &&
        ::getsockname(listener_, generic, &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

HttpServer::~HttpServer() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::string HttpServer::url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

void HttpServer::serve() {
  while (true) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    std::string request;
    std::array<char, 4096> part{};
    while (!is_whole(request)) {
      const auto got = ::recv(fd, part.data(), part.size(), 0);
      if (got <= 0) break;
      request.append(part.data(), static_cast<std::size_t>(got));
    }
    HttpConnection connection(fd, std::move(request));
    if (!connection.request().empty()) answer_(connection);
    ::close(fd);
  }
}

}  // namespace sallyport::testkit
