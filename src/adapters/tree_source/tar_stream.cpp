// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/tar_stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "adapters/tree_source/archive_reader.h"
#include "core/base/checked.h"
#include "core/base/text.h"
#include "core/format/compressed.h"
#include "core/format/gzip_reader.h"

namespace sallyport {
namespace {

std::string_view text_or_empty(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

std::string_view without_dot(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path == "." ? std::string_view() : path;
}

// A file that is opened by its name, and read by the one descriptor.
class OpenedFile final : public ByteSource {
 public:
  OpenedFile(std::string name, int fd, std::uint64_t size) : name_(std::move(name)), fd_(fd), size_(size) {}
  OpenedFile(const OpenedFile&) = delete;
  OpenedFile& operator=(const OpenedFile&) = delete;
  ~OpenedFile() override { ::close(fd_); }
  std::uint64_t size() const override { return size_; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    while (!into.empty()) {
      const auto got = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0)
        return Error(Code::input_refused, name_, "a file that can be read",
                     got < 0 ? std::strerror(errno) : "its end");
      offset += static_cast<std::uint64_t>(got);
      into = into.subspan(static_cast<std::size_t>(got));
    }
    return {};
  }

 private:
  std::string name_;
  int fd_;
  std::uint64_t size_;
};

}  // namespace

Result<std::shared_ptr<const ByteSource>> open_source(const SourceFileName& file) {
  if (file.bytes) return file.bytes;
  const int fd = ::open(file.name.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat status_of {};
  if (fd < 0) return Error(Code::file_missing, file.name, "a file", std::strerror(errno));
  if (::fstat(fd, &status_of) != 0 || !S_ISREG(status_of.st_mode)) {
    ::close(fd);
    return Error(Code::file_missing, file.name, "a file", "no regular file");
  }
  return std::shared_ptr<const ByteSource>(
      new OpenedFile(file.name, fd, static_cast<std::uint64_t>(status_of.st_size)));
}

// The range, what it unpacks to, and the tar archive that comes out: each reads from the one before.
struct TarStream::State {
  static la_ssize_t next_stored(archive* reader, void* of, const void** block);
  static la_ssize_t next_unpacked(archive* reader, void* of, const void** block);
  Result<void> begin_unpacking();
  Result<BytesView> stored();
  Result<BytesView> gunzipped();
  Result<BytesView> decoded();
  Result<void> come_out(std::uint64_t size);
  Result<BytesView> unpack();
  Error refused(std::string expected, std::string_view found) const {
    return {range.refusal, range.where, std::move(expected), printable(found.substr(0, 200))};
  }
  // By the reader of a format: as one of this file.
  Error refused(const Error& error) const {
    return error.code == Code::archive_malformed ? refused(error.expected, error.found) : error;
  }

  Range range{};
  StreamKind compression = StreamKind::plain;
  std::uint64_t at = 0;  // of the range, up to its end
  std::uint64_t end = 0;
  std::uint64_t unpacked = 0;
  std::uint64_t unpacked_max = 0;
  Bytes buffer;
  Bytes room;
  TarFrames frames;
  Hasher hasher{Sha2::sha256};
  std::optional<Error> refusal;  // of the frames, or of reading
  GzipReader gzip;
  ArchiveReader decoder{archive_read_new()};  // of xz and zstd
  ArchiveReader inner{archive_read_new()};
  archive_entry* current = nullptr;
};

// The next bytes of the range; none at its end.
Result<BytesView> TarStream::State::stored() {
  buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(archive_block_size, end - at)));
  TRY(range.file->read_at(at, buffer));
  at += buffer.size();
  return BytesView(buffer);
}

la_ssize_t TarStream::State::next_stored(archive* reader, void* of, const void** block) {
  auto& state = *static_cast<State*>(of);
  auto bytes = state.stored();
  if (!bytes.ok()) {
    state.refusal = bytes.take_error();
    archive_set_error(reader, EIO, "%s", state.refusal->found.c_str());
    return -1;
  }
  *block = bytes.value().data();
  return static_cast<la_ssize_t>(bytes.value().size());
}

// The library passes over what stands behind a gzip stream, and over its check sum.
Result<BytesView> TarStream::State::gunzipped() {
  room.resize(archive_block_size);
  while (!gzip.ended()) {
    if (gzip.left() == 0) {
      const auto bytes = TRY(stored());
      if (bytes.empty()) return refused("a whole gzip stream", "one that was cut");
      gzip.give(bytes);
    }
    const auto size = gzip.take(room);
    if (!size.ok()) return refused(size.error());
    if (size.value() != 0) return BytesView(room).first(size.value());
  }
  if (gzip.left() != 0 || at != end) return refused("one gzip stream", "bytes behind its end");
  return BytesView();
}

Result<BytesView> TarStream::State::decoded() {
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  const int status = archive_read_data_block(decoder.get(), &block, &size, &offset);
  // The library takes a read that fails for an end, wherever it looks for what may follow.
  if (refusal) return *refusal;
  if (status == ARCHIVE_EOF) return BytesView();
  if (status != ARCHIVE_OK)
    return refused("a whole archive", text_or_empty(archive_error_string(decoder.get())));
  return BytesView(static_cast<const std::uint8_t*>(block), size);
}

