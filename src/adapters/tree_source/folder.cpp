// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "core/base/text.h"
#include "core/format/capabilities.h"

namespace sallyport {
namespace {

constexpr std::size_t entries_max = 1000000;
constexpr std::size_t link_size_max = 4095;

Error failed(int number, const std::string& where) {
  const Code code = number == ENOENT                       ? Code::file_missing
                    : number == EACCES || number == EPERM  ? Code::permission_missing
                    : number == ELOOP || number == ENOTDIR ? Code::input_refused
                                                           : Code::io_failed;
  return {code, where, {}, std::generic_category().message(number)};
}

Error refused(const std::string& where, std::string expected, std::string found) {
  return {Code::input_refused, where, std::move(expected), std::move(found)};
}

Result<int> open_below(int root, const std::string& path, int flags) {
  struct open_how how {};
  how.flags = static_cast<unsigned>(flags | O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  const long fd = ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how);
  if (fd < 0) return failed(errno, path);
  return static_cast<int>(fd);
}

class OpenFile final : public SourceFile {
 public:
  OpenFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() override { ::close(fd_); }

  Result<void> read(std::span<std::uint8_t> into) override {
    while (!into.empty()) {
      const ssize_t got = ::read(fd_, into.data(), into.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed(errno, path_);
      if (got == 0) return refused(path_, "a file that nobody changes", "one that shrank");
      into = into.subspan(static_cast<std::size_t>(got));
    }
    return {};
  }

 private:
  int fd_;
  std::string path_;
};

class Walk {
 public:
  explicit Walk(int root) : root_(root) {}

  Result<void> all() {
    std::vector<std::string> pending = {""};
    while (!pending.empty()) {
      const std::string path = std::move(pending.back());
      pending.pop_back();
      const std::size_t before = entries.size();
      TRY(folder(path));
      for (std::size_t i = before; i < entries.size(); ++i) {
        if (entries[i].type == EntryType::directory) pending.push_back(entries[i].path.text());
      }
    }
    return {};
  }

  std::vector<SourceEntry> entries;
  std::int64_t newest_seconds = 0;

 private:
  Result<void> folder(const std::string& path) {
    const int fd = TRY(open_below(root_, path.empty() ? "." : path, O_DIRECTORY));
    DIR* stream = ::fdopendir(fd);
    if (stream == nullptr) {
      ::close(fd);
      return Error(Code::io_failed, path);
    }
    const std::unique_ptr<DIR, int (*)(DIR*)> owner(stream, &::closedir);
    while (true) {
      errno = 0;
      const struct dirent* found = ::readdir(stream);
      if (found == nullptr && errno != 0) return failed(errno, path);
      if (found == nullptr) break;
      const std::string name = found->d_name;
      if (name == "." || name == "..") continue;
      TRY(entry(fd, name, path.empty() ? name : path + "/" + name));
    }
    return {};
  }

  Result<void> entry(int folder, const std::string& name, const std::string& text) {
    if (entries.size() == entries_max) return refused(text, "at most a million entries", "more");
    auto path = RelativePath::parse(text);
    if (!path.ok()) return refused(printable(text), "a plain relative path", "another name");
    struct stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return failed(errno, text);
    SourceEntry made{std::move(path).value(), EntryType::file, status.st_mode & 07777U, 0, 0, 0, {}, {}, {}};
    if (S_ISDIR(status.st_mode)) {
      made.type = EntryType::directory;
    } else if (S_ISLNK(status.st_mode)) {
      made.type = EntryType::link;
      made.mode = 0777;
      made.link_target = TRY(target_of(folder, name, text));
    } else if (S_ISREG(status.st_mode)) {
      made.size = static_cast<std::uint64_t>(status.st_size);
      made.capabilities = TRY(capabilities_of(folder, name, text));
    } else {
      return refused(text, "a file, directory or link", "a device, FIFO or socket");
    }
    if (made.type != EntryType::directory)
      newest_seconds = std::max<std::int64_t>(newest_seconds, status.st_mtim.tv_sec);
    entries.push_back(std::move(made));
    return {};
  }

  static Result<std::string> target_of(int folder, const std::string& name, const std::string& text) {
    std::string target(link_size_max + 1, '\0');
    const ssize_t size = ::readlinkat(folder, name.c_str(), target.data(), target.size());
    if (size < 0) return failed(errno, text);
    target.resize(static_cast<std::size_t>(size));
    if (target.empty() || target.size() > link_size_max || !is_plain_text(target))
      return refused(text, "a plain link target", printable(target.substr(0, 80)));
    return target;
  }

  static Result<std::vector<std::string>> capabilities_of(int folder, const std::string& name,
                                                          const std::string& text) {
    // There is no fgetxattr for a name in a folder; this way nothing but the file's own name is looked up.
    const std::string path = "/proc/self/fd/" + std::to_string(folder) + "/" + name;
    std::array<std::uint8_t, 64> attribute{};
    const ssize_t size = ::lgetxattr(path.c_str(), "security.capability", attribute.data(), attribute.size());
    if (size < 0 && (errno == ENODATA || errno == EOPNOTSUPP)) return std::vector<std::string>();
    if (size < 0) return failed(errno, text);
    return decode_capabilities(BytesView(attribute).first(static_cast<std::size_t>(size)),
                               Code::input_refused)
        .within(text);
  }

  int root_;
};

}  // namespace

Result<std::unique_ptr<FolderTreeSource>> FolderTreeSource::at(const std::string& folder) {
  const int root = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) return failed(errno, folder);
  return std::unique_ptr<FolderTreeSource>(new FolderTreeSource(root, folder));
}

FolderTreeSource::~FolderTreeSource() {
  ::close(root_);
}

Result<SourceListing> FolderTreeSource::list() {
  Walk walk(root_);
  TRY(walk.all());
  entries_ = std::move(walk.entries);
  std::sort(entries_.begin(), entries_.end(),
            [](const SourceEntry& a, const SourceEntry& b) { return a.path < b.path; });
  auto newest = TRY(Instant::from_seconds(std::max<std::int64_t>(walk.newest_seconds, 0)));
  return SourceListing{entries_, {}, {}, {}, newest};
}

Result<std::unique_ptr<SourceFile>> FolderTreeSource::open(std::size_t index) {
  CHECK(index < entries_.size());
  const auto& listed = entries_[index];
  const int fd = TRY(open_below(root_, listed.path.text(), 0));
  auto file = std::make_unique<OpenFile>(fd, listed.path.text());
  struct stat status {};
  if (::fstat(fd, &status) != 0) return failed(errno, listed.path.text());
  if (!S_ISREG(status.st_mode) || static_cast<std::uint64_t>(status.st_size) != listed.size)
    return refused(listed.path.text(), "a file that nobody changes", "another one than was listed");
  return std::unique_ptr<SourceFile>(std::move(file));
}

}  // namespace sallyport
