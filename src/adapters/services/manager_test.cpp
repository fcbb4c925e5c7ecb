// SPDX-License-Identifier: Apache-2.0
#include "adapters/services/manager.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

namespace sallyport {
namespace {

// The other end: a datagram socket in the abstract name space, or at a path.
class Manager {
 public:
  explicit Manager(std::string path) : name_(std::move(path)), path_(name_) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::setenv("NOTIFY_SOCKET", name_.c_str(), 1);
  }
  Manager() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t size = sizeof(sa_family_t);  // the kernel names it
    ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size);
    size = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    const auto length = size - offsetof(sockaddr_un, sun_path);
    name_ = "@" + std::string(address.sun_path + 1, length - 1);
    ::setenv("NOTIFY_SOCKET", name_.c_str(), 1);
  }
  ~Manager() {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(socket_);
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  struct Message {
    std::string text;
    int descriptor = -1;
  };
  Message receive() {
    std::array<char, 256> text{};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> passed{};
    iovec part{text.data(), text.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = passed.data();
    header.msg_controllen = passed.size();
    const auto size = ::recvmsg(socket_, &header, MSG_DONTWAIT);
    Message message{std::string(text.data(), size < 0 ? 0 : static_cast<std::size_t>(size)), -1};
    if (const auto* one = CMSG_FIRSTHDR(&header); size >= 0 && one != nullptr) {
      std::memcpy(&message.descriptor, CMSG_DATA(one), sizeof message.descriptor);
    }
    return message;
  }

 private:
  int socket_ = -1;
  std::string name_;
  std::string path_ = {};  // empty: it has none
};

ino_t inode_of(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 ? status.st_ino : 0;
}

TEST(ManagerTest, IsToldAndKeepsWhatItIsGiven) {
  Manager manager;
  tell_manager("READY=1");
  const auto told = manager.receive();
  EXPECT_EQ(told.text, "READY=1");
  EXPECT_EQ(told.descriptor, -1);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  keep_with_manager("gate", ends[0]).value();
  const auto kept = manager.receive();
  EXPECT_EQ(kept.text, "FDSTORE=1\nFDPOLL=0\nFDNAME=gate");
  ASSERT_GE(kept.descriptor, 0);
  EXPECT_EQ(inode_of(kept.descriptor), inode_of(ends[0]));
  for (const int one : {kept.descriptor, ends[0], ends[1]}) ::close(one);
}

TEST(ManagerTest, WithoutOneNothingIsToldAndNothingFails) {
  ::unsetenv("NOTIFY_SOCKET");
  tell_manager("READY=1");
  EXPECT_TRUE(keep_with_manager("gate", 0).ok());
  EXPECT_TRUE(kept_by_manager().empty());
}

TEST(ManagerTest, OneThatIsGoneIsAnError) {
  { const Manager manager; }
  ::setenv("NOTIFY_SOCKET", "@nobody-listens-here", 1);
  EXPECT_EQ(keep_with_manager("gate", 0).error().code, Code::io_failed);
  ::unsetenv("NOTIFY_SOCKET");
}

// What is executed later gets none of it.
bool all_close() {
  return (::fcntl(3, F_GETFD) & FD_CLOEXEC) != 0 && (::fcntl(4, F_GETFD) & FD_CLOEXEC) != 0;
}

TEST(ManagerTest, WhatItKeptIsFoundByNameAndByThisProcessAlone) {
  const auto found = [](int process_offset, const char* count = "2") {
    const pid_t child = ::fork();
    if (child != 0) {
      int status = 0;
      ::waitpid(child, &status, 0);
      return WEXITSTATUS(status);
    }
    for (const int number : {3, 4}) ::dup2(0, number);
    ::setenv("LISTEN_PID", std::to_string(::getpid() + process_offset).c_str(), 1);
    ::setenv("LISTEN_FDS", count, 1);
    ::setenv("LISTEN_FDNAMES", "watch:terms", 1);
    const auto kept = kept_by_manager();
    const bool both = kept.size() == 2 && kept.at("watch") == 3 && kept.at("terms") == 4 && all_close();
    ::_exit(both && kept_by_manager().empty() ? 0 : static_cast<int>(10 + kept.size()));
  };
  EXPECT_EQ(found(0), 0);
  EXPECT_EQ(found(1), 10);
  // More than any manager of ours keeps, and what is no number.
  EXPECT_EQ(found(0, "65"), 10);
  EXPECT_EQ(found(0, "2x"), 10);
}

TEST(ManagerTest, ASocketWithAPathIsOneToo) {
  Manager manager("/tmp/manager-test-" + std::to_string(::getpid()));
  tell_manager("READY=1");
  EXPECT_EQ(manager.receive().text, "READY=1");
  ::setenv("NOTIFY_SOCKET", ("/" + std::string(200, 'a')).c_str(), 1);
  tell_manager("READY=1");  // no address, so nobody
  ::setenv("NOTIFY_SOCKET", "relative", 1);
  EXPECT_TRUE(keep_with_manager("gate", 0).ok());
}

}  // namespace
}  // namespace sallyport
