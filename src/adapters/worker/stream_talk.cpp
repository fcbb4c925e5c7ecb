// SPDX-License-Identifier: Apache-2.0
#include "adapters/worker/stream_talk.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace sallyport::worker {
namespace {

Error failed(std::string found) {
  return {Code::examiner_failed, "the worker", "a message", std::move(found)};
}

Result<void> send_all(int socket, BytesView bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(std::strerror(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

enum class Came : std::uint8_t { all, end };

// `end` only before the first byte.
Result<Came> receive_all(int socket, std::span<std::uint8_t> into) {
  const auto wanted = into.size();
  while (!into.empty()) {
    const auto count = ::recv(socket, into.data(), into.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    const bool ended = count == 0 || (count < 0 && errno == ECONNRESET);
    if (ended && into.size() == wanted) return Came::end;
    if (ended) return failed("the end in the middle");
    if (count < 0) return failed(std::strerror(errno));
    into = into.subspan(static_cast<std::size_t>(count));
  }
  return Came::all;
}

}  // namespace

Result<void> StreamTalk::send(BytesView message) {
  CHECK(message.size() <= message_size_max);
  std::array<std::uint8_t, 4> length{};
  for (std::size_t i = 0; i < length.size(); ++i)
    length[i] = static_cast<std::uint8_t>(message.size() >> (8 * i));
  TRY(send_all(socket_.get(), length));
  return send_all(socket_.get(), message);
}

Result<std::optional<Bytes>> StreamTalk::receive() {
  std::array<std::uint8_t, 4> length{};
  if (TRY(receive_all(socket_.get(), length)) == Came::end) return std::optional<Bytes>();
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < length.size(); ++i) size |= std::uint64_t{length[i]} << (8 * i);
  if (size > message_size_max) return failed("a message of " + std::to_string(size) + " bytes");
  Bytes message(size);
  if (!message.empty() && TRY(receive_all(socket_.get(), message)) == Came::end)
    return failed("the end in the middle");
  return std::optional(std::move(message));
}

}  // namespace sallyport::worker
