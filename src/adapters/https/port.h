// SPDX-License-Identifier: Apache-2.0
// Questions of HTTP clients that come over TLS, and what becomes of them. The server (server.h) reads and bounds; the
// service decides, and says for each question how much of a body it takes. What it answers with may be a range of a
// file, which is sent without being held in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/time.h"
#include "core/crypto/digest.h"

namespace sallyport {

using WebHeaders = std::vector<std::pair<std::string, std::string>>;

// By what connections and failures of an address are counted: the address; of IPv6 its network of 64 bits, of which
// anybody has all addresses who has one; and one of IPv4 inside of IPv6 as itself.
std::string counted_as(const std::string& address);

struct WebClient {
  std::string address;  // of the network, without the port
  std::optional<Sha256Digest>
      certificate;  // of its DER, by an authority that the server was given; absent: none shown
  std::optional<Instant> certificate_until =
      {};  // its end; absent: also where it has a form that nobody here reads
};

struct WebQuestion {
  std::string method;
  std::string target;  // path and query, as they were sent
  WebHeaders headers;  // names in lower case
  WebClient client;
  std::optional<std::uint64_t> body_size;  // that was announced; absent: none, or sent in chunks

  // The value of the one header of this name (lower case); null when there is none, or more than one.
  const std::string* header(std::string_view name) const;
};

struct WebFile {
  std::shared_ptr<const ByteSource> source;
  std::uint64_t offset;
  std::uint64_t size;
};

struct WebAnswer {
  unsigned status;
  WebHeaders headers;  // but for Content-Length, Date and Connection
  std::string body;    // or:
  std::optional<WebFile> file = {};
};

// What takes a question's body. Dropped unfinished when the client goes away in between.
class WebBody {
 public:
  virtual ~WebBody() = default;
  virtual std::uint64_t size_max() const = 0;  // more is answered with 413
  // The next part. Nothing more is read before it returns; an answer ends the question.
  virtual std::optional<WebAnswer> take(BytesView part) = 0;
  virtual WebAnswer finish() = 0;  // once, after the last part
  // Nothing more comes: too much (413), too slow (408), or what is no HTTP (400). The client is told by refuse().
  virtual void refused(unsigned) {}
};

using WebBegun = std::variant<WebAnswer, std::unique_ptr<WebBody>>;

// Called by several threads at once, for one connection by one at a time.
class WebService {
 public:
  virtual ~WebService() = default;
  virtual WebBegun begin(const WebQuestion& question) = 0;
  // What a client is told whose question the server does not take: 400, 408, 413 or 431.
  virtual WebAnswer refuse(unsigned status, const WebClient& client) = 0;
  // No TLS connection came of it: no TLS, another version, a certificate of an unknown authority.
  virtual void handshake_failed(const WebClient& client, const std::string& why) = 0;
};

}  // namespace sallyport
