// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/system_error.h"

#include <cerrno>
#include <system_error>

namespace sallyport {
namespace {

Code code_of(int number) {
  switch (number) {
    case ENOENT:
      return Code::file_missing;
    case EEXIST:
    case ENOTEMPTY:
      return Code::file_exists;
    case ENOSPC:
    case EDQUOT:
      return Code::disk_full;
    case EACCES:
    case EPERM:
    case EROFS:
      return Code::permission_missing;
    case ELOOP:
    case EXDEV:
    case ENOTDIR:
      return Code::store_path_diverted;
    case EMLINK:
    case EOPNOTSUPP:
      return Code::not_supported;
    default:
      return Code::io_failed;
  }
}

}  // namespace

Error system_error(int number, const std::string& where) {
  return {code_of(number), where, {}, std::generic_category().message(number)};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace sallyport
