// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/posix.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/fsverity.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "adapters/disk/descriptor.h"
#include "adapters/disk/file_source.h"
#include "adapters/disk/system_error.h"
#include "core/format/capabilities.h"

namespace sallyport {
namespace {

constexpr const char* capability_attribute = "security.capability";
// Written in larger parts, a file is on its way to the disk while the next part is made: what a sync still has to wait
// for is less.
constexpr std::uint64_t write_back_step = 8ULL << 20U;

// One call that answers 0 or -1, repeated when a signal came in between.
template <class Call>
Result<void> call(const std::string& where, Call&& system_call) {
  while (system_call() != 0) {
    if (errno != EINTR) return system_error(errno, where);
  }
  return {};
}

std::string octal(mode_t mode) {
  std::string digits;
  for (int shift = 9; shift >= 0; shift -= 3) digits += static_cast<char>('0' + ((mode >> shift) & 7U));
  return digits;
}

FileStatus status_of(const struct stat& status) {
  const auto type = S_ISREG(status.st_mode)   ? FileType::file
                    : S_ISDIR(status.st_mode) ? FileType::directory
                    : S_ISLNK(status.st_mode) ? FileType::link
                                              : FileType::other;
  const auto changed = status.st_mtim.tv_sec * 1000000000LL + status.st_mtim.tv_nsec;
  return {type,
          static_cast<std::uint32_t>(status.st_mode & 07777U),
          status.st_uid,
          status.st_gid,
          static_cast<std::uint64_t>(status.st_size),
          static_cast<std::uint64_t>(status.st_nlink),
          static_cast<std::uint64_t>(changed)};
}

Result<void> give_owner(int fd, const std::string& path, const FileMetadata& metadata) {
  struct stat now {};
  TRY(call(path, [&] { return ::fstat(fd, &now); }));
  if (now.st_uid == metadata.uid && now.st_gid == metadata.gid) return {};
  if (::fchown(fd, metadata.uid, metadata.gid) == 0) return {};
  if (errno != EPERM) return system_error(errno, path);
  return Error(Code::not_supported, path,
               "files of the caller's own user and group, unless the caller is root",
               std::to_string(metadata.uid) + ":" + std::to_string(metadata.gid));
}

Result<void> give_capabilities(int fd, const std::string& path, const FileMetadata& metadata) {
  if (metadata.capabilities.empty()) return {};
  const auto attribute = TRY(encode_capabilities(metadata.capabilities));
  if (::fsetxattr(fd, capability_attribute, attribute.data(), attribute.size(), 0) == 0) return {};
  const int failed = errno;
  if (failed == EPERM || failed == EOPNOTSUPP) {
    return Error(Code::not_supported, path, "a caller and a file system that can set file capabilities", {});
  }
  return system_error(failed, path);
}

// Owner first: changing it takes away capabilities and setuid bits.
Result<void> seal_open_file(int fd, const std::string& path, const FileMetadata& metadata) {
  TRY(give_owner(fd, path, metadata));
  TRY(give_capabilities(fd, path, metadata));
  return call(path, [&] { return ::fchmod(fd, metadata.mode); });
}

class PosixWriter final : public FileWriter {
 public:
  PosixWriter(Descriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Result<void> write(BytesView bytes) override {
    while (!bytes.empty()) {
      const ssize_t put = ::write(fd_.get(), bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return system_error(errno, path_);
      bytes = bytes.subspan(static_cast<std::size_t>(put));
      written_ += static_cast<std::uint64_t>(put);
    }
    begin_write_back();
    return {};
  }

  Result<void> seal(const FileMetadata& metadata) override {
    TRY(seal_open_file(fd_.get(), path_, metadata));
    // close() can report a failed write (quota, network file systems); there is no second try.
    if (::close(fd_.release()) != 0 && errno != EINTR) return system_error(errno, path_);
    return {};
  }

 private:
  // Nothing but a hint: whether it got to the disk is for the sync to say.
  void begin_write_back() {
    if (written_ - on_its_way_ < write_back_step) return;
    const auto size = static_cast<off_t>(written_ - on_its_way_);
    (void)::sync_file_range(fd_.get(), static_cast<off_t>(on_its_way_), size, SYNC_FILE_RANGE_WRITE);
    on_its_way_ = written_;
  }

  Descriptor fd_;
  std::string path_;
  std::uint64_t written_ = 0;
  std::uint64_t on_its_way_ = 0;
};

class PosixFile final : public StoredFile {
 public:
  PosixFile(int fd, const FileStatus& status, const std::string& path)
      : source_(fd, status.size, path), status_(status) {}

  std::uint64_t size() const override { return source_.size(); }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    return source_.read_at(offset, into);
  }
  Result<FileStatus> status() const override { return status_; }
  Result<std::vector<std::string>> capabilities() const override {
    std::array<std::uint8_t, 64> attribute{};
    const ssize_t size = ::fgetxattr(source_.fd(), capability_attribute, attribute.data(), attribute.size());
    if (size < 0 && (errno == ENODATA || errno == EOPNOTSUPP)) return std::vector<std::string>{};
    if (size < 0) return system_error(errno, source_.name());
    return decode_capabilities(BytesView(attribute).first(static_cast<std::size_t>(size)),
                               Code::generation_damaged);
  }

 private:
  FileSource source_;
  FileStatus status_;
};

class PosixLock final : public DiskLock {
 public:
  explicit PosixLock(Descriptor fd) : fd_(std::move(fd)) {}

