// SPDX-License-Identifier: Apache-2.0
#include "adapters/services/manager.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace sallyport {
namespace {

constexpr int first_kept = 3;  // SD_LISTEN_FDS_START
constexpr int kept_max = 64;

// The manager's socket; a size of 0: there is none.
struct Address {
  sockaddr_un name{};
  socklen_t size = 0;
};

Address manager_address() {
  Address address;
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr || (path[0] != '/' && path[0] != '@')) return address;
  const std::size_t size = std::strlen(path);
  if (size >= sizeof address.name.sun_path) return address;
  address.name.sun_family = AF_UNIX;
  std::memcpy(address.name.sun_path, path, size);
  if (path[0] == '@') address.name.sun_path[0] = '\0';  // the abstract name space
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size);
  return address;
}

// Sends the state, and with it the descriptor if it is one. Whether it was sent.
enum class Sent : std::uint8_t { yes, no };
Sent send(const Address& address, std::string_view state, int descriptor) {
  iovec text{const_cast<char*>(state.data()), state.size()};
  msghdr message{};
  message.msg_name = const_cast<sockaddr_un*>(&address.name);
  message.msg_namelen = address.size;
  message.msg_iov = &text;
  message.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> passed{};
  if (descriptor >= 0) {
    message.msg_control = passed.data();
    message.msg_controllen = passed.size();
    auto* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  }
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return Sent::no;
  const auto sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
  ::close(socket);
  return sent < 0 ? Sent::no : Sent::yes;
}

int number_in(const char* name) {
  const char* text = std::getenv(name);
  int number = 0;
  if (text == nullptr) return 0;
  const char* end = text + std::strlen(text);
  const auto [at, error] = std::from_chars(text, end, number);
  return error == std::errc{} && at == end ? number : 0;
}

}  // namespace

void tell_manager(std::string_view state) {
  const auto address = manager_address();
  if (address.size != 0) send(address, state, -1);
}

Result<void> keep_with_manager(const std::string& name, int descriptor) {
  const auto address = manager_address();
  if (address.size == 0) return {};
  // FDPOLL=0: it is not dropped because of what happens on it.
  if (send(address, "FDSTORE=1\nFDPOLL=0\nFDNAME=" + name, descriptor) == Sent::yes) return {};
  return Error(Code::io_failed, "the service manager", "one that keeps " + name,
               std::generic_category().message(errno));
}

std::map<std::string, int> kept_by_manager() {
  std::map<std::string, int> kept;
  const int count = number_in("LISTEN_PID") == ::getpid() ? number_in("LISTEN_FDS") : 0;
  const char* text = std::getenv("LISTEN_FDNAMES");
  std::string_view names = text == nullptr ? "" : text;
  for (int number = first_kept; number < first_kept + count && count <= kept_max; ++number) {
    ::fcntl(number, F_SETFD, FD_CLOEXEC);
    const auto colon = names.find(':');
    kept.emplace(names.substr(0, colon), number);
    names.remove_prefix(colon == std::string_view::npos ? names.size() : colon + 1);
  }
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);
  return kept;
}

}  // namespace sallyport
