// SPDX-License-Identifier: Apache-2.0
#include "adapters/signer/secret.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sallyport {
namespace {

constexpr mode_t others = 077;

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Error from_errno(const std::string& path, int number) {
  if (number == ENOENT || number == ENOTDIR) return Error(Code::file_missing, path, "a key file", "none");
  if (number == EACCES || number == EPERM) return Error(Code::permission_missing, path);
  return Error(Code::io_failed, path, "a key file that can be read", std::generic_category().message(number));
}

Result<void> check_file(int fd, const std::string& path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return from_errno(path, errno);
  if (!S_ISREG(status.st_mode)) return Error(Code::key_unusable, path, "a regular file", "something else");
  if ((status.st_mode & others) != 0) {
    return Error(Code::key_unusable, path, "a secret that its owner alone can read (chmod 600)",
                 "wider permissions");
  }
  return {};
}

}  // namespace

Secret::~Secret() {
  OPENSSL_cleanse(text_.data(), text_.size());
}

Result<Secret> read_secret(const std::string& path, std::size_t size_max) {
  // A pipe would block here, and a terminal would become ours.
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (fd.get() < 0) return from_errno(path, errno);
  TRY(check_file(fd.get(), path));
  std::string text(size_max + 1, '\0');
  std::size_t fill = 0;
  while (fill < text.size()) {
    const ssize_t count = ::read(fd.get(), text.data() + fill, text.size() - fill);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return from_errno(path, errno);
    if (count == 0) break;
    fill += static_cast<std::size_t>(count);
  }
  if (fill > size_max) {
    return Error(Code::key_unusable, path, "at most " + std::to_string(size_max) + " bytes", "a larger file");
  }
  text.resize(fill);
  return Secret(std::move(text));
}

}  // namespace sallyport