Result<void> TarStream::State::come_out(std::uint64_t size) {
  unpacked = checked_add(unpacked, size).value_or(UINT64_MAX);
  if (unpacked <= unpacked_max) return {};
  return refused("at most " + std::to_string(unpacked_max) + " bytes unpacked", "more");
}

// The next bytes of the tar archive, after they were followed; none at its end.
Result<BytesView> TarStream::State::unpack() {
  const auto bytes = TRY(compression == StreamKind::plain  ? stored()
                         : compression == StreamKind::gzip ? gunzipped()
                                                           : decoded());
  TRY(come_out(bytes.size()));
  auto followed = frames.feed(bytes);
  if (!followed.ok()) return refused(followed.error().expected, followed.error().found);
  if (range.unpacked) hasher.update(bytes);
  return bytes;
}

la_ssize_t TarStream::State::next_unpacked(archive* reader, void* of, const void** block) {
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

TarStream::TarStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
TarStream::~TarStream() = default;

Error TarStream::failed(const std::string& what) const {
  if (state_->refusal) return *state_->refusal;
  return state_->refused(what, text_or_empty(archive_error_string(state_->inner.get())));
}

// One stream of one compression, and nothing else in its place; what is not compressed is the archive itself.
Result<void> TarStream::State::begin_unpacking() {
  const auto size = std::min<std::uint64_t>(range.size, 6);
  compression = stream_kind_of(TRY(range.file->read(range.offset, size, size)));
  if (compression == StreamKind::plain || compression == StreamKind::gzip) return {};
  const auto framed = compression == StreamKind::xz ? check_xz_frame(*range.file, range.offset, range.size)
                                                    : check_zstd_frame(*range.file, range.offset, range.size);
  if (!framed.ok()) return refused(framed.error());
  auto* reader = decoder.get();
  archive_read_support_format_raw(reader);
  if (compression == StreamKind::xz)
    archive_read_support_filter_xz(reader);
  else
    archive_read_support_filter_zstd(reader);
  archive_entry* only = nullptr;
  if (archive_read_open2(reader, this, nullptr, &State::next_stored, nullptr, nullptr) != ARCHIVE_OK ||
      archive_read_next_header(reader, &only) != ARCHIVE_OK)
    return refusal.value_or(
        refused("a tar archive in xz, zstd or gzip, or plain", text_or_empty(archive_error_string(reader))));
  // The file itself is counted with them.
  if (archive_filter_count(reader) != 2) return refused("a tar archive in one compression", "in several");
  return {};
}

Result<std::unique_ptr<TarStream>> TarStream::open(Range range) {
  auto state = std::make_unique<State>();
  state->at = range.offset;
  state->end = range.offset + range.size;
  state->unpacked_max = unpacked_size_max(range.size);
  state->frames = TarFrames(range.pax);
  state->range = std::move(range);
  CHECK(state->decoder != nullptr && state->inner != nullptr);
  TRY(state->begin_unpacking());
  auto* tar = state->inner.get();
  archive_read_support_format_tar(tar);
  if (archive_read_open2(tar, state.get(), nullptr, &State::next_unpacked, nullptr, nullptr) != ARCHIVE_OK)
    return state->refusal.value_or(state->refused("a tar archive", text_or_empty(archive_error_string(tar))));
  return std::unique_ptr<TarStream>(new TarStream(std::move(state)));
}

namespace {

template <class State>
Result<SourceEntry> entry_of(archive_entry* found, std::string_view text, const State& state) {
  auto path = RelativePath::parse(text);
  if (!path.ok()) return state.refused("plain relative paths", text);
  const auto uid = archive_entry_uid(found);
  const auto gid = archive_entry_gid(found);
  if (uid < 0 || uid >= UINT32_MAX || gid < 0 || gid >= UINT32_MAX)
    return state.refused("an owner for " + path.value().text(), std::to_string(uid));
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
    if (size < 0) return state.refused("a size for " + entry.path.text(), std::to_string(size));
    entry.size = static_cast<std::uint64_t>(size);
  } else {
    return state.refused("files, directories and links alone", text);
  }
  if (archive_entry_xattr_count(found) != 0)
    return state.refused("no extended attributes", entry.path.text());
  return entry;
}

}  // namespace

Result<std::optional<TarStream::Entry>> TarStream::next() {
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
    Entry found{TRY(entry_of(state_->current, text, *state_)), {}, archive_entry_mtime(state_->current)};
    found.hard_link = without_dot(text_or_empty(archive_entry_hardlink(state_->current)));
    ++count_;
    return std::optional<Entry>(std::move(found));
  }
}

Result<void> TarStream::count_link(std::uint64_t size) {
  return state_->come_out(size);
}

// The library stops at the end marker; what lies behind it is looked at here.
Result<void> TarStream::read_to_the_end() {
  while (!TRY(state_->unpack()).empty()) continue;
  const auto whole = state_->frames.finish();
  if (!whole.ok()) return state_->refused(whole.error().expected, whole.error().found);
  if (!state_->range.unpacked) return {};
  const auto digest = state_->hasher.finish_sha256();
  if (digest == *state_->range.unpacked) return {};
  return state_->refused("content of sha256 " + state_->range.unpacked->text(), digest.text());
}

Result<void> TarStream::read(std::span<std::uint8_t> into) {
  while (!into.empty()) {
    const auto got = archive_read_data(state_->inner.get(), into.data(), into.size());
    if (got <= 0) return failed("files as long as announced");
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

}  // namespace sallyport
