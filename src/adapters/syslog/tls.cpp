// SPDX-License-Identifier: Apache-2.0
#include "adapters/syslog/tls.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <utility>

namespace sallyport {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t answer_size_max = 64U << 10U;  // nobody has anything to say; more is no collector

struct Cleanup {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* tls) const { SSL_free(tls); }
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Context = std::unique_ptr<SSL_CTX, Cleanup>;

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

bool is_address(const std::string& host) {
  std::array<std::uint8_t, 16> bytes{};
  return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

std::string why_tls() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* const text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? "no TLS" : text;
}

Error unusable(const std::string& file) {
  return {Code::key_unusable, file, "PEM that fits the others", why_tls()};
}

Result<Context> context_of(const SyslogServer& server) {
  ERR_clear_error();
  Context context(SSL_CTX_new(TLS_client_method()));
  CHECK(context != nullptr);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  // Many collectors end the TCP stream without close_notify: that end is one in order, too (ADR 28).
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (SSL_CTX_load_verify_file(context.get(), server.authorities.c_str()) != 1)
    return unusable(server.authorities);
  if (server.certificate.empty()) return context;
  if (SSL_CTX_use_certificate_chain_file(context.get(), server.certificate.c_str()) != 1)
    return unusable(server.certificate);
  if (SSL_CTX_use_PrivateKey_file(context.get(), server.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return unusable(server.key);
  return context;
}

// One delivery: everything of it has to be done by its deadline.
class Delivery {
 public:
  Delivery(std::string where, std::int64_t seconds_max)
      : where_(std::move(where)), deadline_(Clock::now() + std::chrono::seconds(seconds_max)) {}

  Result<Socket> connect(const std::string& host, const std::string& port) const {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
    if (error != 0) return unreachable(::gai_strerror(error));
    const std::unique_ptr<addrinfo, Cleanup> list(found);
    auto last = unreachable("no address");
    for (const auto* one = list.get(); one != nullptr; one = one->ai_next) {
      auto connected = connect_to(*one);
      if (connected.ok()) return connected;
      last = connected.error();
    }
    return last;
  }

  // Until it is done: `step` calls OpenSSL, and returns what it returned.
  template <class Step>
  Result<int> drive(SSL* tls, int fd, Step step) const {
    while (true) {
      ERR_clear_error();
      errno = 0;
      const int said = step();
      if (said > 0) return said;
      const int error = SSL_get_error(tls, said);
      if (error == SSL_ERROR_ZERO_RETURN) return 0;
      if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        TRY(wait(fd, error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT));
        continue;
      }
      return failure(tls, errno);
    }
  }

  Error unreachable(std::string why) const {
    return {Code::server_unreachable, where_, "a syslog collector over TLS", std::move(why)};
  }

 private:
  Result<Socket> connect_to(const addrinfo& to) const {
    Socket socket(::socket(to.ai_family, to.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, to.ai_protocol));
    if (socket.fd() < 0) return unreachable(std::strerror(errno));
    if (::connect(socket.fd(), to.ai_addr, to.ai_addrlen) == 0) return socket;
    if (errno != EINPROGRESS) return unreachable(std::strerror(errno));
    TRY(wait(socket.fd(), POLLOUT));
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) return unreachable(std::strerror(error));
    return socket;
  }

  Result<void> wait(int fd, int what) const {
    while (true) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
      if (left <= 0) return Error(Code::server_too_slow, where_, "an answer in time", "none");
      pollfd one{fd, static_cast<short>(what), 0};
      const int ready = ::poll(&one, 1, static_cast<int>(left));
      if (ready > 0) return {};
      if (ready < 0 && errno != EINTR) return unreachable(std::strerror(errno));
    }
  }

  Error failure(SSL* tls, int error) const {
    const auto verified = SSL_get_verify_result(tls);
    if (verified != X509_V_OK)
      return {Code::server_untrusted, where_, "a certificate of a listed authority for this address",
              X509_verify_cert_error_string(verified)};
    return unreachable(error != 0 ? std::strerror(error) : why_tls());
  }

  std::string where_;
  Clock::time_point deadline_;
};

Result<void> expect_name(SSL* tls, const std::string& host) {
  const bool is_set = [&] {
    if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str()) == 1;
    SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    auto name = host;
    return SSL_set1_host(tls, host.c_str()) == 1 &&
           SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1;
  }();
  if (is_set) return {};
  return Error(Code::internal_error, "syslog", "a name that can be expected", why_tls());
}

Result<void> write_all(const Delivery& delivery, SSL* tls, int fd, std::string_view left) {
  while (!left.empty()) {
    const auto part = static_cast<int>(std::min<std::size_t>(left.size(), 16384));
    const int done = TRY(delivery.drive(tls, fd, [&] { return SSL_write(tls, left.data(), part); }));
    if (done == 0) return delivery.unreachable("the connection ended before everything was written");
    left.remove_prefix(static_cast<std::size_t>(done));
  }
  return {};
}

// The receipt: whoever ends in order has read to the end.
Result<void> end_in_order(const Delivery& delivery, SSL* tls, int fd) {
  // 0: said; what the other side says is read below.
  TRY(delivery.drive(tls, fd, [&] {
    const int said = SSL_shutdown(tls);
    return said == 0 ? 1 : said;
  }));
  ::shutdown(fd, SHUT_WR);
  std::array<char, 1024> unread{};
  for (std::size_t size = 0; size <= answer_size_max;) {
    const int got = TRY(delivery.drive(
        tls, fd, [&] { return SSL_read(tls, unread.data(), static_cast<int>(unread.size())); }));
    if (got == 0) return {};
    size += static_cast<std::size_t>(got);
  }
  return delivery.unreachable("it says something itself");
}

}  // namespace

Result<TlsCollector> TlsCollector::of(SyslogServer server) {
  const auto colon = server.address.rfind(':');
  auto host = server.address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const auto port = colon == std::string::npos ? "" : server.address.substr(colon + 1);
  const bool is_number = !port.empty() && port.size() <= 5 &&
                         std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
  const bool is_bare_v6 = host.find(':') != std::string::npos && server.address.front() != '[';
  if (host.empty() || !is_number || is_bare_v6)
    return Error(Code::usage_error, "syslog.server", "HOST:PORT", server.address);
  TRY(context_of(server));
  return TlsCollector(std::move(server), std::move(host), port);
}

Result<void> TlsCollector::deliver(std::string_view frames) {
  const auto context = TRY(context_of(server_));
  const Delivery delivery("syslog " + server_.address, server_.seconds_max);
  const auto socket = TRY(delivery.connect(host_, port_));
  const std::unique_ptr<SSL, Cleanup> tls(SSL_new(context.get()));
  CHECK(tls != nullptr && SSL_set_fd(tls.get(), socket.fd()) == 1);
  TRY(expect_name(tls.get(), host_));
  if (TRY(delivery.drive(tls.get(), socket.fd(), [&] { return SSL_connect(tls.get()); })) == 0)
    return delivery.unreachable("the connection ended");
  TRY(write_all(delivery, tls.get(), socket.fd(), frames));
  return end_in_order(delivery, tls.get(), socket.fd());
}

}  // namespace sallyport
