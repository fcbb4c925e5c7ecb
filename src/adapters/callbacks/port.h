// SPDX-License-Identifier: Apache-2.0
// Questions that a server puts to addresses which its clients named (ETSI SOL005: callbacks, upload_from_uri). Whoever
// can make a server ask is close to asking by himself: only hosts that an administrator listed are asked, over https.
// What they answer to a callback is not looked at beyond the status.
//
//   url_not_allowed   not https, a user or fragment in it, a host or port that is not listed; or a name that leads to
//                     an address of a private network, of the machine itself or of no single machine, which is not
//                     listed either
//   server_redirects  it sends elsewhere; nobody goes there
//   server_unreachable, server_too_slow, server_untrusted as for any web server
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

// The administrator's lists of whom a server may ask.
struct NamedHosts {
  std::vector<std::string> hosts = {};  // "nfvo.example:443", "192.0.2.7:8443", "[2001:db8::1]:443"
  std::vector<std::string> private_addresses =
      {};                        // that hosts may lead to, though they are of no public network
  std::string authorities = {};  // PEM file; empty: the system's
  std::string certificate = {};  // PEM file, of this client; empty: none
  std::string key = {};
  bool operator==(const NamedHosts&) const = default;
};

// Called by several threads at once.
class Callbacks {
 public:
  virtual ~Callbacks() = default;
  // Without asking anybody: whether the address may be asked at all.
  virtual Result<void> check(const std::string& url) const = 0;
  // GET without a body; the status of the answer.
  virtual Result<unsigned> look(const std::string& url) const = 0;
  // POST of JSON; the status of the answer.
  virtual Result<unsigned> send(const std::string& url, const std::string& json) const = 0;
};

// Files from such addresses (upload_from_uri), by the same rules, and
//
//   server_refused, server_file_missing   it answers with another status than 200; with 404
//   server_sends_too_much                 more than the file may have, announced or sent
//   server_too_slow                       also less than 16 KiB/s for 20 seconds, or not done after 6 hours

// Where the bytes go.
class Fetched {
 public:
  virtual ~Fetched() = default;
  virtual Result<void> take(BytesView part) = 0;  // an error ends the transfer, and is what comes of it
  virtual bool goes_on() = 0;                     // asked at least once a second; no: io_failed comes of it
};

// Called by several threads at once.
class Fetcher {
 public:
  virtual ~Fetcher() = default;
  // Without asking anybody: url_not_allowed for an address that may not be asked.
  virtual Result<void> check(const std::string& url) const = 0;
  // The whole of the file, or an error.
  virtual Result<void> fetch(const std::string& url, std::uint64_t size_max, Fetched& to) const = 0;
};

}  // namespace sallyport
