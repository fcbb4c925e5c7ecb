// SPDX-License-Identifier: Apache-2.0
#include "adapters/callbacks/guarded.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "adapters/callbacks/address.h"
#include "core/base/ascii.h"
#include "core/base/text.h"

namespace sallyport::guarded {
namespace {

constexpr std::size_t url_size_max = 2048;
constexpr long connect_seconds_max = 5;

struct Cleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(char* text) const { curl_free(text); }
};
using Url = std::unique_ptr<CURLU, Cleanup>;

void begin() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  CHECK(ready == CURLE_OK);
}

Error refused(const std::string& member, std::string expected, std::string_view found) {
  return {Code::url_not_allowed, member, std::move(expected), printable(found)};
}

// Empty: the URL has no such part.
std::string part_of(const Url& url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, part == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0) != CURLUE_OK)
    return {};
  const std::unique_ptr<char, Cleanup> freed(text);
  return text;
}

Result<Url> parse(const std::string& text, const std::string& member) {
  if (text.size() > url_size_max || !is_plain_text(text))
    return refused(member, "an address of at most 2048 bytes", "another one");
  Url url(curl_url());
  CHECK(url != nullptr);
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK)
    return refused(member, "https://HOST/PATH", text);
  if (part_of(url, CURLUPART_SCHEME) != "https") return refused(member, "https", text);
  if (!part_of(url, CURLUPART_FRAGMENT).empty()) return refused(member, "no fragment", text);
  if (!part_of(url, CURLUPART_ZONEID).empty()) return refused(member, "no zone", text);
  return url;
}

std::string host_of(const Url& url) {
  return lower(part_of(url, CURLUPART_HOST)) + ":" + part_of(url, CURLUPART_PORT);
}

bool is_listed(const std::vector<std::string>& list, const std::string& entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

std::string text_of(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return ::inet_ntop(family, address, text.data(), text.size()) == nullptr ? "" : text.data();
}

}  // namespace

Result<Hosts> Hosts::of(NamedHosts named, std::string member) {
  begin();
  for (auto& host : named.hosts) {
    const auto url = parse("https://" + host + "/", member);
    if (!url.ok() || host_of(url.value()) != lower(host))
      return Error(Code::usage_error, "hosts", "HOST:PORT", host);
    host = lower(host);
  }
  for (auto& address : named.private_addresses) {
    std::array<std::uint8_t, 16> bytes{};
    const int family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
    if (::inet_pton(family, address.c_str(), bytes.data()) != 1)
      return Error(Code::usage_error, "private_addresses", "an IP address", address);
    address = text_of(family, bytes.data());
  }
  return Hosts(std::move(named), std::move(member));
}

Result<void> Hosts::check(const std::string& url) const {
  const auto parsed = TRY(parse(url, member_));
  const auto host = host_of(parsed);
  if (is_listed(named_.hosts, host)) return {};
  return refused(member_, "a host that is listed in the server's configuration", host);
}

Result<std::unique_ptr<Question>> Question::about(const Hosts& hosts, const std::string& url) {
  TRY(hosts.check(url));
  auto parsed = TRY(parse(url, hosts.member()));
  auto question = std::unique_ptr<Question>(new Question(hosts, url));
  question->parsed_ = parsed.release();
  question->handle_ = curl_easy_init();
  CHECK(question->handle_ != nullptr);
  question->prepare();
  return question;
}

Question::~Question() {
  curl_easy_cleanup(handle_);
  curl_url_cleanup(parsed_);
  curl_slist_free_all(headers_);
}

