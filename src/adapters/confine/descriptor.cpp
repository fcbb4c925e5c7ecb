// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/descriptor.h"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sallyport::confine {

void Descriptor::reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

Error system_error(std::string where, int number) {
  Code code = Code::io_failed;
  if (number == ENOSYS || number == ENODEV || number == EOPNOTSUPP) code = Code::not_supported;
  if (number == EPERM || number == EACCES) code = Code::permission_missing;
  if (number == ENOSPC || number == EDQUOT) code = Code::disk_full;
  return {code, std::move(where), {}, std::generic_category().message(number)};
}

Error last_error(std::string where) {
  return system_error(std::move(where), errno);
}

}  // namespace sallyport::confine
