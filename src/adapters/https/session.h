// SPDX-License-Identifier: Apache-2.0
// One connection of server.h. It keeps itself alive while something is to come, and tells its owner when it has gone.
// Everything of it runs on its own strand.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "adapters/https/server.h"

namespace sallyport {

class WebSession;

class WebSessionOwner {
 public:
  virtual ~WebSessionOwner() = default;
  virtual void gone(WebSession* session, const std::string& address) = 0;
  virtual bool is_ending() const = 0;
};

class WebSession final : public std::enable_shared_from_this<WebSession> {
 public:
  WebSession(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls, WebSessionOwner& owner,
             const WebLimits& limits, WebService& service, std::string address);
  ~WebSession();
  WebSession(const WebSession&) = delete;
  WebSession& operator=(const WebSession&) = delete;

  void begin();        // on any thread
  void end_if_idle();  // on any thread

 private:
  using Error_code = boost::system::error_code;
  enum class Then : std::uint8_t { goes_on, ends };

  void on_handshake(Error_code error);
  void read_head();
  void on_head(Error_code error);
  void ask();
  void refuse_head(Error_code error);
  void on_invited(Error_code error);
  void read_part();
  Error_code read_what_is_there();
  void on_part(Error_code error);
  void on_broken(Error_code error, bool late, std::size_t got);
  void refuse_body(unsigned status, Then then);
  bool is_slow() const;
  void answer(WebAnswer answer, Then then);
  void on_head_written(Error_code error);
  void write_file();
  void on_written(Error_code error);
  void drain();
  void close();
  void wait_at_most(std::int64_t seconds);
  bool timed_out();  // once

  using Clock = std::chrono::steady_clock;
  boost::beast::ssl_stream<boost::beast::tcp_stream> stream_;
  boost::asio::steady_timer timer_;
  WebSessionOwner& owner_;
  const WebLimits& limits_;
  WebService& service_;
  WebClient client_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::buffer_body>> parser_;
  std::unique_ptr<WebBody> body_;
  Bytes part_;
  std::uint64_t body_size_ = 0;  // so far
  Clock::time_point body_began_;
  WebAnswer answer_{0, {}, {}, {}};
  Then then_ = Then::ends;
  std::uint64_t file_sent_ = 0;
  std::optional<boost::beast::http::response<boost::beast::http::empty_body>> head_;
  std::optional<boost::beast::http::response_serializer<boost::beast::http::empty_body>> serializer_;
  std::size_t questions_ = 0;
  std::uint64_t drained_ = 0;
  bool time_is_up_ = false;
  bool is_idle_ = false;
  bool body_is_unread_ = false;
  bool is_head_only_ = false;  // the method HEAD
};

}  // namespace sallyport
