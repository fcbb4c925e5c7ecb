// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>

#include "adapters/disk/system_error.h"

namespace sallyport {
namespace {

// Two outputs of one process, even for the same path, are two files.
std::string next_number() {
  static std::atomic<std::uint64_t> count = 0;
  return std::to_string(::getpid()) + "-" + std::to_string(++count);
}

std::string temporary_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  // NAME_MAX holds for the temporary name too.
  return folder_of(path) + "/." + name.substr(0, 200) + "." + next_number() + ".partial";
}

std::string number_in_proc(int fd) {
  return "/proc/self/fd/" + std::to_string(fd);
}

// None where the file system cannot do that, or nobody could name the file later on.
int open_without_name(const std::string& folder, mode_t mode) {
  const int fd = ::open(folder.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, mode);
  struct stat status {};
  if (fd < 0 || ::stat(number_in_proc(fd).c_str(), &status) == 0) return fd;
  ::close(fd);
  return -1;
}

Result<void> check_free(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  return Error(Code::file_exists, path, "a name that nothing has", "something of this name");
}

}  // namespace

OutputFile::OutputFile(std::string path, std::string temporary, int fd)
    : path_(std::move(path)), temporary_(std::move(temporary)), fd_(fd) {}

OutputFile::~OutputFile() {
  ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<std::unique_ptr<OutputFile>> OutputFile::create(const std::string& path, Readers readers) {
  TRY(check_free(path));
  return create_replacement(path, readers);
}

Result<void> OutputFile::try_create(const std::string& path) {
  TRY(check_free(path));
  return try_replacement(path);
}

Result<void> OutputFile::try_replacement(const std::string& path) {
  const std::string folder = folder_of(path) + "/.";  // with the dot, only what is a folder
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0) return system_error(errno, path);
  return {};
}

Result<std::unique_ptr<OutputFile>> OutputFile::create_replacement(const std::string& path, Readers readers) {
  const mode_t mode = readers == Readers::owner_only ? 0600 : 0666;
  const int nameless = open_without_name(folder_of(path), mode);
  if (nameless >= 0) return std::unique_ptr<OutputFile>(new OutputFile(path, {}, nameless));
  const std::string temporary = temporary_of(path);
  ::unlink(temporary.c_str());  // of a process that had this number and was killed
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0) return system_error(errno, path);
  return std::unique_ptr<OutputFile>(new OutputFile(path, temporary, fd));
}

Result<void> OutputFile::write(BytesView bytes) {
  return write_at(size_, bytes);
}

Result<void> OutputFile::write_at(std::uint64_t offset, BytesView bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t put =
        ::pwrite(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_error(errno, path_);
    done += static_cast<std::size_t>(put);
  }
  if (offset + done > size_) size_ = offset + done;
  return {};
}

Result<void> OutputFile::sync() {
  if (::fsync(fd_) != 0) return system_error(errno, path_);
  return {};
}

Result<void> OutputFile::sync_folder() const {
  const std::string folder = folder_of(path_);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return system_error(errno, folder);
  const int failed = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (failed != 0) return system_error(failed, folder);
  return {};
}

// A hard link, because it fails when the name is taken, on every file system that has one.
Result<void> OutputFile::give_name(const std::string& name) {
  const bool nameless = temporary_.empty();
  const auto from = nameless ? number_in_proc(fd_) : temporary_;
  if (::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, name.c_str(), nameless ? AT_SYMLINK_FOLLOW : 0) == 0) {
    if (!nameless) ::unlink(from.c_str());
    return {};
  }
  const int problem = errno;
  if (nameless || problem == EEXIST) return system_error(problem, path_);
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) != 0)
    return system_error(errno, path_);
  return {};
}

Result<void> OutputFile::commit() {
  TRY(sync());
  TRY(give_name(path_));
  temporary_.clear();
  return sync_folder();
}

Result<void> OutputFile::commit_replacing() {
  TRY(sync());
  if (temporary_.empty()) {
    auto temporary = temporary_of(path_);
    TRY(give_name(temporary));
    temporary_ = std::move(temporary);
  }
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return system_error(errno, path_);
  temporary_.clear();
  return sync_folder();
}

Result<void> write_new_file(const std::string& path, BytesView content, Readers readers) {
  const auto file = TRY(OutputFile::create(path, readers));
  TRY(file->write(content));
  return file->commit();
}

Result<void> replace_whole_file(const std::string& path, BytesView content, Readers readers) {
  const auto file = TRY(OutputFile::create_replacement(path, readers));
  TRY(file->write(content));
  return file->commit_replacing();
}

}  // namespace sallyport
