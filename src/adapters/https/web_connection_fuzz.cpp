// SPDX-License-Identifier: Apache-2.0
// A whole connection: the input is what a client sends over TLS to the real server, at once, before it says that it has
// no more. The server has to end it in time, whatever it is, and to keep its word to the service.
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "adapters/https/server.h"

namespace {

using namespace sallyport;

constexpr std::size_t input_size_max = 32768;  // fits into the socket: who sends it never waits
constexpr std::uint64_t body_size_max = 1000;
constexpr int answer_seconds_max = 20;

const Bytes& content() {
  static const Bytes bytes(5000, 'f');
  return bytes;
}

class CountedBody final : public WebBody {
 public:
  explicit CountedBody(std::optional<std::uint64_t> announced) : announced_(announced) {}
  std::uint64_t size_max() const override { return body_size_max; }
  std::optional<WebAnswer> take(BytesView part) override {
    size_ += part.size();
    CHECK(size_ <= body_size_max && !is_finished_);
    if (size_ != 13) return std::nullopt;
    return WebAnswer{409, {}, "enough"};
  }
  WebAnswer finish() override {
    CHECK(!std::exchange(is_finished_, true));
    CHECK(announced_.value_or(size_) == size_);
    return WebAnswer{200, {{"Content-Type", "text/plain"}}, std::to_string(size_)};
  }

 private:
  std::optional<std::uint64_t> announced_;
  std::uint64_t size_ = 0;
  bool is_finished_ = false;
};

class Answering final : public WebService {
 public:
  WebBegun begin(const WebQuestion& question) override {
    CHECK(!question.method.empty());
    for (const auto& [name, value] : question.headers)
      for (const char c : name) CHECK(c < 'A' || c > 'Z');
    if (question.method == "PUT" || question.method == "POST")
      return std::make_unique<CountedBody>(question.body_size);
    if (question.target == "/file") {
      const auto file = std::make_shared<MemorySource>(content());
      return WebAnswer{200, {}, {}, WebFile{file, 1000, 3000}};
    }
    return WebAnswer{question.target == "/none" ? 204U : 404U, {}, {}};
  }
  WebAnswer refuse(unsigned status, const WebClient&) override { return WebAnswer{status, {}, "no"}; }
  void handshake_failed(const WebClient&, const std::string&) override {}
};

// A key and a certificate for it, as files, and the server on a port of its own.
class Running {
 public:
  Running() {
    std::signal(SIGPIPE, SIG_IGN);
    auto folder = std::string("/tmp/web-connection-XXXXXX");
    CHECK(::mkdtemp(folder.data()) != nullptr);
    const auto key = folder + "/key.pem";
    const auto certificate = folder + "/certificate.pem";
    write(key, certificate);
    WebLimits limits;
    limits.threads = 1;
    server_ = WebServer::listen("127.0.0.1:0", {certificate, key, certificate}, limits).value();
    for (const auto& file : {key, certificate}) CHECK(::unlink(file.c_str()) == 0);
    CHECK(::rmdir(folder.c_str()) == 0);
    const auto address = server_->address();
    const auto* const end = address.data() + address.size();
    CHECK(std::from_chars(address.data() + address.rfind(':') + 1, end, port_).ptr == end);
    thread_ = std::thread([this] { server_->run(service_); });
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    server_->stop();
    thread_.join();
  }
  std::uint16_t port() const { return port_; }

 private:
  static void write(const std::string& key_file, const std::string& certificate_file) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 36000000);
    X509_set_pubkey(certificate.get(), key.get());
    CHECK(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> to_key(std::fopen(key_file.c_str(), "w"),
                                                                 std::fclose);
    CHECK(PEM_write_PrivateKey(to_key.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> to(std::fopen(certificate_file.c_str(), "w"),
                                                             std::fclose);
    CHECK(PEM_write_X509(to.get(), certificate.get()) == 1);
  }
  Answering service_;
  std::unique_ptr<WebServer> server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

int connected(std::uint16_t port) {
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(client >= 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval most{answer_seconds_max, 0};
  CHECK(::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most) == 0);
  CHECK(::connect(client, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  return client;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > input_size_max) return 0;
  static const Running server;
  static const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                         SSL_CTX_free);
  const int client = connected(server.port());
  const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context.get()), SSL_free);
  SSL_set_fd(tls.get(), client);
  CHECK(SSL_connect(tls.get()) == 1);
  std::string said;
  if (SSL_write(tls.get(), data, static_cast<int>(size)) > 0) {
    SSL_shutdown(tls.get());  // no more comes
    std::array<char, 16384> part{};
    int got = 0;
    while ((got = SSL_read(tls.get(), part.data(), part.size())) > 0)
      said.append(part.data(), static_cast<std::size_t>(got));
    // Not the end of our patience: the server has ended it.
    CHECK(SSL_get_error(tls.get(), got) != SSL_ERROR_WANT_READ);
  }
  CHECK(said.empty() || said.starts_with("HTTP/1.1 "));
  ::close(client);
  return 0;
}
