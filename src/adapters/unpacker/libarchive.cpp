// SPDX-License-Identifier: Apache-2.0
#include "adapters/unpacker/libarchive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>

#include "adapters/unpacker/numbers.h"
#include "adapters/unpacker/zip_gaps.h"
#include "adapters/unpacker/zip_inside.h"
#include "core/base/checked.h"
#include "core/format/lzma_alone.h"

namespace sallyport {
namespace {

constexpr std::size_t part_size = 128U << 10U;

// What libarchive reads from: a place in the content. It keeps what a read failed with.
struct Input {
  const ByteSource* content;
  std::uint64_t offset = 0;
  std::array<std::uint8_t, part_size> part{};
  std::optional<Error> error;
};

la_ssize_t read_part(archive* handle, void* data, const void** bytes) {
  auto& input = *static_cast<Input*>(data);
  const auto size = std::min<std::uint64_t>(input.part.size(), input.content->size() - input.offset);
  const auto done = input.content->read_at(input.offset, std::span(input.part).first(size));
  if (!done.ok()) {
    input.error = done.error();
    archive_set_error(handle, EIO, "the content cannot be read");
    return -1;
  }
  input.offset += size;
  *bytes = input.part.data();
  return static_cast<la_ssize_t>(size);
}

la_int64_t skip_part(archive* /*handle*/, void* data, la_int64_t request) {
  auto& input = *static_cast<Input*>(data);
  const auto left = input.content->size() - input.offset;
  const auto step = std::min<std::uint64_t>(left, request < 0 ? 0 : static_cast<std::uint64_t>(request));
  input.offset += step;
  return static_cast<la_int64_t>(step);
}

la_int64_t seek_part(archive* /*handle*/, void* data, la_int64_t offset, int whence) {
  auto& input = *static_cast<Input*>(data);
  const auto size = static_cast<la_int64_t>(input.content->size());
  const la_int64_t base = whence == SEEK_SET   ? 0
                          : whence == SEEK_CUR ? static_cast<la_int64_t>(input.offset)
                                               : size;
  if (offset < -base || offset > size - base) return ARCHIVE_FATAL;
  input.offset = static_cast<std::uint64_t>(base + offset);
  return base + offset;
}

using Archive = std::unique_ptr<archive, int (*)(archive*)>;

// Compressions first: what comes out of them is one content, whatever it begins with. So nothing that stands behind an
// archive within a compression is left out.
enum class Reading : std::uint8_t { compression, archive, zip };

// The library goes by less, and takes a few numbers of a file of another kind for a header.
bool is_lzma(const ByteSource& content) {
  std::array<std::uint8_t, lzma_alone_head_size> head{};
  return content.size() >= head.size() && content.read_at(0, head).ok() && is_lzma_alone(head);
}

Archive reader(Reading reading, const ByteSource& content) {
  Archive handle(archive_read_new(), archive_read_free);
  CHECK(handle != nullptr);
  using Support = int (*)(archive*);
  constexpr Support compressions[] = {
      archive_read_support_filter_gzip,     archive_read_support_filter_bzip2,
      archive_read_support_filter_xz,       archive_read_support_filter_zstd,
      archive_read_support_filter_lz4,      archive_read_support_filter_lzip,
      archive_read_support_filter_compress, archive_read_support_filter_rpm,
      archive_read_support_format_raw,      archive_read_support_format_empty};
  constexpr Support archives[] = {archive_read_support_format_zip,     archive_read_support_format_tar,
                                  archive_read_support_format_7zip,    archive_read_support_format_cpio,
                                  archive_read_support_format_ar,      archive_read_support_format_cab,
                                  archive_read_support_format_iso9660, archive_read_support_format_rar,
                                  archive_read_support_format_rar5,    archive_read_support_format_xar,
                                  archive_read_support_format_raw,     archive_read_support_format_empty};
  // A warning says that a program from outside would be needed (none is ever run: the worker cannot).
  if (reading == Reading::zip) archive_read_support_format_zip_seekable(handle.get());
  if (reading == Reading::compression) {
    for (const auto support : compressions) support(handle.get());
    if (is_lzma(content)) archive_read_support_filter_lzma(handle.get());
  } else if (reading == Reading::archive) {
    for (const auto support : archives) support(handle.get());
  }
  return handle;
}

std::string words_of(archive* handle) {
  const char* const words = archive_error_string(handle);
  return words == nullptr ? "no reason given" : words;
}

// In what it says of names that its locale has no letters for, it has left nothing out; any other warning says that.
bool is_about_letters(const std::string& words) {
  return words.find("an't be converted") != std::string::npos ||
         words.find("annot be converted") != std::string::npos;
}

bool has_key_missing(const std::string& words) {
  for (const auto* word : {"ncrypt", "assphrase", "assword"}) {
    if (words.find(word) != std::string::npos) return true;
  }
  return false;
}

// Formats whose header says how long they are.
struct SaysItsEnd {
  std::string_view mark;
  std::uint64_t at;  // of the header, of this many bytes
  std::size_t size;
  std::optional<std::uint64_t> (*end)(BytesView header);
};
constexpr SaysItsEnd says_7z{"7z\xbc\xaf\x27\x1c", 0, 32, [](BytesView header) {
                               const auto list = checked_add(number(header, 12, 8), number(header, 20, 8));
                               return list ? checked_add(*list, 32) : list;
                             }};
constexpr SaysItsEnd says_cab{std::string_view("MSCF\0\0\0\0", 8), 0, 36,
                              [](BytesView header) { return std::optional(number(header, 8, 4)); }};
// ECMA-119, 8.4.8 and 8.4.12: blocks of the volume, and the size of one.
constexpr SaysItsEnd says_iso{std::string_view("\1CD001", 6), 32768, 2048, [](BytesView header) {
                                return checked_mul(number(header, 80, 4), number(header, 128, 2));
                              }};

class Opening {
 public:
  Opening(const ByteSource& content, MemberSink& sink, Reading reading, const char* options = nullptr)
      : sink_(&sink), handle_(reader(reading, content)) {
    input_.content = &content;
    if (options != nullptr) CHECK(archive_read_set_options(handle_.get(), options) == ARCHIVE_OK);
  }

