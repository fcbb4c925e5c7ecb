// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

namespace sallyport::confine {

Result<LogFile> LogFile::open(const std::string& path, std::uint64_t size_max) {
  LogFile log(path, size_max);
  TRY(log.reopen());
  return log;
}

Result<void> LogFile::reopen() {
  file_.reset(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  struct stat status;
  if (!file_.open() || ::fstat(file_.get(), &status) != 0) return last_error(path_);
  size_ = static_cast<std::uint64_t>(status.st_size);
  return {};
}

void LogFile::write(std::span<const char> text) {
  if (size_ + text.size() > size_max_ && size_ != 0) {
    static_cast<void>(std::rename(path_.c_str(), (path_ + ".1").c_str()));
    if (!reopen().ok()) return;
    // The rename failed: better no log than one without an end.
    if (size_ + text.size() > size_max_) return;
  }
  const auto written = ::write(file_.get(), text.data(), text.size());
  if (written > 0) size_ += static_cast<std::uint64_t>(written);
}

}  // namespace sallyport::confine
