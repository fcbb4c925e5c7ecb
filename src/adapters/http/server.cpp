// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <csignal>
#include <set>

#include "adapters/http/server_connection.h"

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

}  // namespace

struct HttpServer::State final : ConnectionOwner {
  explicit State(const ServerLimits& l) : limits(l) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() override { ending = true; }

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

  void accept() {
    if (ending || accepting || connections.size() >= limits.connections_max) return;
    accepting = true;
    acceptor.async_accept([this](error_code error, Tcp::socket socket) {
      accepting = false;
      if (ending) return;
      if (error) return pause();
      const auto connection = std::make_shared<Connection>(std::move(socket), *this, limits, *handler);
      connections.insert(connection.get());
      connection->begin();
      accept();
    });
  }

  void pause() {
    timer.expires_after(accept_pause);
    timer.async_wait([this](error_code) { accept(); });
  }

  void end() {
    if (ending) return;
    ending = true;
    error_code ignored;
    acceptor.close(ignored);
    signals.cancel(ignored);
    timer.cancel();
    for (auto* connection : connections) connection->end_if_idle();
  }

  void gone(Connection* connection) override {
    connections.erase(connection);
    accept();
  }
  bool is_ending() const override { return ending; }

  const ServerLimits limits;
  const HttpHandler* handler = nullptr;
  std::set<Connection*> connections;  // outlives the context, which may still hold some of them
  bool accepting = false;
  bool ending = false;
  asio::io_context context{1};
  Tcp::acceptor acceptor{context};
  asio::signal_set signals{context};
  asio::steady_timer timer{context};
  Tcp::endpoint local;
};

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::listen(const std::string& address,
                                                       const ServerLimits& limits) {
  auto state = std::make_unique<State>(limits);
  TRY(state->open(address));
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

std::string HttpServer::address() const {
  const auto host = state_->local.address().to_string();
  const auto port = std::to_string(state_->local.port());
  return (state_->local.address().is_v6() ? "[" + host + "]" : host) + ":" + port;
}

void HttpServer::run(const HttpHandler& handler) {
  state_->handler = &handler;
  error_code ignored;
  state_->signals.add(SIGTERM, ignored);
  state_->signals.add(SIGINT, ignored);
  state_->signals.async_wait([state = state_.get()](error_code error, int) {
    if (!error) state->end();
  });
  state_->accept();
  state_->context.run();
}

void HttpServer::stop() {
  asio::post(state_->context, [state = state_.get()] { state->end(); });
}

}  // namespace sallyport