 private:
  Descriptor fd_;
};

struct Name {
  std::string text;
  FileType type;
};

// Without a stat for each name, where the file system tells the type by itself.
Result<FileType> type_of(int folder, const struct dirent& entry, const std::string& path) {
  if (entry.d_type == DT_DIR) return FileType::directory;
  if (entry.d_type != DT_UNKNOWN) return FileType::file;
  struct stat status {};
  if (::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) return system_error(errno, path);
  return status_of(status).type;
}

Result<std::vector<Name>> names_in(int root, const std::string& path) {
  auto folder = TRY(open_beneath(root, path, O_RDONLY | O_DIRECTORY));
  DIR* stream = ::fdopendir(folder.get());
  if (stream == nullptr) return system_error(errno, path);
  folder.release();  // closedir() closes it
  const std::unique_ptr<DIR, int (*)(DIR*)> closer(stream, ::closedir);
  std::vector<Name> names;
  while (true) {
    errno = 0;
    const auto* entry = ::readdir(stream);  // NOLINT(concurrency-mt-unsafe): the stream is ours alone
    if (entry == nullptr) break;
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const auto type = TRY(type_of(::dirfd(stream), *entry, path));
    names.push_back({name, type});
  }
  if (errno != 0) return system_error(errno, path);
  return names;
}

Result<Descriptor> parent(int root, const std::string& path) {
  return open_beneath(root, parent_of(path), O_PATH | O_DIRECTORY);
}

// A folder that its own owner may not enter is opened up first; for root it is all the same.
Result<void> make_accessible(int root, const std::string& path) {
  if (::geteuid() == 0) return {};
  const auto folder = TRY(open_beneath(root, path, O_PATH | O_DIRECTORY));
  const std::string self = "/proc/self/fd/" + std::to_string(folder.get());
  return call(path, [&] { return ::chmod(self.c_str(), 0700); });
}

// Everything in the folder but its sub-folders, whose paths come back.
Result<std::vector<std::string>> empty_folder(int root, const std::string& path) {
  TRY(make_accessible(root, path));
  const auto folder = TRY(open_beneath(root, path, O_PATH | O_DIRECTORY));
  std::vector<std::string> folders;
  for (const auto& name : TRY(names_in(root, path))) {
    if (name.type == FileType::directory) {
      folders.push_back(path + "/" + name.text);
    } else {
      TRY(call(path + "/" + name.text, [&] { return ::unlinkat(folder.get(), name.text.c_str(), 0); }));
    }
  }
  return folders;
}

Result<void> sync_descriptor(int fd, const std::string& path) {
  return call(path, [&] { return ::fsync(fd); });
}

}  // namespace

PosixDisk::~PosixDisk() {
  ::close(root_);
}

Result<std::unique_ptr<PosixDisk>> PosixDisk::shared_at(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return system_error(errno, folder);
  return std::unique_ptr<PosixDisk>(new PosixDisk(fd));
}

Result<std::unique_ptr<PosixDisk>> PosixDisk::at(const std::string& folder) {
  auto disk = TRY(shared_at(folder));
  struct stat status {};
  TRY(call(folder, [&] { return ::fstat(disk->root_, &status); }));
  if (status.st_uid != ::geteuid() && status.st_uid != 0)
    return Error(Code::permission_missing, folder, "a folder of this user, or of root",
                 "one of the user " + std::to_string(status.st_uid));
  if ((status.st_mode & 022U) != 0)
    return Error(Code::permission_missing, folder,
                 "a folder that nobody else can write to: chmod 700 " + folder,
                 "mode " + octal(status.st_mode & 07777U));
  return disk;
}

Result<std::unique_ptr<PosixDisk>> PosixDisk::made_at(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return system_error(errno, folder);
  return at(folder);
}

Result<void> PosixDisk::make_folder(const std::string& path) {
  const auto folder = TRY(parent(root_, path));
  return call(path, [&] { return ::mkdirat(folder.get(), name_of(path).c_str(), 0700); });
}

Result<void> PosixDisk::seal_folder(const std::string& path, const FileMetadata& metadata) {
  const auto folder = TRY(open_beneath(root_, path, O_RDONLY | O_DIRECTORY));
  return seal_open_file(folder.get(), path, metadata);
}

Result<std::unique_ptr<FileWriter>> PosixDisk::create_file(const std::string& path) {
  auto fd = TRY(open_beneath(root_, path, O_WRONLY | O_CREAT | O_EXCL, 0600));
  return std::unique_ptr<FileWriter>(std::make_unique<PosixWriter>(std::move(fd), path));
}

Result<void> PosixDisk::link(const std::string& from, const std::string& to) {
  const auto source = TRY(parent(root_, from));
  const auto target = TRY(parent(root_, to));
  return call(to, [&] {
    return ::linkat(source.get(), name_of(from).c_str(), target.get(), name_of(to).c_str(), 0);
  });
}

Result<void> PosixDisk::make_link(const std::string& target, const std::string& path) {
  const auto folder = TRY(parent(root_, path));
  return call(path, [&] { return ::symlinkat(target.c_str(), folder.get(), name_of(path).c_str()); });
}

Result<void> PosixDisk::set_link_owner(const std::string& path, std::uint32_t uid, std::uint32_t gid) {
  const auto fd = TRY(open_beneath(root_, path, O_PATH));
  struct stat now {};
  TRY(call(path, [&] { return ::fstat(fd.get(), &now); }));
  if (now.st_uid == uid && now.st_gid == gid) return {};
  if (::fchownat(fd.get(), "", uid, gid, AT_EMPTY_PATH) == 0) return {};
  if (errno != EPERM) return system_error(errno, path);
  return Error(Code::not_supported, path,
               "links of the caller's own user and group, unless the caller is root",
               std::to_string(uid) + ":" + std::to_string(gid));
}

Result<void> PosixDisk::rename(const std::string& from, const std::string& to) {
  const auto source = TRY(parent(root_, from));
  const auto target = TRY(parent(root_, to));
  return call(
      to, [&] { return ::renameat(source.get(), name_of(from).c_str(), target.get(), name_of(to).c_str()); });
}

Result<void> PosixDisk::remove(const std::string& path) {
  const auto folder = TRY(parent(root_, path));
  return call(path, [&] { return ::unlinkat(folder.get(), name_of(path).c_str(), 0); });
}

Result<void> PosixDisk::remove_tree(const std::string& path) {
  const auto found = TRY(find(path));
  if (!found) return {};
  if (found->type != FileType::directory) return remove(path);
  std::vector<std::string> folders{path};
  for (std::size_t i = 0; i < folders.size(); ++i) {
    for (auto& below : TRY(empty_folder(root_, folders[i]))) folders.push_back(std::move(below));
  }
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
    const auto above = TRY(parent(root_, *folder));
    TRY(call(*folder, [&] { return ::unlinkat(above.get(), name_of(*folder).c_str(), AT_REMOVEDIR); }));
  }
  return {};
}

Result<void> PosixDisk::append(const std::string& path, BytesView bytes) {
  auto fd = TRY(open_beneath(root_, path, O_WRONLY | O_CREAT | O_APPEND, 0600));
  const int raw = fd.get();
  PosixWriter writer(std::move(fd), path);
  TRY(writer.write(bytes));
  return sync_descriptor(raw, path);
}

Result<void> PosixDisk::truncate(const std::string& path, std::uint64_t size) {
  const auto fd = TRY(open_beneath(root_, path, O_WRONLY));
  TRY(call(path, [&] { return ::ftruncate(fd.get(), static_cast<off_t>(size)); }));
  return sync_descriptor(fd.get(), path);
}

// The parameters are those of core/crypto/file_digest.h: what the kernel measures is what tree.json has.
Result<Frozen> PosixDisk::freeze(const std::string& path) {
  const auto fd = TRY(open_beneath(root_, path, O_RDONLY | O_NONBLOCK));
  fsverity_enable_arg parameters{};
  parameters.version = 1;
  parameters.hash_algorithm = FS_VERITY_HASH_ALG_SHA256;
  parameters.block_size = 4096;
  while (::ioctl(fd.get(), FS_IOC_ENABLE_VERITY, &parameters) != 0) {
    if (errno == EEXIST) break;
    if (errno == EOPNOTSUPP || errno == ENOTTY || errno == EINVAL) return Frozen::by_nobody;
    if (errno != EINTR) return system_error(errno, path);
  }
  return Frozen::by_kernel;
}

Result<void> PosixDisk::sync_file(const std::string& path) {
  const auto fd = TRY(open_beneath(root_, path, O_RDONLY | O_NONBLOCK));
  return sync_descriptor(fd.get(), path);
}

Result<void> PosixDisk::sync_folder(const std::string& path) {
  const auto fd = TRY(open_beneath(root_, path, O_RDONLY | O_DIRECTORY));
  return sync_descriptor(fd.get(), path);
}

Result<void> PosixDisk::sync_all() {
  return call("the node's root", [&] { return ::syncfs(root_); });
}

Result<std::optional<FileStatus>> PosixDisk::find(const std::string& path) {
  const auto fd = open_beneath(root_, path, O_PATH);
  if (!fd.ok() && fd.error().code == Code::file_missing) return std::optional<FileStatus>();
  if (!fd.ok()) return fd.error();
  struct stat status {};
  TRY(call(path, [&] { return ::fstat(fd.value().get(), &status); }));
  return std::optional(status_of(status));
}

Result<std::vector<std::string>> PosixDisk::list(const std::string& path) {
  std::vector<std::string> names;
  for (auto& name : TRY(names_in(root_, path))) {
    names.push_back(std::move(name.text));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::string> PosixDisk::read_link(const std::string& path) {
  const auto fd = TRY(open_beneath(root_, path, O_PATH));
  std::array<char, 4096> target{};
  const ssize_t size = ::readlinkat(fd.get(), "", target.data(), target.size());
  if (size < 0) return Error(Code::store_path_diverted, path, "a symbolic link", "something else");
  return std::string(target.data(), static_cast<std::size_t>(size));
}

Result<std::unique_ptr<StoredFile>> PosixDisk::open(const std::string& path) {
  auto fd = TRY(open_beneath(root_, path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  TRY(call(path, [&] { return ::fstat(fd.get(), &status); }));
  if (!S_ISREG(status.st_mode))
    return Error(Code::store_path_diverted, path, "a regular file", "something else");
  return std::unique_ptr<StoredFile>(std::make_unique<PosixFile>(fd.release(), status_of(status), path));
}

Result<DiskSpace> PosixDisk::space() {
  struct statvfs figures {};
  TRY(call("the node's root", [&] { return ::fstatvfs(root_, &figures); }));
  return DiskSpace{figures.f_bavail * figures.f_frsize, figures.f_favail};
}

Result<Descriptor> PosixDisk::lock_descriptor(const std::string& path) {
  auto fd = TRY(open_beneath(root_, path, O_RDWR | O_CREAT, 0600));
  while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      return Error(Code::node_busy, path, "a lock that nobody holds", "one that another command holds");
    if (errno != EINTR) return system_error(errno, path);
  }
  return fd;
}

Result<std::unique_ptr<DiskLock>> PosixDisk::lock(const std::string& path) {
  return std::unique_ptr<DiskLock>(std::make_unique<PosixLock>(TRY(lock_descriptor(path))));
}

}  // namespace sallyport
