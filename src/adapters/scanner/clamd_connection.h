// SPDX-License-Identifier: Apache-2.0
// One connection to clamd: bytes out, one NUL-terminated answer in, each step within the patience given.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/base/bytes.h"

namespace sallyport {

enum class Sent : std::uint8_t { all, interrupted };  // interrupted: clamd answers early, or has hung up

class ClamdConnection {
 public:
  static Result<ClamdConnection> open(const std::string& socket, std::chrono::milliseconds patience);
  ClamdConnection(ClamdConnection&& other) noexcept;
  ClamdConnection& operator=(ClamdConnection&&) = delete;
  ~ClamdConnection();

  Result<Sent> send(BytesView bytes);
  // The answer without its NUL. Refuses more than one, one without its NUL and one of more than 4 KiB.
  Result<std::string> receive();
  int peer_process() const;  // who listens; 0 when the kernel does not say

 private:
  ClamdConnection(int fd, std::chrono::milliseconds patience) : fd_(fd), patience_(patience) {}
  Result<short> wait_for(short events) const;
  int fd_;
  std::chrono::milliseconds patience_;
};

}  // namespace sallyport
