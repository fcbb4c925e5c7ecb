// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "adapters/disk/system_error.h"
#include "core/base/checked.h"

namespace sallyport {

FileSource::FileSource(int fd, std::uint64_t size, std::string name)
    : fd_(fd), size_(size), name_(std::move(name)) {}

FileSource::~FileSource() {
  ::close(fd_);
}

Result<std::unique_ptr<FileSource>> FileSource::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0 && (errno == ENOTDIR || errno == ELOOP || errno == ENAMETOOLONG))
    return Error(Code::file_missing, path, "a file that can be read", std::generic_category().message(errno));
  if (fd < 0) return system_error(errno, path);
  auto source = std::make_unique<FileSource>(fd, 0, path);
  struct stat status {};
  if (::fstat(fd, &status) != 0) return system_error(errno, path);
  if (!S_ISREG(status.st_mode)) return Error(Code::file_missing, path, "a regular file", "something else");
  source->size_ = static_cast<std::uint64_t>(status.st_size);
  return source;
}

Result<void> FileSource::read_at(std::uint64_t offset, std::span<std::uint8_t> into) const {
  if (!inside(offset, into.size(), size_)) {
    return Error(Code::truncated, name_, std::to_string(into.size()) + " bytes at " + std::to_string(offset),
                 std::to_string(size_) + " bytes in all");
  }
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got =
        ::pread(fd_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(errno, name_);
    if (got == 0) return Error(Code::truncated, name_, "as long as when it was opened", "shorter");
    done += static_cast<std::size_t>(got);
  }
  return {};
}

Result<Bytes> read_whole_file(const std::string& path, std::uint64_t size_max) {
  const auto source = TRY(FileSource::open(path));
  if (source->size() > size_max) {
    return Error(Code::file_too_large, path, "at most " + std::to_string(size_max) + " bytes",
                 std::to_string(source->size()) + " bytes");
  }
  return source->read(0, source->size(), size_max);
}

}  // namespace sallyport
