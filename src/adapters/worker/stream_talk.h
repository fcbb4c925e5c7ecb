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
  Descriptor socket_;
};

}  // namespace sallyport::worker