  // Where it ends in the content, once it is whole; nothing where its form does not say.
  Result<std::optional<std::uint64_t>> end() const {
    if (kind() == ARCHIVE_FORMAT_7ZIP) return end_of(says_7z);
    if (kind() == ARCHIVE_FORMAT_CAB) return end_of(says_cab);
    if (kind() == ARCHIVE_FORMAT_ISO9660) return end_of(says_iso);
    const auto read = archive_filter_bytes(handle_.get(), -1);
    const bool from_the_front =
        kind() == ARCHIVE_FORMAT_RAW || kind() == ARCHIVE_FORMAT_TAR || kind() == ARCHIVE_FORMAT_CPIO;
    if (!from_the_front || read <= 0) return std::optional<std::uint64_t>();
    return std::optional(static_cast<std::uint64_t>(read));
  }
  std::uint64_t entries() const { return entries_; }
  bool is_iso() const { return kind() == ARCHIVE_FORMAT_ISO9660; }
  bool is_zip() const { return kind() == ARCHIVE_FORMAT_ZIP; }

  // Of compressions in compressions the outermost alone.
  void only(int filter) {
    handle_ = Archive(archive_read_new(), archive_read_free);
    archive_read_append_filter(handle_.get(), filter);
    archive_read_support_format_raw(handle_.get());
    archive_read_support_format_empty(handle_.get());
    input_.offset = 0;
    input_.error.reset();
  }

  // Finds out what it is. How many compressions there are is known even where one of them cannot be read.
  void begin() {
    archive_read_set_seek_callback(handle_.get(), seek_part);
    is_open_ =
        archive_read_open2(handle_.get(), &input_, nullptr, read_part, skip_part, nullptr) == ARCHIVE_OK;
  }
  int compressions() const { return archive_filter_count(handle_.get()) - 1; }
  int outermost() const { return archive_filter_code(handle_.get(), compressions() - 1); }

  Result<OpenedArchive> run() {
    if (!is_open_) return stopped("");
    while (true) {
      archive_entry* entry = nullptr;
      const int came = archive_read_next_header(handle_.get(), &entry);
      // It takes a read that fails for the end of what it looks at, and goes on without a word.
      if (input_.error) return *input_.error;
      if (is_bare()) return OpenedArchive{Opened::no_archive, {}};
      if (came == ARCHIVE_EOF) return OpenedArchive{Opened::whole, format()};
      if (came < ARCHIVE_WARN || (came == ARCHIVE_WARN && !is_about_letters(words_of(handle_.get()))))
        return stopped("");
      ++entries_;
      if (archive_entry_is_encrypted(entry) != 0)
        return OpenedArchive{Opened::encrypted, about(name_of(entry))};
      if (!has_bytes(entry)) continue;
      const auto end = TRY(hand_over(entry));
      if (end) return *end;
    }
  }

