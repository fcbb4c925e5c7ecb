// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/server_connection.h"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

namespace sallyport {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

// What a question that cannot be read is answered with; nothing: nobody would read it.
std::optional<HttpAnswer> answer_to(error_code error) {
  if (error == http::error::body_limit) return HttpAnswer{413, "text/plain", "too much\n"};
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return HttpAnswer{431, "text/plain", "too much\n"};
  const bool is_no_http = error.category() == make_error_code(http::error::bad_method).category();
  if (!is_no_http || error == http::error::end_of_stream || error == http::error::partial_message)
    return std::nullopt;
  return HttpAnswer{400, "text/plain", "this is no HTTP/1.1\n"};
}

}  // namespace

Connection::Connection(boost::asio::ip::tcp::socket socket, ConnectionOwner& owner,
                       const ServerLimits& limits, const HttpHandler& handler)
    : stream_(std::move(socket)),
      owner_(owner),
      limits_(limits),
      handler_(handler),
      buffer_(limits.head_size_max + limits.body_size_max) {}

Connection::~Connection() {
  owner_.gone(this);
}

void Connection::end_if_idle() {
  if (parser_ && !parser_->got_some()) close();
}

void Connection::close() {
  error_code ignored;
  stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
  stream_.close();
}

// NOLINTBEGIN(misc-no-recursion): each calls the next one from the event loop, not from itself
void Connection::read() {
  parser_.emplace();
  parser_->header_limit(limits_.head_size_max);
  parser_->body_limit(limits_.body_size_max);
  stream_.expires_after(std::chrono::seconds(limits_.seconds_max));
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](error_code error, std::size_t) { self->on_read(error); });
}

void Connection::on_read(error_code error) {
  if (error) {
    if (const auto refusal = answer_to(error)) answer(*refusal, Then::ends);
    return;
  }
  auto message = parser_->release();
  parser_.reset();
  const bool more = message.keep_alive() && ++questions_ < limits_.questions_max;
  const HttpQuestion question{std::string(message.method_string()), std::string(message.target()),
                              std::move(message.body())};
  answer(handler_(question), more ? Then::goes_on : Then::ends);
}

void Connection::answer(const HttpAnswer& answer, Then then) {
  response_ = {};
  response_.version(11);
  response_.result(answer.status);
  response_.set(http::field::content_type, answer.content_type);
  response_.body() = answer.body;
  response_.keep_alive(then == Then::goes_on && !owner_.is_ending());
  response_.prepare_payload();
  stream_.expires_after(std::chrono::seconds(limits_.seconds_max));
  http::async_write(stream_, response_, [self = shared_from_this(), then](error_code error, std::size_t) {
    self->on_written(error, then);
  });
}

void Connection::on_written(error_code error, Then then) {
  if (error) return;
  if (then == Then::goes_on && !owner_.is_ending()) return read();
  close();
}
// NOLINTEND(misc-no-recursion)

}  // namespace sallyport
