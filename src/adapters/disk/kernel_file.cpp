// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/kernel_file.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "adapters/disk/file_source.h"
#include "adapters/disk/system_error.h"

namespace sallyport {
namespace {

constexpr std::size_t step = std::size_t{1} << 16;

}  // namespace

Result<Bytes> read_kernel_file(const std::string& path, std::size_t size_max) {
  const auto source = TRY(FileSource::open(path));
  Bytes bytes;
  while (bytes.size() <= size_max) {
    const auto done = bytes.size();
    bytes.resize(done + std::min(step, size_max + 1 - done));
    const ssize_t got = ::read(source->fd(), bytes.data() + done, bytes.size() - done);
    bytes.resize(done + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno != EINTR) return system_error(errno, path);
    if (got == 0) return bytes;
  }
  return Error(Code::file_too_large, path, "at most " + std::to_string(size_max) + " bytes", "more");
}

}  // namespace sallyport
