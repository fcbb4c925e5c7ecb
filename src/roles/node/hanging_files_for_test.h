// SPDX-License-Identifier: Apache-2.0
// A file system (FUSE) of executable files with one content, served by a child process. Who reads one of them waits:
// for a "waits" file until the server is gone; for a "stuck" one as well, and within a system call that no signal ends.
// Of an "open", a "flush" or a "statfs" file that is the one thing which hangs: to open it (until let_go()), to close
// it, to be told about its file system. The first two are one byte longer than the others. A "kept" one
// has the content, and closing it hangs. Who asks of what size a "silent" one
// is, as stat does, waits.
#pragma once

#include <fcntl.h>
#include <linux/fuse.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport::node {

class HangingFiles {
 public:
  // The folder is there. The content is that of the "kept" files, its size that of each one.
  HangingFiles(std::string folder, std::string content)
      : folder_(std::move(folder)), content_(std::move(content)), size_(content_.size()) {
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

  // Whoever waits for an "open" file has it.
  void let_go() const { ::access((folder_ + "/" + std::string(letting_go)).c_str(), F_OK); }
  // Whoever waits gets an error.
  void end() {
    if (server_ <= 0) return;
    ::kill(server_, SIGKILL);
    ::waitpid(server_, nullptr, 0);
    server_ = 0;
    ::umount2(folder_.c_str(), MNT_DETACH);
  }

 private:
  // Numbers of such files begin here.
  static constexpr std::uint64_t stuck = 1000;
  static constexpr std::uint64_t open = 2000;
  static constexpr std::uint64_t flush = 3000;
  static constexpr std::uint64_t statfs = 4000;
  static constexpr std::uint64_t kept = 5000;
  static constexpr std::uint64_t silent = 6000;
  static constexpr std::string_view letting_go = "letting-go";

  static std::uint64_t number_of(std::string_view name) {
    const auto number = 2 + static_cast<std::uint64_t>(name.back());
    if (name.starts_with("stuck")) return number + stuck;
    if (name.starts_with("open")) return number + open;
    if (name.starts_with("flush")) return number + flush;
    if (name.starts_with("kept")) return number + kept;
    if (name.starts_with("silent")) return number + silent;
    return name.starts_with("statfs") ? number + statfs : number;
  }
  static bool is_longer(std::uint64_t number) { return kind_of(number) == flush || kind_of(number) == open; }
  static std::uint64_t kind_of(std::uint64_t number) { return number / 1000 * 1000; }

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
        if (name == letting_go) return let_all_go(head);
        fuse_entry_out out{};
        out.nodeid = number_of(name);
        out.entry_valid = 60;
        out.attr_valid = kind_of(out.nodeid) == silent ? 0 : 60;
        out.attr = attributes(out.nodeid);
        return reply(head, out);
      }
      case FUSE_GETATTR: {
        if (kind_of(head.nodeid) == silent) return;
        fuse_attr_out out{};
        out.attr = attributes(head.nodeid);
        return reply(head, out);
      }
      case FUSE_OPEN:
        if (kind_of(head.nodeid) != open || lets_go_) return reply_open(head);
        return waiting_.push_back(head);
      case FUSE_STATFS:
        if (kind_of(head.nodeid) == statfs) return;
        return reply(head, fuse_statfs_out{});
      case FUSE_READ:
        if (kind_of(head.nodeid) == kept) reply_content(head, body);
        return;
      case FUSE_FORGET:
      case FUSE_BATCH_FORGET:
      case FUSE_INTERRUPT:
        return;
      case FUSE_FLUSH:
        if (kind_of(head.nodeid) == flush || kind_of(head.nodeid) == kept) return;
        return reply(head, {}, 0);
      case FUSE_RELEASE:
        return reply(head, {}, 0);
      default:
        return reply(head, {}, -ENOSYS);
    }
  }

  void reply_open(const fuse_in_header& head) {
    fuse_open_out out{};
    out.open_flags = kind_of(head.nodeid) == stuck ? FOPEN_DIRECT_IO : FOPEN_KEEP_CACHE;
    reply(head, out);
  }
  void let_all_go(const fuse_in_header& asked) {
    lets_go_ = true;
    for (const auto& head : waiting_) reply_open(head);
    waiting_.clear();
    reply(asked, {}, -ENOENT);
  }

  void reply_content(const fuse_in_header& head, const char* body) {
    fuse_read_in wanted;
    std::memcpy(&wanted, body, sizeof wanted);
    const auto at = std::min<std::uint64_t>(wanted.offset, size_);
    reply(head, std::string_view(content_).substr(at, wanted.size), 0);
  }

  fuse_attr attributes(std::uint64_t number) const {
    fuse_attr attributes{};
    attributes.ino = number;
    attributes.mode = number == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0755;
    attributes.nlink = 1;
    attributes.size = number == FUSE_ROOT_ID ? 0 : size_ + (is_longer(number) ? 1 : 0);
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
  std::string content_;
  std::uint64_t size_;
  int device_ = -1;
  std::vector<fuse_in_header> waiting_;  // the server's
  bool lets_go_ = false;
  pid_t server_ = 0;
};

}  // namespace sallyport::node
