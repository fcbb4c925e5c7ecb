// SPDX-License-Identifier: Apache-2.0
// One connection to an engine over its UNIX socket: bytes out, one NUL-terminated answer in, each of
// them as a whole within the patience given: whoever takes or gives a byte now and then keeps nobody waiting.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "core/base/bytes.h"

namespace sallyport {

enum class Sent : std::uint8_t { all, interrupted };  // interrupted: the engine answers early, or has hung up

class EngineConnection {
 public:
  static Result<EngineConnection> open(const std::string& socket, std::chrono::milliseconds patience,
                                       std::string name);
  EngineConnection(EngineConnection&& other) noexcept;
  EngineConnection& operator=(EngineConnection&& other) noexcept;
  ~EngineConnection();

  Result<Sent> send(BytesView bytes);
  // A short message, and with it a descriptor of the same file for the engine.
  Result<Sent> send_descriptor(int fd, BytesView message);
  // The answer without its NUL. Refuses more than one, one without its NUL and one of more than 4 KiB.
  Result<std::string> receive();
  // The same of a connection on which more is asked: it ends with its NUL, and the engine does not hang up.
  Result<std::string> receive_one();
  const std::string& name() const { return name_; }  // of the engine, for messages
  int peer_process() const;                          // who listens; 0 when the kernel does not say

 private:
  enum class Until : std::uint8_t { its_nul, the_end };
  Result<std::string> receive(Until until);
  EngineConnection(int fd, std::chrono::milliseconds patience, std::string name)
      : fd_(fd), patience_(patience), name_(std::move(name)) {}
  Error failed(std::string found) const;
  using Clock = std::chrono::steady_clock;
  Result<short> wait_for(short events, Clock::time_point deadline) const;
  int fd_;
  std::chrono::milliseconds patience_;
  std::string name_;
};

}  // namespace sallyport
