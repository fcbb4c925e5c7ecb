// SPDX-License-Identifier: Apache-2.0
// A file system (FUSE) of executable files with one content, served by a child process. Who reads one of them waits:
// for a "waits" file until the server is gone; for a "stuck" one as well, and within a system call that no signal ends.
#pragma once

#include <fcntl.h>
#include <linux/fuse.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport::node {

class HangingFiles {
 public:
  // The folder is there. `size` is that of each file.
  HangingFiles(std::string folder, std::uint64_t size) : folder_(std::move(folder)), size_(size) {
    device_ = ::open("/dev/fuse", O_RDWR | O_CLOEXEC);
    CHECK(device_ >= 0);
    const auto options = "fd=" + std::to_string(device_) + ",rootmode=40000,user_id=0,group_id=0,allow_other";
    CHECK(::mount("hanging", folder_.c_str(), "fuse", 0, options.c_str()) == 0);
    server_ = ::fork();
    if (server_ == 0) serve();
    ::close(device_);
  }
  ~HangingFiles() { end(); }
  HangingFiles(const HangingFiles&) = delete;
  HangingFiles& operator=(const HangingFiles&) = delete;

  // Whoever waits gets an error.
  void end() {
    if (server_ <= 0) return;
    ::kill(server_, SIGKILL);
    ::waitpid(server_, nullptr, 0);
    server_ = 0;
    ::umount2(folder_.c_str(), MNT_DETACH);
  }

 private:
  static constexpr std::uint64_t stuck = 1000;  // numbers of such files begin here

  [[noreturn]] void serve() {
    ::alarm(30);
    std::vector<char> request(FUSE_MIN_READ_BUFFER + (128U << 10U));
    for (;;) {
      const auto size = ::read(device_, request.data(), request.size());
      if (size < 0 && errno == ENODEV) ::_exit(0);
      if (size < static_cast<ssize_t>(sizeof(fuse_in_header))) continue;
      fuse_in_header head;
      std::memcpy(&head, request.data(), sizeof head);
      answer(head, request.data() + sizeof head);
    }
  }

  void answer(const fuse_in_header& head, const char* body) {
    switch (head.opcode) {
      case FUSE_INIT: {
        fuse_init_out out{};
        out.major = FUSE_KERNEL_VERSION;
        out.minor = 31;
        out.max_write = 4096;
        out.max_background = 64;
        return reply(head, out);
      }
      case FUSE_LOOKUP: {
        const std::string_view name(body);
        const std::uint64_t number = 2 + static_cast<std::uint64_t>(name.back());
        fuse_entry_out out{};
        out.nodeid = name.starts_with("stuck") ? number + stuck : number;
        out.entry_valid = 1;
        out.attr = attributes(out.nodeid);
        return reply(head, out);
      }
      case FUSE_GETATTR: {
        fuse_attr_out out{};
        out.attr = attributes(head.nodeid);
        return reply(head, out);
      }
      case FUSE_OPEN: {
        fuse_open_out out{};
        out.open_flags = head.nodeid >= stuck ? FOPEN_DIRECT_IO : FOPEN_KEEP_CACHE;
        return reply(head, out);
      }
      case FUSE_READ:
      case FUSE_FORGET:
      case FUSE_BATCH_FORGET:
      case FUSE_INTERRUPT:
        return;
      case FUSE_FLUSH:
      case FUSE_RELEASE:
        return reply(head, {}, 0);
      default:
        return reply(head, {}, -ENOSYS);
    }
  }

  fuse_attr attributes(std::uint64_t number) const {
    fuse_attr attributes{};
    attributes.ino = number;
    attributes.mode = number == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0755;
    attributes.nlink = 1;
    attributes.size = number == FUSE_ROOT_ID ? 0 : size_;
    return attributes;
  }

  template <class Out>
  void reply(const fuse_in_header& head, const Out& out) {
    reply(head, {reinterpret_cast<const char*>(&out), sizeof out}, 0);
  }
  void reply(const fuse_in_header& head, std::string_view body, int error) {
    const fuse_out_header out{static_cast<std::uint32_t>(sizeof out + body.size()), error, head.unique};
    std::string bytes(reinterpret_cast<const char*>(&out), sizeof out);
    bytes += body;
    [[maybe_unused]] const auto written = ::write(device_, bytes.data(), bytes.size());
  }

  std::string folder_;
  std::uint64_t size_;
  int device_ = -1;
  pid_t server_ = 0;
};

}  // namespace sallyport::node