 private:
  // Raw bytes behind no filter, or no bytes at all.
  bool is_bare() const {
    const int kind = archive_format(handle_.get());
    if (kind == ARCHIVE_FORMAT_EMPTY) return true;
    return kind == ARCHIVE_FORMAT_RAW && archive_filter_count(handle_.get()) <= 1;
  }

  // What says that it has content has it for whoever does not know folders and devices. Folders of ISO 9660 have a
  // size, which is that of their lists.
  bool has_bytes(archive_entry* entry) const {
    const auto type = archive_entry_filetype(entry);
    if (type == AE_IFREG || type == 0) return true;
    const bool sized = archive_entry_size_is_set(entry) != 0 && archive_entry_size(entry) > 0;
    return sized && type != AE_IFLNK && kind() != ARCHIVE_FORMAT_ISO9660;
  }
  int kind() const { return archive_format(handle_.get()) & ARCHIVE_FORMAT_BASE_MASK; }

  static std::string name_of(archive_entry* entry) {
    const char* const name = archive_entry_pathname(entry);
    return name == nullptr ? "(no name)" : name;
  }

  std::string format() const {
    const char* const name = archive_format_name(handle_.get());
    return name == nullptr ? "archive" : name;
  }
  std::string about(const std::string& name) const {
    return name.empty() ? format() : format() + ", " + name;
  }

  Result<OpenedArchive> stopped(const std::string& name) {
    if (input_.error) return *input_.error;
    const auto words = words_of(handle_.get());
    const bool locked = has_key_missing(words) || archive_read_has_encrypted_entries(handle_.get()) > 0;
    return OpenedArchive{locked ? Opened::encrypted : Opened::unreadable, about(name) + ": " + words};
  }

  // Nothing when the member came to its end.
  Result<std::optional<OpenedArchive>> hand_over(archive_entry* entry) {
    const auto name = name_of(entry);
    const bool sized = archive_entry_size_is_set(entry) != 0 && archive_entry_hardlink(entry) == nullptr;
    auto left = sized ? archive_entry_size(entry) : 0;
    TRY(sink_->begin(name));
    while (true) {
      const auto size = archive_read_data(handle_.get(), part_.data(), part_.size());
      if (size < 0) return std::optional<OpenedArchive>(TRY(stopped(name)));
      if (size == 0) break;
      left -= sized ? size : 0;
      TRY(sink_->feed(BytesView(part_).first(static_cast<std::size_t>(size))));
    }
    if (left != 0)
      return std::optional(OpenedArchive{Opened::unreadable, about(name) + ": not of the size that it says"});
    TRY(sink_->end());
    return std::optional<OpenedArchive>();
  }

  // By its own header, where that stands at the beginning of the content.
  Result<std::optional<std::uint64_t>> end_of(const SaysItsEnd& form) const {
    const auto& content = *input_.content;
    if (content.size() < form.at + form.size) return std::optional<std::uint64_t>();
    const auto header = TRY(content.read(form.at, form.size, form.size));
    if (!as_text(header).starts_with(form.mark)) return std::optional<std::uint64_t>();
    return form.end(header);
  }

