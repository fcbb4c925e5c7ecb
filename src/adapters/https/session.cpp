// SPDX-License-Identifier: Apache-2.0
#include "adapters/https/session.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include "core/crypto/certificate.h"

namespace sallyport {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::size_t part_size = 256U << 10U;
constexpr std::uint64_t drained_max = 1U << 20U;  // of a body that nobody wants, so that its answer is read
constexpr std::int64_t drain_seconds_max = 2;

struct Shown {
  std::optional<Sha256Digest> digest;
  std::optional<Instant> until;
};

Shown certificate_of(SSL* tls) {
  const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(tls), &X509_free);
  if (shown == nullptr) return {};
  const int size = i2d_X509(shown.get(), nullptr);
  if (size <= 0) return {};
  Bytes der(static_cast<std::size_t>(size));
  auto* to = der.data();
  if (i2d_X509(shown.get(), &to) != size) return {};
  const auto read = Certificate::from_der(der);
  if (!read.ok()) return {sha256(der), std::nullopt};
  return {sha256(der), read.value().not_after()};
}

// Which of the many reasons there are to refuse a certificate; empty: none of these.
std::string why_not_verified(const SSL* tls) {
  const auto result = SSL_get_verify_result(tls);
  if (result == X509_V_OK) return {};
  return std::string(": ") + X509_verify_cert_error_string(result);
}

WebHeaders headers_of(const http::fields& fields) {
  WebHeaders headers;
  for (const auto& field : fields) {
    std::string name(field.name_string());
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    headers.emplace_back(std::move(name), std::string(field.value()));
  }
  return headers;
}

// A body in another coding than chunks alone has an end that nobody here knows; what stands behind it must not be taken
// for the next question (RFC 9112 §6.1). Before HTTP/1.1 there were no codings.
bool has_unknown_coding(const http::request<http::buffer_body>& message) {
  const auto [begin, end] = message.equal_range(http::field::transfer_encoding);
  if (begin == end) return false;
  return message.version() < 11 || std::next(begin) != end ||
         !boost::beast::iequals(begin->value(), "chunked");
}

}  // namespace

WebSession::WebSession(asio::ip::tcp::socket socket, asio::ssl::context& tls, WebSessionOwner& owner,
                       const WebLimits& limits, WebService& service, std::string address)
    : stream_(std::move(socket), tls),
      timer_(stream_.get_executor()),
      owner_(owner),
      limits_(limits),
      service_(service),
      client_{std::move(address), std::nullopt, std::nullopt},
      buffer_(limits.head_size_max + part_size),
      part_(part_size) {}

WebSession::~WebSession() {
  owner_.gone(this, client_.address);
}

void WebSession::begin() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    self->wait_at_most(self->limits_.head_seconds_max);
    self->stream_.async_handshake(asio::ssl::stream_base::server,
                                  [self](Error_code error) { self->on_handshake(error); });
  });
}

void WebSession::end_if_idle() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->is_idle_) boost::beast::get_lowest_layer(self->stream_).cancel();
  });
}

void WebSession::wait_at_most(std::int64_t seconds) {
  time_is_up_ = false;
  timer_.expires_after(std::chrono::seconds(seconds));
  timer_.async_wait([weak = weak_from_this()](Error_code error) {
    const auto self = weak.lock();
    if (error || self == nullptr || self->timer_.expiry() > Clock::now()) return;
    self->time_is_up_ = true;
    boost::beast::get_lowest_layer(self->stream_).cancel();
  });
}

bool WebSession::timed_out() {
  timer_.cancel();
  return std::exchange(time_is_up_, false);
}

// NOLINTBEGIN(misc-no-recursion): each calls the next one from the event loop, not from itself
void WebSession::on_handshake(Error_code error) {
  const bool late = timed_out();
  // Who says nothing at all looks whether somebody listens, and fails at nothing.
  if (error && BIO_number_read(SSL_get_rbio(stream_.native_handle())) == 0) return;
  if (error)
    return service_.handshake_failed(
        client_, late ? "too slow" : error.message() + why_not_verified(stream_.native_handle()));
  const auto shown = certificate_of(stream_.native_handle());
  client_.certificate = shown.digest;
  client_.certificate_until = shown.until;
  boost::beast::get_lowest_layer(stream_).socket().non_blocking(true, error);  // read_what_is_there
  if (error) return;
  read_head();
}

