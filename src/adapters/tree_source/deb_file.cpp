// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/deb_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t block_size = 1U << 16U;
constexpr std::size_t control_size_max = 1U << 20U;

struct FreeArchive {
  void operator()(archive* opened) const { archive_read_free(opened); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;

// The inner archive reads its bytes out of the member of the outer one.
la_ssize_t read_outer(archive* inner, void* outer, const void** block) {
  std::size_t size = 0;
  la_int64_t offset = 0;
  const int status = archive_read_data_block(static_cast<archive*>(outer), block, &size, &offset);
  if (status == ARCHIVE_EOF) return 0;
  if (status == ARCHIVE_OK) return static_cast<la_ssize_t>(size);
  archive_set_error(inner, EINVAL, "%s", archive_error_string(static_cast<archive*>(outer)));
  return -1;
}

Error refused(const std::string& where, std::string expected, std::string_view found) {
  return {Code::input_refused, where, std::move(expected), printable(found.substr(0, 200))};
}

std::string_view text_or_empty(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

std::string_view without_dot(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path == "." ? std::string_view() : path;
}

}  // namespace

struct DebFile::State {
  ~State() {
    if (fd >= 0) ::close(fd);
  }
  std::string path;
  int fd = -1;
  Archive outer{archive_read_new()};
  Archive inner{archive_read_new()};
  archive_entry* current = nullptr;
};

DebFile::DebFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
DebFile::~DebFile() = default;

Error DebFile::failed(const std::string& what) const {
  return refused(state_->path, what, text_or_empty(archive_error_string(state_->inner.get())));
}

Result<std::unique_ptr<DebFile>> DebFile::open(const std::string& path, const std::string& inner) {
  auto state = std::make_unique<State>();
  state->path = path;
  auto* outer = state->outer.get();
  CHECK(outer != nullptr && state->inner != nullptr);
  archive_read_support_format_ar(outer);
  // Asked before it is read: a pipe or a device would be waited for.
  state->fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat status_of {};
  if (state->fd < 0 || ::fstat(state->fd, &status_of) != 0 || !S_ISREG(status_of.st_mode))
    return Error(Code::file_missing, path, "a .deb file",
                 state->fd < 0 ? std::strerror(errno) : "no regular file");
  if (archive_read_open_fd(outer, state->fd, block_size) != ARCHIVE_OK)
    return refused(path, "a .deb file", text_or_empty(archive_error_string(outer)));
  archive_entry* member = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(outer, &member)) == ARCHIVE_OK) {
    if (text_or_empty(archive_entry_pathname(member)).starts_with(inner)) break;
  }
  if (status != ARCHIVE_OK) return refused(path, "a .deb file with " + inner, "none");
  auto* tar = state->inner.get();
  archive_read_support_format_tar(tar);
  archive_read_support_filter_xz(tar);
  archive_read_support_filter_zstd(tar);
  archive_read_support_filter_gzip(tar);
  if (archive_read_open2(tar, outer, nullptr, &read_outer, nullptr, nullptr) != ARCHIVE_OK)
    return refused(path, inner + " in xz, zstd or gzip", text_or_empty(archive_error_string(tar)));
  return std::unique_ptr<DebFile>(new DebFile(std::move(state)));
}

namespace {

Result<SourceEntry> entry_of(archive_entry* found, std::string_view text, const std::string& where) {
  auto path = RelativePath::parse(text);
  if (!path.ok()) return refused(where, "plain relative paths", text);
  const auto uid = archive_entry_uid(found);
  const auto gid = archive_entry_gid(found);
  if (uid < 0 || uid >= UINT32_MAX || gid < 0 || gid >= UINT32_MAX)
    return refused(where, "an owner for " + path.value().text(), std::to_string(uid));
  SourceEntry entry{std::move(path).value(),
                    EntryType::file,
                    static_cast<std::uint32_t>(archive_entry_perm(found)),
                    static_cast<std::uint32_t>(uid),
                    static_cast<std::uint32_t>(gid),
                    0,
                    {},
                    {},
                    {}};
  const auto type = archive_entry_filetype(found);
  if (type == AE_IFDIR) {
    entry.type = EntryType::directory;
  } else if (type == AE_IFLNK) {
    entry.type = EntryType::link;
    entry.mode = 0777;
    entry.link_target = text_or_empty(archive_entry_symlink(found));
  } else if (type == AE_IFREG || archive_entry_hardlink(found) != nullptr) {
    const auto size = archive_entry_size(found);
    if (size < 0) return refused(where, "a size for " + entry.path.text(), std::to_string(size));
    entry.size = static_cast<std::uint64_t>(size);
  } else {
    return refused(where, "files, directories and links alone", text);
  }
  if (archive_entry_xattr_count(found) != 0)
    return refused(where, "no extended attributes", entry.path.text());
  return entry;
}

}  // namespace

Result<std::optional<DebFile::Entry>> DebFile::next() {
  while (true) {
    const int status = archive_read_next_header(state_->inner.get(), &state_->current);
    if (status == ARCHIVE_EOF) return std::optional<Entry>();
    // A warning means that libarchive left something out.
    if (status != ARCHIVE_OK) return failed("a readable archive");
    const auto text = without_dot(text_or_empty(archive_entry_pathname(state_->current)));
    if (text.empty()) continue;
    Entry found{TRY(entry_of(state_->current, text, state_->path)), {}, archive_entry_mtime(state_->current)};
    found.hard_link = without_dot(text_or_empty(archive_entry_hardlink(state_->current)));
    ++count_;
    return std::optional<Entry>(std::move(found));
  }
}

Result<void> DebFile::read(std::span<std::uint8_t> into) {
  while (!into.empty()) {
    const auto got = archive_read_data(state_->inner.get(), into.data(), into.size());
    if (got <= 0) return failed("files as long as announced");
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

namespace {

std::string field_of(std::string_view control, const std::string& name) {
  const std::string key = name + ": ";
  while (!control.empty()) {
    const auto line = control.substr(0, control.find('\n'));
    if (line.starts_with(key)) return std::string(line.substr(key.size()));
    control.remove_prefix(std::min(line.size() + 1, control.size()));
  }
  return {};
}

}  // namespace

Result<DebControl> read_deb_control(const std::string& path) {
  const auto archive = TRY(DebFile::open(path, "control.tar"));
  while (true) {
    const auto found = TRY(archive->next());
    if (!found) return refused(path, "a control file", "none");
    if (found->entry.path.text() != "control") continue;
    if (found->entry.size > control_size_max) return refused(path, "a control file of at most 1 MiB", "more");
    Bytes bytes(found->entry.size);
    TRY(archive->read(bytes));
    const auto text = as_text(bytes);
    DebControl control{field_of(text, "Package"), field_of(text, "Version"), field_of(text, "Architecture")};
    for (const auto& value : {control.package, control.version, control.architecture}) {
      if (value.empty() || value.size() > 200 || !is_plain_text(value))
        return refused(path, "Package, Version and Architecture in its control file", value);
    }
    return control;
  }
}

}  // namespace sallyport
