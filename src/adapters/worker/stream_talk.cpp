// SPDX-License-Identifier: Apache-2.0
#include "adapters/worker/stream_talk.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace sallyport::worker {
namespace {

// Shorter messages go out by one call, and come in by one: whoever waits for them is woken once.
constexpr std::size_t short_size = 64U << 10U;

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

}  // namespace

// The bytes that came; none at the end.
Result<std::size_t> StreamTalk::receive_some(std::span<std::uint8_t> into) const {
  while (true) {
    const auto count = ::recv(socket_.get(), into.data(), into.size(), 0);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == ECONNRESET) return std::size_t{0};
    if (errno != EINTR) return failed(std::strerror(errno));
  }
}

// `end` only before the first byte.
Result<StreamTalk::Came> StreamTalk::take(std::span<std::uint8_t> into) {
  const auto wanted = into.size();
  while (!into.empty()) {
    if (from_ < to_) {
      const auto count = std::min(into.size(), to_ - from_);
      std::copy_n(came_.begin() + static_cast<std::ptrdiff_t>(from_), count, into.begin());
      from_ += count;
      into = into.subspan(count);
      continue;
    }
    const bool at_once = into.size() >= short_size;
    came_.resize(short_size);
    const auto count = TRY(receive_some(at_once ? into : std::span<std::uint8_t>(came_)));
    if (count == 0 && into.size() == wanted) return Came::end;
    if (count == 0) return failed("the end in the middle");
    if (at_once) into = into.subspan(count);
    from_ = 0;
    to_ = at_once ? 0 : count;
  }
  return Came::all;
}

Result<void> StreamTalk::send(BytesView message) {
  CHECK(message.size() <= message_size_max);
  Bytes length(4);
  for (std::size_t i = 0; i < length.size(); ++i)
    length[i] = static_cast<std::uint8_t>(message.size() >> (8 * i));
  if (message.size() <= short_size) {
    length.insert(length.end(), message.begin(), message.end());
    return send_all(socket_.get(), length);
  }
  TRY(send_all(socket_.get(), length));
  return send_all(socket_.get(), message);
}

Result<std::optional<Bytes>> StreamTalk::receive() {
  std::array<std::uint8_t, 4> length{};
  if (TRY(take(length)) == Came::end) return std::optional<Bytes>();
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < length.size(); ++i) size |= std::uint64_t{length[i]} << (8 * i);
  if (size > message_size_max) return failed("a message of " + std::to_string(size) + " bytes");
  Bytes message(size);
  if (!message.empty() && TRY(take(message)) == Came::end) return failed("the end in the middle");
  return std::optional(std::move(message));
}

}  // namespace sallyport::worker