void WebSession::read_head() {
  if (owner_.is_ending()) return close();
  parser_.emplace();
  parser_->header_limit(limits_.head_size_max);
  parser_->body_limit(boost::none);  // the service says how much it takes; on_part counts
  body_.reset();
  is_idle_ = questions_ > 0 && buffer_.size() == 0;
  wait_at_most(is_idle_ ? limits_.idle_seconds_max : limits_.head_seconds_max);
  http::async_read_some(
      stream_, buffer_, *parser_, [self = shared_from_this()](Error_code error, std::size_t) {
        const bool was_idle = std::exchange(self->is_idle_, false);
        if (error || self->parser_->is_header_done()) return self->on_head(error);
        if (was_idle) self->wait_at_most(self->limits_.head_seconds_max);
        http::async_read_header(self->stream_, self->buffer_, *self->parser_,
                                [self](Error_code its_error, std::size_t) { self->on_head(its_error); });
      });
}

void WebSession::on_head(Error_code error) {
  if (error) return refuse_head(error);
  timer_.cancel();
  if (has_unknown_coding(parser_->get())) {
    body_is_unread_ = true;
    return answer(service_.refuse(400, client_), Then::ends);
  }
  ++questions_;
  ask();
}

void WebSession::refuse_head(Error_code error) {
  const bool begun = parser_->got_some();
  body_is_unread_ = true;
  if (timed_out()) return begun ? answer(service_.refuse(408, client_), Then::ends) : close();
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return answer(service_.refuse(431, client_), Then::ends);
  const bool is_no_http = error.category() == make_error_code(http::error::bad_method).category() &&
                          error != http::error::end_of_stream && error != http::error::partial_message;
  if (is_no_http) answer(service_.refuse(400, client_), Then::ends);
}

void WebSession::ask() {
  const auto& message = parser_->get();
  WebQuestion question{
      std::string(message.method_string()), std::string(message.target()), headers_of(message), client_, {}};
  if (const auto announced = parser_->content_length()) question.body_size = *announced;
  is_head_only_ = message.method() == http::verb::head;
  body_is_unread_ = !parser_->is_done();
  const auto then = message.keep_alive() && questions_ < limits_.questions_max ? Then::goes_on : Then::ends;
  auto begun = service_.begin(question);
  if (auto* const at_once = std::get_if<WebAnswer>(&begun)) return answer(std::move(*at_once), then);
  body_ = std::move(std::get<std::unique_ptr<WebBody>>(begun));
  then_ = then;
  body_size_ = 0;
  if (question.body_size.value_or(0) > body_->size_max()) return refuse_body(413, then);
  body_began_ = Clock::now();
  const auto* const expects = question.header("expect");
  if (expects == nullptr || parser_->is_done()) return read_part();
  wait_at_most(limits_.part_seconds_max);
  static constexpr std::string_view invitation = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream_, asio::buffer(invitation),
                    [self = shared_from_this()](Error_code error, std::size_t) { self->on_invited(error); });
}

void WebSession::on_invited(Error_code error) {
  timer_.cancel();
  if (!error) read_part();
}

bool WebSession::is_slow() const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - body_began_).count();
  const auto counted = seconds - limits_.part_seconds_max;
  return counted > 0 && body_size_ / static_cast<std::uint64_t>(counted) < limits_.body_rate_min;
}

void WebSession::read_part() {
  if (parser_->is_done()) {
    body_is_unread_ = false;
    auto said = body_->finish();
    body_.reset();
    return answer(std::move(said), then_);
  }
  auto& body = parser_->get().body();
  body.data = part_.data();
  body.size = part_.size();
  const auto error = read_what_is_there();
  const auto on_part = [self = shared_from_this()](Error_code its_error, std::size_t) {
    self->on_part(its_error);
  };
  // Others have their turn, even if this one has the next part there already.
  if (error != asio::error::would_block)
    return asio::post(stream_.get_executor(), [on_part, error] { on_part(error, 0); });
  wait_at_most(limits_.part_seconds_max);
  http::async_read(stream_, buffer_, *parser_, on_part);
}

