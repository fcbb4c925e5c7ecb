// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/descriptor.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "adapters/disk/system_error.h"

namespace sallyport {

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<Descriptor> open_beneath(int root, const std::string& path, int flags, unsigned mode) {
  struct open_how how {};
  how.flags = static_cast<unsigned>(flags | O_CLOEXEC | O_NOFOLLOW);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV;
  const char* name = path.empty() ? "." : path.c_str();
  while (true) {
    const long fd = ::syscall(SYS_openat2, root, name, &how, sizeof how);
    if (fd >= 0) return Descriptor(static_cast<int>(fd));
    if (errno == EINTR || errno == EAGAIN) continue;
    if (errno == ENOSYS) return Error(Code::not_supported, "openat2", "Linux 5.6 or later", {});
    return system_error(errno, path.empty() ? "the node's root" : path);
  }
}

}  // namespace sallyport
