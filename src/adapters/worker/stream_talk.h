// SPDX-License-Identifier: Apache-2.0
// A talk over a stream socket: each message behind its length, four bytes, the least significant first.
#pragma once

#include "adapters/worker/descriptor.h"
#include "adapters/worker/port.h"

namespace sallyport::worker {

class StreamTalk final : public Talk {
 public:
  explicit StreamTalk(Descriptor socket) : socket_(std::move(socket)) {}
  Result<void> send(BytesView message) override;
  Result<std::optional<Bytes>> receive() override;

 private:
  enum class Came : std::uint8_t { all, end };
  Result<Came> take(std::span<std::uint8_t> into);
  Result<std::size_t> receive_some(std::span<std::uint8_t> into) const;

  Descriptor socket_;
  Bytes came_;            // room for what comes behind a message
  std::size_t from_ = 0;  // where what was not taken begins, and ends
  std::size_t to_ = 0;
};

}  // namespace sallyport::worker
