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

#include "adapters/tree_source/ar.h"
#include "adapters/tree_source/tar_frames.h"
#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t block_size = 1U << 16U;
constexpr std::size_t control_size_max = 1U << 20U;

struct FreeArchive {
  void operator()(archive* opened) const { archive_read_free(opened); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;

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

// The file, its one member, the member unpacked, and the tar archive that comes out: each reads from the one before.
struct DebFile::State final : ByteSource {
  ~State() override {
    if (fd >= 0) ::close(fd);
  }
  std::uint64_t size() const override { return file_size; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    while (!into.empty()) {
      const auto got = ::pread(fd, into.data(), into.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0)
        return refused(path, "a file that can be read", got < 0 ? std::strerror(errno) : "its end");
      offset += static_cast<std::uint64_t>(got);
      into = into.subspan(static_cast<std::size_t>(got));
    }
    return {};
  }

  static la_ssize_t next_stored(archive* reader, void* of, const void** block);
  static la_ssize_t next_unpacked(archive* reader, void* of, const void** block);
  Result<BytesView> unpack();

  std::string path;
  int fd = -1;
  std::uint64_t file_size = 0;
  std::uint64_t at = 0;  // of the member, up to its end
  std::uint64_t end = 0;
  Bytes buffer;
  TarFrames frames;
  std::optional<Error> refusal;  // of the frames
  Archive unpacker{archive_read_new()};
  Archive inner{archive_read_new()};
  archive_entry* current = nullptr;
};

la_ssize_t DebFile::State::next_stored(archive* reader, void* of, const void** block) {
  auto& state = *static_cast<State*>(of);
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(block_size, state.end - state.at));
  state.buffer.resize(size);
  const auto done = state.read_at(state.at, state.buffer);
  if (!done.ok()) {
    archive_set_error(reader, EIO, "%s", done.error().found.c_str());
    return -1;
  }
  state.at += size;
  *block = state.buffer.data();
  return static_cast<la_ssize_t>(size);
}

// The next bytes of the tar archive, after they were followed; none at its end.
Result<BytesView> DebFile::State::unpack() {
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  const int status = archive_read_data_block(unpacker.get(), &block, &size, &offset);
  if (status == ARCHIVE_EOF) return BytesView();
  if (status != ARCHIVE_OK)
    return refused(path, "a whole archive", text_or_empty(archive_error_string(unpacker.get())));
  const BytesView bytes(static_cast<const std::uint8_t*>(block), size);
  auto followed = frames.feed(bytes);
  if (!followed.ok()) return refused(path, followed.error().expected, followed.error().found);
  return bytes;
}

la_ssize_t DebFile::State::next_unpacked(archive* reader, void* of, const void** block) {
  auto& state = *static_cast<State*>(of);
  auto bytes = state.unpack();
  if (!bytes.ok()) {
    state.refusal = bytes.take_error();
    archive_set_error(reader, EINVAL, "%s", state.refusal->found.c_str());
    return -1;
  }
  *block = bytes.value().data();
  return static_cast<la_ssize_t>(bytes.value().size());
}

DebFile::DebFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
DebFile::~DebFile() = default;

Error DebFile::failed(const std::string& what) const {
  if (state_->refusal) return *state_->refusal;
  return refused(state_->path, what, text_or_empty(archive_error_string(state_->inner.get())));
}

namespace {

// deb(5): debian-binary, control.tar.*, data.tar.*; members whose name begins with `_` are for others.
Result<ArMember> find_member(const ByteSource& file, const std::string& path, const std::string& wanted) {
  auto members = read_ar(file);
  if (!members.ok()) return refused(path, members.error().expected, members.error().found);
  std::erase_if(members.value(), [](const ArMember& member) { return member.name.starts_with("_"); });
  const auto& all = members.value();
  const bool usual = all.size() == 3 && all[0].name == "debian-binary" &&
                     all[1].name.starts_with("control.tar") && all[2].name.starts_with("data.tar");
  if (!usual) return refused(path, "debian-binary, control.tar and data.tar", "other members");
  return wanted == "control.tar" ? all[1] : all[2];
}

}  // namespace

Result<std::unique_ptr<DebFile>> DebFile::open(const std::string& path, const std::string& inner) {
  auto state = std::make_unique<State>();
  state->path = path;
  CHECK(state->unpacker != nullptr && state->inner != nullptr);
  // Asked before it is read: a pipe or a device would be waited for.
  state->fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat status_of {};
  if (state->fd < 0 || ::fstat(state->fd, &status_of) != 0 || !S_ISREG(status_of.st_mode))
    return Error(Code::file_missing, path, "a .deb file",
                 state->fd < 0 ? std::strerror(errno) : "no regular file");
  state->file_size = static_cast<std::uint64_t>(status_of.st_size);
  const auto member = TRY(find_member(*state, path, inner));
  state->at = member.offset;
  state->end = member.offset + member.size;
  auto* unpacker = state->unpacker.get();
  archive_read_support_format_raw(unpacker);
  archive_read_support_filter_xz(unpacker);
  archive_read_support_filter_zstd(unpacker);
  archive_read_support_filter_gzip(unpacker);
  archive_entry* only = nullptr;
  if (archive_read_open2(unpacker, state.get(), nullptr, &State::next_stored, nullptr, nullptr) !=
          ARCHIVE_OK ||
      archive_read_next_header(unpacker, &only) != ARCHIVE_OK)
    return refused(path, member.name + " in xz, zstd or gzip", text_or_empty(archive_error_string(unpacker)));
  auto* tar = state->inner.get();
  archive_read_support_format_tar(tar);
  if (archive_read_open2(tar, state.get(), nullptr, &State::next_unpacked, nullptr, nullptr) != ARCHIVE_OK)
    return state->refusal.value_or(refused(path, "a tar archive", text_or_empty(archive_error_string(tar))));
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
    if (status == ARCHIVE_EOF) {
      TRY(read_to_the_end());
      return std::optional<Entry>();
    }
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

// The library stops at the end marker; what lies behind it is looked at here.
Result<void> DebFile::read_to_the_end() {
  while (!TRY(state_->unpack()).empty()) continue;
  const auto whole = state_->frames.finish();
  if (whole.ok()) return {};
  return refused(state_->path, whole.error().expected, whole.error().found);
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
