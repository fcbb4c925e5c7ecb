// SPDX-License-Identifier: Apache-2.0
#include "adapters/packages/root_files.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace sallyport::packages {
namespace {

Error failed(const std::string& path) {
  const bool missing = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
  const bool denied = errno == EACCES || errno == EPERM;
  const Code code = missing ? Code::file_missing : denied ? Code::permission_missing : Code::io_failed;
  return {code, path, {}, std::generic_category().message(errno)};
}

}  // namespace

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

int open_in_root(int root, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags) | O_NOFOLLOW | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how));
}

Result<std::string> read_text(int root, const std::string& path, std::uint64_t size_max) {
  const OpenFile file(open_in_root(root, path, O_RDONLY | O_NONBLOCK));
  if (!file.open()) return failed(path);
  std::string text;
  std::array<char, 1U << 16U> piece;
  for (;;) {
    const auto size = ::read(file.get(), piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return failed(path);
    if (size == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(size));
    if (text.size() > size_max)
      return Error(Code::file_too_large, path, std::to_string(size_max) + " bytes", "more");
  }
}

}  // namespace sallyport::packages
