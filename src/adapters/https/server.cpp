// SPDX-License-Identifier: Apache-2.0
#include "adapters/https/server.h"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <charconv>
#include <csignal>
#include <map>
#include <mutex>
#include <thread>

#include "adapters/https/session.h"

namespace sallyport {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

// How long nobody is accepted when the system has no descriptor left.
constexpr auto accept_pause = std::chrono::milliseconds(100);

Error refused(const std::string& address, const std::string& why) {
  return {Code::usage_error, "address " + address, "ADDRESS:PORT that is free on this machine", why};
}

Result<Tcp::endpoint> parse(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) return refused(address, "no port");
  auto host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  error_code error;
  const auto ip = asio::ip::make_address(host, error);
  if (error) return refused(address, "no IP address");
  std::uint16_t port = 0;
  const auto* const end = address.data() + address.size();
  const auto read = std::from_chars(address.data() + colon + 1, end, port);
  if (read.ec != std::errc() || read.ptr != end) return refused(address, "no port");
  return Tcp::endpoint(ip, port);
}

Error unusable(const std::string& file, const error_code& error) {
  return {Code::key_unusable, file, "PEM that fits the others", error.message()};
}

}  // namespace

struct WebServer::State final : WebSessionOwner {
  explicit State(const WebLimits& l) : limits(l) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() override = default;

  Result<void> set_up(const WebTls& files) {
    error_code error;
    tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                        asio::ssl::context::no_tlsv1_1 | SSL_OP_NO_RENEGOTIATION |
                        SSL_OP_CIPHER_SERVER_PREFERENCE,
                    error);
    tls.use_certificate_chain_file(files.certificate_file, error);
    if (error) return unusable(files.certificate_file, error);
    tls.use_private_key_file(files.key_file, asio::ssl::context::pem, error);
    if (error) return unusable(files.key_file, error);
    tls.load_verify_file(files.client_authorities_file, error);
    if (error) return unusable(files.client_authorities_file, error);
    // Who shows none is told so by the service, in words.
    tls.set_verify_mode(asio::ssl::verify_peer, error);
    // A session that is taken up again would not ask for the certificate again.
    SSL_CTX_set_session_cache_mode(tls.native_handle(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(tls.native_handle(), SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(tls.native_handle(), 0);
    return {};
  }

  Result<void> open(const std::string& address) {
    const auto endpoint = TRY(parse(address));
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) local = acceptor.local_endpoint(error);
    if (error) return refused(address, error.message());
    return {};
  }

  // On the strand of the acceptor.
  void accept() {
    if (ending || accepting || sessions_now() >= limits.connections_max) return;
    accepting = true;
    acceptor.async_accept(asio::any_io_executor(asio::make_strand(context)),
                          asio::bind_executor(strand, [this](error_code error, Tcp::socket socket) {
                            accepting = false;
                            if (ending) return;
                            if (error) return pause();
                            welcome(std::move(socket));
                            accept();
                          }));
  }

  void welcome(Tcp::socket socket) {
    error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error) return;
    auto address = remote.address().to_string();
    {
      const std::lock_guard lock(mutex);
      auto& count = of_address[counted_as(address)];
      if (count >= limits.connections_of_address_max) return;
      ++count;
    }
    socket.set_option(Tcp::no_delay(true), error);
    const auto session =
        std::make_shared<WebSession>(std::move(socket), tls, *this, limits, *service, std::move(address));
    {
      const std::lock_guard lock(mutex);
      sessions.emplace(session.get(), session);
    }
    session->begin();
  }

  void pause() {
    timer.expires_after(accept_pause);
    timer.async_wait(asio::bind_executor(strand, [this](error_code) { accept(); }));
  }

  // On the strand of the acceptor.
  void end() {
    if (ending.exchange(true)) return;
    error_code ignored;
    acceptor.close(ignored);
    timer.cancel();
    std::vector<std::shared_ptr<WebSession>> left;
    {
      const std::lock_guard lock(mutex);
      for (const auto& [key, weak] : sessions)
        if (auto session = weak.lock()) left.push_back(std::move(session));
    }
    for (const auto& session : left) session->end_if_idle();
    work.reset();
    last_timer.expires_after(std::chrono::seconds(limits.stop_seconds_max));
    last_timer.async_wait(asio::bind_executor(strand, [this](error_code error) {
      if (!error) context.stop();
    }));
    end_when_nobody_is_left();
  }

  void end_when_nobody_is_left() {
    if (ending && sessions_now() == 0) last_timer.cancel();
  }

  std::size_t sessions_now() {
    const std::lock_guard lock(mutex);
    return sessions.size();
  }

  void gone(WebSession* session, const std::string& address) override {
    {
      const std::lock_guard lock(mutex);
      sessions.erase(session);
      const auto found = of_address.find(counted_as(address));
      if (found != of_address.end() && --found->second == 0) of_address.erase(found);
    }
    if (context.stopped()) return;
    asio::post(strand, [this] {
      accept();
      end_when_nobody_is_left();
    });
  }
  bool is_ending() const override { return ending; }

  const WebLimits limits;
  WebService* service = nullptr;
  std::mutex mutex;  // of the next two
  std::map<WebSession*, std::weak_ptr<WebSession>> sessions;
  std::map<std::string, std::size_t> of_address;
  std::atomic<bool> ending = false;
  bool accepting = false;
  asio::ssl::context tls{asio::ssl::context::tls_server};
  asio::io_context context;
  asio::strand<asio::io_context::executor_type> strand = asio::make_strand(context);
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(context);
  Tcp::acceptor acceptor{context};
  asio::io_context of_signals;  // with a thread that answers nobody, and so is never busy
  asio::signal_set signals{of_signals};
  asio::steady_timer timer{context};
  asio::steady_timer last_timer{context};
  Tcp::endpoint local;
};

WebServer::WebServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
WebServer::~WebServer() = default;

Result<std::unique_ptr<WebServer>> WebServer::listen(const std::string& address, const WebTls& tls,
                                                     const WebLimits& limits) {
  auto state = std::make_unique<State>(limits);
  TRY(state->set_up(tls));
  TRY(state->open(address));
  return std::unique_ptr<WebServer>(new WebServer(std::move(state)));
}

std::string WebServer::address() const {
  const auto host = state_->local.address().to_string();
  const auto port = std::to_string(state_->local.port());
  return (state_->local.address().is_v6() ? "[" + host + "]" : host) + ":" + port;
}

void WebServer::run(WebService& service, const std::function<void()>& told) {
  state_->service = &service;
  error_code ignored;
  state_->signals.add(SIGTERM, ignored);
  state_->signals.add(SIGINT, ignored);
  state_->signals.async_wait([this, &told](error_code error, int) {
    if (error) return;
    if (told) told();
    stop();
  });
  std::thread signals([state = state_.get()] { state->of_signals.run(); });
  asio::post(state_->strand, [state = state_.get()] { state->accept(); });
  std::vector<std::thread> threads;
  for (unsigned n = 1; n < state_->limits.threads; ++n)
    threads.emplace_back([state = state_.get()] { state->context.run(); });
  state_->context.run();
  for (auto& thread : threads) thread.join();
  state_->of_signals.stop();
  signals.join();
}

void WebServer::stop() {
  asio::post(state_->strand, [state = state_.get()] { state->end(); });
}

}  // namespace sallyport
