// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/engine_connection.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t answer_size_max = 4096;

Error unreachable(const std::string& socket, int error) {
  return {Code::scanner_unreachable, socket, "an engine that listens", std::strerror(error)};
}

}  // namespace

EngineConnection::EngineConnection(EngineConnection&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), patience_(other.patience_), name_(std::move(other.name_)) {}

EngineConnection& EngineConnection::operator=(EngineConnection&& other) noexcept {
  std::swap(fd_, other.fd_);  // the other one closes it
  patience_ = other.patience_;
  name_ = std::move(other.name_);
  return *this;
}

EngineConnection::~EngineConnection() {
  if (fd_ >= 0) ::close(fd_);
}

Error EngineConnection::failed(std::string found) const {
  return {Code::scanner_failed, name_, "an answer", std::move(found)};
}

Result<EngineConnection> EngineConnection::open(const std::string& socket, std::chrono::milliseconds patience,
                                                std::string name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.empty() || socket.size() >= sizeof(address.sun_path)) return unreachable(socket, ENAMETOOLONG);
  std::memcpy(address.sun_path, socket.data(), socket.size());

  EngineConnection connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), patience, std::move(name));
  if (connection.fd_ < 0) return unreachable(socket, errno);
  // A full backlog blocks connect() for as long as sends may take.
  const timeval limit{patience.count() / 1000, (patience.count() % 1000) * 1000};
  ::setsockopt(connection.fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::connect(connection.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return unreachable(socket, errno);
  if (::fcntl(connection.fd_, F_SETFL, O_NONBLOCK) != 0) return unreachable(socket, errno);
  return connection;
}

Result<short> EngineConnection::wait_for(short events, Clock::time_point deadline) const {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd waiting{fd_, events, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready > 0) return waiting.revents;
    if (ready == 0) return failed("none within " + std::to_string(patience_.count()) + " ms");
    if (errno != EINTR) return failed(std::strerror(errno));
  }
}

Result<Sent> EngineConnection::send(BytesView bytes) {
  const auto deadline = Clock::now() + patience_;
  while (!bytes.empty()) {
    const auto events = TRY(wait_for(POLLOUT | POLLIN, deadline));
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) return Sent::interrupted;
    const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return Sent::interrupted;
    } else if (errno != EAGAIN && errno != EINTR) {
      return failed(std::strerror(errno));
    }
  }
  return Sent::all;
}

Result<Sent> EngineConnection::send_descriptor(int fd, BytesView message_bytes) {
  const auto deadline = Clock::now() + patience_;
  Bytes sent(message_bytes.begin(), message_bytes.end());
  iovec bytes{sent.data(), sent.size()};
  alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof fd)> room{};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = room.data();
  message.msg_controllen = room.size();
  auto* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof fd);
  std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  while (true) {
    const auto events = TRY(wait_for(POLLOUT | POLLIN, deadline));
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) return Sent::interrupted;
    const auto count = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (count == static_cast<ssize_t>(sent.size())) return Sent::all;
    if (count >= 0) return failed("it takes a part of a command");
    if (errno == EPIPE || errno == ECONNRESET) return Sent::interrupted;
    if (errno != EAGAIN && errno != EINTR) return failed(std::strerror(errno));
  }
}

Result<std::string> EngineConnection::receive() {
  return receive(Until::the_end);
}

Result<std::string> EngineConnection::receive_one() {
  return receive(Until::its_nul);
}

Result<std::string> EngineConnection::receive(Until until) {
  const auto deadline = Clock::now() + patience_;
  std::string answer;
  std::array<char, answer_size_max> part{};
  while (answer.size() <= answer_size_max) {
    TRY(wait_for(POLLIN, deadline));
    const auto count = ::recv(fd_, part.data(), part.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    // A reset is how the end looks when clamd left some of our bytes unread.
    if (count < 0 && errno != ECONNRESET) return failed(std::strerror(errno));
    if (count <= 0) break;
    answer.append(part.data(), static_cast<std::size_t>(count));
    if (until == Until::its_nul && answer.find('\0') != std::string::npos) break;
  }
  if (answer.empty()) return failed("it hung up");
  if (answer.find('\0') != answer.size() - 1 || answer.size() > answer_size_max)
    return failed("it hung up in the middle, or says too much: " + printable(answer.substr(0, 200)));
  answer.pop_back();
  return answer;
}

int EngineConnection::peer_process() const {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd_, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return 0;
  return peer.pid;
}

}  // namespace sallyport