// A record of TLS is at most 16 KiB: to wait for each by itself costs more than to read and to decrypt it.
WebSession::Error_code WebSession::read_what_is_there() {
  Error_code error;
  while (!error && !parser_->is_done()) http::read_some(stream_, buffer_, *parser_, error);
  return error;
}

void WebSession::on_part(Error_code error) {
  if (error == http::error::need_buffer) error = {};
  const bool late = timed_out();
  const std::size_t got = part_.size() - parser_->get().body().size;
  body_size_ += got;
  if (body_size_ > body_->size_max()) return refuse_body(413, Then::ends);
  if (error) return on_broken(error, late, got);
  if (is_slow()) return refuse_body(408, Then::ends);
  if (auto said = body_->take(BytesView(part_).first(got))) return answer(std::move(*said), then_);
  read_part();
}

// What came before it broke is the body's all the same.
void WebSession::on_broken(Error_code error, bool late, std::size_t got) {
  auto said = got == 0 ? std::nullopt : body_->take(BytesView(part_).first(got));
  if (late && said) return answer(std::move(*said), Then::ends);
  if (late) return refuse_body(408, Then::ends);
  const bool is_no_http = error.category() == make_error_code(http::error::bad_method).category() &&
                          error != http::error::partial_message && error != http::error::end_of_stream;
  if (is_no_http) refuse_body(400, Then::ends);
  // Else the client is gone.
}

void WebSession::refuse_body(unsigned status, Then then) {
  body_->refused(status);
  answer(service_.refuse(status, client_), then);
}

void WebSession::answer(WebAnswer answer, Then then) {
  answer_ = std::move(answer);
  body_.reset();
  then_ = body_is_unread_ || owner_.is_ending() ? Then::ends : then;
  file_sent_ = 0;
  head_.emplace();
  head_->version(11);
  head_->result(answer_.status);
  for (const auto& [name, value] : answer_.headers) head_->insert(name, value);
  if (answer_.status != 204) head_->content_length(answer_.file ? answer_.file->size : answer_.body.size());
  head_->keep_alive(then_ == Then::goes_on);
  serializer_.emplace(*head_);
  wait_at_most(limits_.part_seconds_max);
  http::async_write_header(stream_, *serializer_, [self = shared_from_this()](Error_code error, std::size_t) {
    self->on_head_written(error);
  });
}

void WebSession::on_head_written(Error_code error) {
  timer_.cancel();
  if (error) return;
  if (is_head_only_) return on_written({});
  if (answer_.file) return write_file();
  wait_at_most(limits_.part_seconds_max);
  asio::async_write(
      stream_, asio::buffer(answer_.body),
      [self = shared_from_this()](Error_code its_error, std::size_t) { self->on_written(its_error); });
}

void WebSession::write_file() {
  const auto left = answer_.file->size - file_sent_;
  if (left == 0) return on_written({});
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, part_.size()));
  const std::span<std::uint8_t> into(part_.data(), size);
  // A file that cannot be read any more: the client sees that it came short of what was announced.
  if (!answer_.file->source->read_at(answer_.file->offset + file_sent_, into).ok()) return;
  file_sent_ += size;
  wait_at_most(limits_.part_seconds_max);
  asio::async_write(stream_, asio::buffer(part_.data(), size),
                    [self = shared_from_this()](Error_code error, std::size_t) {
                      self->timer_.cancel();
                      if (!error) self->write_file();
                    });
}

void WebSession::on_written(Error_code error) {
  timer_.cancel();
  answer_.file.reset();
  if (error) return;
  if (then_ == Then::goes_on) return read_head();
  wait_at_most(drain_seconds_max);
  if (body_is_unread_) return drain();
  close();
}

// Closed at once, the connection would be reset, and the answer lost on its way to a client that still sends.
void WebSession::drain() {
  stream_.async_read_some(asio::buffer(part_),
                          [self = shared_from_this()](Error_code error, std::size_t got) {
                            self->drained_ += got;
                            if (error || self->drained_ > drained_max) return self->close();
                            self->drain();
                          });
}

void WebSession::close() {
  wait_at_most(limits_.head_seconds_max);
  stream_.async_shutdown([self = shared_from_this()](Error_code) { self->timer_.cancel(); });
}
// NOLINTEND(misc-no-recursion)

}  // namespace sallyport