  MemberSink* sink_;
  bool is_open_ = false;
  std::uint64_t entries_ = 0;
  Input input_;
  Archive handle_;
  std::array<std::uint8_t, part_size> part_{};
};

// Where the bytes from here on are not all zeros, up to the end; the end where they are.
Result<std::uint64_t> skip_zeros(const ByteSource& content, std::uint64_t at) {
  while (at < content.size()) {
    const auto part =
        TRY(content.read(at, std::min<std::uint64_t>(part_size, content.size() - at), part_size));
    const auto found = std::find_if(part.begin(), part.end(), [](std::uint8_t byte) { return byte != 0; });
    at += static_cast<std::uint64_t>(found - part.begin());
    if (found != part.end()) return at;
  }
  return at;
}

// Bytes of the content that are in no member, as one more: whoever begins to read there finds what they are.
Result<void> hand_over_rest(const ByteSource& content, std::uint64_t at, std::uint64_t end,
                            MemberSink& sink) {
  at = TRY(skip_zeros(content, at));
  if (at >= end) return {};
  TRY(sink.begin("bytes from " + std::to_string(at) + " on that no member has"));
  while (at < end) {
    const auto part = TRY(content.read(at, std::min<std::uint64_t>(part_size, end - at), part_size));
    TRY(sink.feed(part));
    at += part.size();
  }
  return sink.end();
}

Result<OpenedArchive> with_gaps(OpenedArchive opened, std::uint64_t entries, const ByteSource& content,
                                MemberSink& sink) {
  const auto found = TRY(find_zip_gaps(content));
  if (!found)
    return OpenedArchive{Opened::unreadable, opened.detail + ", without a directory that can be believed"};
  if (found->entries != entries)
    return OpenedArchive{Opened::unreadable, opened.detail + ", with " + std::to_string(found->entries) +
                                                 " entries of which " + std::to_string(entries) +
                                                 " are read"};
  for (const auto& gap : found->gaps) TRY(hand_over_rest(content, gap.offset, gap.offset + gap.size, sink));
  return opened;
}

// What the library leaves without a word when an archive is whole.
Result<OpenedArchive> with_rest(OpenedArchive opened, const Opening& opening, const ByteSource& content,
                                MemberSink& sink) {
  if (opened.how != Opened::whole) return opened;
  if (opening.is_zip()) return with_gaps(std::move(opened), opening.entries(), content, sink);
  const auto end = TRY(opening.end());
  if (end && *end < content.size()) TRY(hand_over_rest(content, *end, content.size(), sink));
  return opened;
}

// An image has a list of its files for each kind of reader: the library goes by the one that says most.
Result<OpenedArchive> with_other_lists(OpenedArchive opened, const ByteSource& content, MemberSink& sink) {
  for (const auto* const options : {"iso9660:!rockridge", "iso9660:!rockridge,iso9660:!joliet"}) {
    const auto opening = std::make_unique<Opening>(content, sink, Reading::archive, options);
    opening->begin();
    auto found = TRY(opening->run());
    if (found.how != Opened::whole) return OpenedArchive{Opened::unreadable, "another list, " + found.detail};
  }
  return opened;
}

// What others read as a ZIP archive, by its end, whatever it is read as by its beginning.
Result<OpenedArchive> with_inside(OpenedArchive opened, ZipView view, const ByteSource& content,
                                  MemberSink& sink) {
  for (const auto& inside : TRY(find_zips_inside(content, view))) {
    const auto opening = std::make_unique<Opening>(*inside.archive, sink, Reading::zip);
    opening->begin();
    auto found = TRY(opening->run());
    if (found.how == Opened::encrypted) return found;
    if (found.how != Opened::whole || !inside.readable)
      return OpenedArchive{Opened::unreadable, "ZIP archive by its end, " + found.detail};
    opened = OpenedArchive{Opened::whole, opened.how == Opened::whole ? opened.detail : found.detail};
  }
  return opened;
}

}  // namespace

std::string LibarchiveUnpacker::version() const {
  return archive_version_string();
}

Result<OpenedArchive> LibarchiveUnpacker::open(const ByteSource& content, MemberSink& sink) {
  for (const auto reading : {Reading::compression, Reading::archive}) {
    // 256 KiB of buffers: not on the stack of a thread.
    const auto opening = std::make_unique<Opening>(content, sink, reading);
    opening->begin();
    // Behind an inner one may be more, too: it is a content of its own.
    if (reading == Reading::compression && opening->compressions() > 1) {
      opening->only(opening->outermost());
      opening->begin();
    }
    auto opened = TRY(opening->run());
    if (opened.how == Opened::no_archive) continue;
    opened = TRY(with_rest(std::move(opened), *opening, content, sink));
    if (opened.how == Opened::whole && opening->is_iso())
      opened = TRY(with_other_lists(std::move(opened), content, sink));
    if (opened.how != Opened::whole || reading == Reading::compression) return opened;
    return with_inside(std::move(opened), opening->is_zip() ? ZipView::but_the_last : ZipView::all, content,
                       sink);
  }
  return with_inside({Opened::no_archive, {}}, ZipView::all, content, sink);
}

}  // namespace sallyport
