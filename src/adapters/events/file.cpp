// SPDX-License-Identifier: Apache-2.0
#include "adapters/events/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sallyport {
namespace {

constexpr off_t room_size = 64L << 10U;  // many times the longest line

Error failed(const std::string& path) {
  const int number = errno;
  if (number == ENOSPC || number == EDQUOT) return Error(Code::disk_full, path);
  if (number == ENOENT) return Error(Code::file_missing, path, "a folder to write the event log in", "none");
  if (number == EACCES || number == EPERM) return Error(Code::permission_missing, path);
  return Error(Code::io_failed, path, "an event log that can be written", std::strerror(number));
}

// True when the file ends in the middle of a line.
bool ends_torn(int fd) {
  struct stat facts {};
  char last = '\n';
  if (::fstat(fd, &facts) != 0 || facts.st_size == 0) return false;
  return ::pread(fd, &last, 1, facts.st_size - 1) == 1 && last != '\n';
}

class Locked {
 public:
  explicit Locked(int fd) : fd_(fd) {
    while (::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~Locked() { ::flock(fd_, LOCK_UN); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  int fd_;
};

}  // namespace

Result<FileEventLog> FileEventLog::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return failed(path);
  FileEventLog log(fd, path);
  TRY(log.reserve());
  return log;
}

Result<void> FileEventLog::reserve() {
  struct stat facts {};
  if (::fstat(fd_, &facts) != 0) return failed(path_);
  if (::fallocate(fd_, FALLOC_FL_KEEP_SIZE, facts.st_size, room_size) == 0) return {};
  // A file system that cannot promise room says so when the event is written.
  if (errno == EOPNOTSUPP || errno == ENOSYS) return {};
  return failed(path_);
}

FileEventLog::FileEventLog(FileEventLog&& other) noexcept : fd_(other.fd_), path_(std::move(other.path_)) {
  other.fd_ = -1;
}

FileEventLog::~FileEventLog() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> FileEventLog::record(const Event& event) {
  const Locked locked(fd_);
  std::string line = print_event(event);
  if (ends_torn(fd_)) line.insert(line.begin(), '\n');
  std::string_view rest = line;
  while (!rest.empty()) {
    const auto written = ::write(fd_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(path_);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(fd_) != 0) return failed(path_);
  return {};
}

}  // namespace sallyport
