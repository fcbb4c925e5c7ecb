// SPDX-License-Identifier: Apache-2.0
// One connection of server.h: it keeps itself alive while something is to come, and tells its owner when it has gone.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>

#include "adapters/http/server.h"

namespace sallyport {

class Connection;

class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual void gone(Connection* connection) = 0;
  virtual bool is_ending() const = 0;
};

class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, ConnectionOwner& owner, const ServerLimits& limits,
             const HttpHandler& handler);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void begin() { read(); }
  void end_if_idle();

 private:
  void read();
  void on_read(boost::system::error_code error);
  enum class Then : std::uint8_t { goes_on, ends };
  void answer(const HttpAnswer& answer, Then then);
  void on_written(boost::system::error_code error, Then then);
  void close();

  boost::beast::tcp_stream stream_;
  ConnectionOwner& owner_;
  const ServerLimits& limits_;
  const HttpHandler& handler_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
  std::size_t questions_ = 0;
};

}  // namespace sallyport
