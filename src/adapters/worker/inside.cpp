// SPDX-License-Identifier: Apache-2.0
#include "adapters/worker/inside.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "adapters/worker/descriptors.h"
#include "adapters/worker/stream_talk.h"

namespace sallyport::worker {
namespace {

// A part of a file is told of when it is worth a packet.
constexpr std::uint64_t telling_size = 4ULL << 20U;

void tell(Ask ask, std::uint64_t number) {
  const auto packet = packet_of(ask, number);
  while (::send(control_number, packet.data(), packet.size(), MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

Error nobody(const char* found) {
  return {Code::examiner_failed, "the parent", "a talk", found};
}

}  // namespace

Result<Bytes> read_order(std::uint64_t size_max) {
  Bytes order;
  std::array<std::uint8_t, 65536> part{};
  while (true) {
    const auto count = ::read(order_number, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error(Code::internal_error, "order", "", std::strerror(errno));
    if (count == 0) return order;
    if (static_cast<std::uint64_t>(count) > size_max - order.size())
      return Error(Code::internal_error, "order", "a short one", "a long one");
    order.insert(order.end(), part.begin(), part.begin() + count);
  }
}

Result<std::unique_ptr<Talk>> Parent::connect(std::uint64_t service) {
  const std::lock_guard lock(mutex_);
  tell(Ask::connect, service);
  std::uint8_t status = 1;
  iovec part{&status, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> space{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space.data();
  message.msg_controllen = space.size();
  ssize_t count = 0;
  do {
    count = ::recvmsg(control_number, &message, MSG_CMSG_CLOEXEC);
  } while (count < 0 && errno == EINTR);
  const auto* const header = CMSG_FIRSTHDR(&message);
  if (count != 1 || status != 0 || header == nullptr) return nobody("none");
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
  return std::unique_ptr<Talk>(std::make_unique<StreamTalk>(Descriptor(fd)));
}

void Parent::begin(std::string_view what, std::uint64_t bytes) {
  tell(what == "scanning" ? Ask::scanning : Ask::verifying, bytes);
}

void Parent::add(std::uint64_t bytes) {
  std::uint64_t telling = 0;
  {
    const std::lock_guard lock(mutex_);
    untold_ += bytes;
    if (untold_ >= telling_size) telling = std::exchange(untold_, 0);
  }
  if (telling != 0) tell(Ask::done, telling);
}

Result<void> answer(BytesView bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(answer_number, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error(Code::io_failed, "answer", "", std::strerror(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace sallyport::worker