void Question::prepare() {
  const auto& named = hosts_.named();
  curl_easy_setopt(handle_, CURLOPT_CURLU, parsed_);
  curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(handle_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle_, CURLOPT_PROXY, "");  // what the environment says is not asked
  curl_easy_setopt(handle_, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(handle_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle_, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT, connect_seconds_max);
  curl_easy_setopt(handle_, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(handle_, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(handle_, CURLOPT_USERAGENT, "sallyportd");
  curl_easy_setopt(handle_, CURLOPT_OPENSOCKETFUNCTION, on_socket);
  curl_easy_setopt(handle_, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(handle_, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(handle_, CURLOPT_XFERINFODATA, this);
  curl_easy_setopt(handle_, CURLOPT_NOPROGRESS, 0L);
  if (!named.authorities.empty()) curl_easy_setopt(handle_, CURLOPT_CAINFO, named.authorities.c_str());
  if (named.certificate.empty()) return;
  curl_easy_setopt(handle_, CURLOPT_SSLCERT, named.certificate.c_str());
  curl_easy_setopt(handle_, CURLOPT_SSLKEY, named.key.c_str());
  curl_easy_setopt(handle_, CURLOPT_KEYPASSWD, "");
}

void Question::add_header(const char* header) {
  auto* const longer = curl_slist_append(headers_, header);
  CHECK(longer != nullptr);
  headers_ = longer;
}

bool Question::may_connect(const curl_sockaddr& to) {
  const bool is_v4 = to.family == AF_INET;
  if (!is_v4 && to.family != AF_INET6) return false;
  std::array<std::uint8_t, 16> bytes{};
  if (is_v4) {
    sockaddr_in address{};
    std::memcpy(&address, &to.addr, sizeof address);
    std::memcpy(bytes.data(), &address.sin_addr, 4);
  } else {
    sockaddr_in6 address{};
    std::memcpy(&address, &to.addr, std::min<std::size_t>(sizeof address, to.addrlen));
    std::memcpy(bytes.data(), &address.sin6_addr, 16);
  }
  const auto text = text_of(to.family, bytes.data());
  const auto reach = reach_of(std::span<const std::uint8_t>(bytes).first(is_v4 ? 4 : 16));
  if (reach == Reach::anybody || is_listed(hosts_.named().private_addresses, text)) return true;
  blocked_ = text;
  return false;
}

curl_socket_t Question::on_socket(void* context, curlsocktype, curl_sockaddr* to) {
  if (!static_cast<Question*>(context)->may_connect(*to)) return CURL_SOCKET_BAD;
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

std::size_t Question::on_body(char* bytes, std::size_t size, std::size_t count, void* context) {
  auto& question = *static_cast<Question*>(context);
  const auto done = question.take_(question.status(), as_bytes(std::string_view(bytes, size * count)));
  if (done.ok()) return size * count;
  question.taken_badly_.assign(1, done.error());
  return size * count == 0 ? 1 : 0;
}

int Question::on_progress(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& question = *static_cast<Question*>(context);
  return question.goes_on_ && !question.goes_on_() ? 1 : 0;
}

long Question::status() const {
  long status = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

Error Question::failure(CURLcode code) const {
  if (!taken_badly_.empty()) return taken_badly_.front();
  if (code == CURLE_ABORTED_BY_CALLBACK) return {Code::io_failed, url_, "the rest", "the end of this server"};
  if (code == CURLE_FILESIZE_EXCEEDED)
    return {Code::server_sends_too_much, url_, "", "more than it may have"};
  if (!blocked_.empty())
    return {Code::url_not_allowed, url_, "an address of a public network, or one that is listed", blocked_};
  const std::string why = printable(curl_easy_strerror(code));
  if (code == CURLE_OPERATION_TIMEDOUT) return {Code::server_too_slow, url_, "an answer in time", why};
  if (code == CURLE_PEER_FAILED_VERIFICATION)
    return {Code::server_untrusted, url_, "a certificate that is trusted here", why};
  return {Code::server_unreachable, url_, "an answer", why};
}

Result<unsigned> Question::ask(Take take, GoesOn goes_on) {
  take_ = std::move(take);
  goes_on_ = std::move(goes_on);
  if (headers_ != nullptr) curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers_);
  const auto code = curl_easy_perform(handle_);
  if (code != CURLE_OK) return failure(code);
  const auto said = status();
  if (said >= 300 && said < 400)
    return Error(Code::server_redirects, url_, "an answer", "status " + std::to_string(said));
  return static_cast<unsigned>(said);
}

}  // namespace sallyport::guarded
