// SPDX-License-Identifier: Apache-2.0
#include "core/format/archive_entry.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/format/zip_end.h"
#include "core/format/zip_names.h"

namespace sallyport::zip {
namespace {

constexpr std::size_t where_size_max = 300;
constexpr std::uint32_t dos_folder = 0x10;
constexpr std::uint32_t dos_file = 0x21;  // read-only, archive
// What tools add and no reader goes by: times (UT, NTFS, old Unix), owners (ux, old Unix), and the mark of Java
// archives.
constexpr std::array<std::uint16_t, 6> known_extras = {0x5455, 0x000a, 0x5855, 0x7875, 0x7855, 0xcafe};
constexpr std::uint64_t ratio_max = 200;
constexpr std::uint64_t ratio_free_size = 1ULL << 20U;

Error unsupported(const Entry& entry, std::string expected, std::string found) {
  return Error(Code::zip_member_unsupported, entry.where(), std::move(expected), std::move(found));
}

// Fields up to the name; the rest is checked later. Nothing when the bytes end before, or are no header.
struct Read {
  Entry entry;
  std::uint32_t stored32;
  std::uint32_t size32;
  std::uint32_t offset32;
  BytesView extra;
  std::size_t comment_size;
  std::uint16_t disk;
};

std::optional<Read> read_one(Cursor& cursor) {
  if (cursor.left() < central_size || cursor.take<std::uint32_t>() != central_signature) return std::nullopt;
  Read read{};
  auto& entry = read.entry;
  entry.made_by = cursor.take<std::uint16_t>();
  entry.header.version_needed = cursor.take<std::uint16_t>();
  entry.header.flags = cursor.take<std::uint16_t>();
  entry.method = cursor.take<std::uint16_t>();
  entry.header.time = cursor.take<std::uint16_t>();
  entry.header.date = cursor.take<std::uint16_t>();
  entry.header.crc32 = cursor.take<std::uint32_t>();
  read.stored32 = cursor.take<std::uint32_t>();
  read.size32 = cursor.take<std::uint32_t>();
  const std::size_t name_size = cursor.take<std::uint16_t>();
  const std::size_t extra_size = cursor.take<std::uint16_t>();
  read.comment_size = cursor.take<std::uint16_t>();
  read.disk = cursor.take<std::uint16_t>();
  entry.internal = cursor.take<std::uint16_t>();
  entry.external = cursor.take<std::uint32_t>();
  read.offset32 = cursor.take<std::uint32_t>();
  if (cursor.left() < name_size + extra_size + read.comment_size) return std::nullopt;
  entry.header.name = as_text(cursor.take_bytes(name_size));
  read.extra = cursor.take_bytes(extra_size);
  cursor.take_bytes(read.comment_size);
  entry.stored_size = read.stored32;
  entry.header.size = read.size32;
  entry.offset = read.offset32;
  return read;
}

void check_coding(Entry& entry, ArchiveForm form, Findings& findings) {
  const bool deflated = form == ArchiveForm::any && entry.method == method_deflated;
  if (entry.method != method_stored && !deflated) {
    entry.wrong(findings, unsupported(entry, form == ArchiveForm::any ? "stored or deflated" : "stored",
                                      "method " + std::to_string(entry.method)));
  }
  // Where data is stored and its size comes only after it, programs that read front to back cannot tell where it ends.
  const auto allowed =
      static_cast<std::uint16_t>(utf8_flag | (deflated ? descriptor_flag | deflate_flags : 0U));
  if ((entry.header.flags & ~allowed) != 0) {
    entry.wrong(
        findings,
        unsupported(entry, deflated ? "no flags but UTF-8, level and data descriptor" : "no flag but UTF-8",
                    "flags " + std::to_string(entry.header.flags)));
  }
}

// A folder says so in its name and holds nothing.
void check_folder(Entry& entry, ArchiveForm form, Findings& findings) {
  if (!entry.header.name.ends_with('/')) return;
  entry.folder = true;
  if (form == ArchiveForm::profile) {
    entry.wrong(findings, unsupported(entry, "a regular file", "a folder"));
  } else if (entry.header.size != 0 || entry.stored_size != 0 || entry.method != method_stored ||
             entry.header.crc32 != 0) {
    entry.wrong(findings, unsupported(entry, "a folder without data", "one with data"));
  }
}

bool is_kind(const Entry& entry, ArchiveForm form) {
  const auto mode = entry.external >> 16U;
  const auto dos = entry.external & 0xffffU;
  const bool on_unix = entry.made_by >> 8U == host_unix;
  const auto type = mode & ~0777U;
  if (form == ArchiveForm::profile) {
    if (entry.internal != 0) return false;
    return on_unix ? type == 0100000 && dos == 0 : mode == 0 && (dos & ~dos_file) == 0;
  }
  const auto dos_allowed = dos_file | (entry.folder ? dos_folder : 0U);
  const auto type_wanted = entry.folder ? 0040000U : 0100000U;
  // Some tools leave the type out; it is a file then, or a folder by its name.
  const bool type_fits = type == 0 || (on_unix && type == type_wanted);
  return entry.internal <= 1 && (dos & ~dos_allowed) == 0 && type_fits;
}

void check_kind(Entry& entry, ArchiveForm form, Findings& findings) {
  if (made_by_accepted(entry.made_by) && is_kind(entry, form)) return;
  if (form == ArchiveForm::profile && entry.folder) return;  // told already
  entry.wrong(findings,
              unsupported(entry, entry.folder ? "a folder" : "a regular file",
                          "made by " + std::to_string(entry.made_by) + ", attributes " +
                              std::to_string(entry.internal) + " and " + std::to_string(entry.external)));
}

// The values whose fields are all ones, in their order, and no others. In a profile those alone that do not fit into 32
// bits; some tools put in others, too, and it is the same to every reader.
bool take_zip64(Read& read, ArchiveForm form, BytesView content) {
  auto& entry = read.entry;
  Cursor cursor(content);
  const auto take = [&](std::uint32_t field, std::uint64_t& value) {
    if (field != max32) return true;
    if (cursor.left() < sizeof(std::uint64_t)) return false;
    value = cursor.take<std::uint64_t>();
    return form == ArchiveForm::any || needs64(value);
  };
  return take(read.size32, entry.header.size) && take(read.stored32, entry.stored_size) &&
         take(read.offset32, entry.offset) && cursor.left() == 0;
}

void check_extra(Read& read, ArchiveForm form, Findings& findings) {
  auto& entry = read.entry;
  const bool needed = read.size32 == max32 || read.stored32 == max32 || read.offset32 == max32;
  const auto extra = read_extra(read.extra);
  bool fits = extra.has_value() && extra->zip64.has_value() == needed;
  if (fits && needed) fits = take_zip64(read, form, *extra->zip64);
  // In a profile nothing stands beside the values of ZIP64.
  if (form == ArchiveForm::profile)
    fits = fits && read.extra.size() == (needed ? extra->zip64->size() + 4 : std::size_t{0});
  entry.zip64 = needed;
  entry.zip64_sizes = read.size32 == max32 || read.stored32 == max32;
  if (!fits) {
    entry.placed = !needed;
    entry.wrong(findings, malformed(entry.where(),
                                    "extra fields that change no reading, and ZIP64 values where needed"));
  }
  if (entry.method == method_stored && entry.stored_size != entry.header.size) {
    entry.wrong(findings,
                malformed(entry.where(), "stored: equal sizes",
                          std::to_string(entry.stored_size) + " and " + std::to_string(entry.header.size)));
  }
}

void check_version(Entry& entry, Findings& findings) {
  const auto version = entry.header.version_needed;
  if (version == (entry.zip64 ? version_zip64 : version_plain) || (!entry.zip64 && version == version_oldest))
    return;
  entry.wrong(findings,
              malformed(entry.where(), "version needed 10 or 20, and 45 for ZIP64", std::to_string(version)));
}

void check_ratio(Entry& entry, Findings& findings) {
  if (entry.header.size <= ratio_free_size || entry.header.size / ratio_max <= entry.stored_size) return;
  entry.wrong(
      findings,
      Error(Code::zip_limit_exceeded, entry.where(), "at most 200 times as large as it is stored",
            std::to_string(entry.stored_size) + " to " + std::to_string(entry.header.size) + " bytes"));
}

void check_name(Entry& entry, NameSet& names, Findings& findings) {
  auto text = entry.header.name;
  if (entry.folder) text.remove_suffix(1);
  auto path = RelativePath::parse(text);
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  const bool drive = text.size() >= 2 && text[1] == ':';
  // Without the flag a name is in code page 437, and programs differ on what that makes of it.
  if (!path.ok() || drive || (!ascii && (entry.header.flags & utf8_flag) == 0)) {
    entry.wrong(findings, Error(Code::zip_name_invalid, "member", "a plain relative path",
                                printable(entry.header.name.substr(0, where_size_max))));
    return;
  }
  const auto added = entry.folder ? names.add_folder(path.value()) : names.add(path.value());
  if (!added.ok()) entry.wrong(findings, added.error());
  entry.path = std::move(path).value();
}

}  // namespace

std::string Entry::where() const {
  return "member " + printable(header.name.substr(0, where_size_max));
}

std::optional<Extra> read_extra(BytesView bytes) {
  Extra extra;
  Cursor cursor(bytes);
  while (cursor.left() != 0) {
    if (cursor.left() < 4) return std::nullopt;
    const auto id = cursor.take<std::uint16_t>();
    const std::size_t size = cursor.take<std::uint16_t>();
    if (size > cursor.left()) return std::nullopt;
    const auto content = cursor.take_bytes(size);
    if (id == zip64_extra_id) {
      if (extra.zip64) return std::nullopt;
      extra.zip64 = content;
    } else if (std::find(known_extras.begin(), known_extras.end(), id) == known_extras.end()) {
      return std::nullopt;
    }
  }
  return extra;
}

std::vector<Entry> read_entries(BytesView directory, std::uint64_t count, ArchiveForm form,
                                Findings& findings) {
  const Error cut = malformed("central directory", "as many headers as announced, and nothing else");
  Cursor cursor(directory);
  std::vector<Entry> entries;
  NameSet names;
  for (std::uint64_t i = 0; i < count; ++i) {
    auto read = read_one(cursor);
    if (!read) {
      findings.add(cut);
      return entries;
    }
    auto& entry = read->entry;
    if (read->comment_size != 0 || read->disk != 0)
      entry.wrong(findings, malformed(entry.where(), "no comment, disk 0"));
    check_coding(entry, form, findings);
    check_extra(*read, form, findings);
    check_folder(entry, form, findings);
    check_kind(entry, form, findings);
    check_version(entry, findings);
    if (form == ArchiveForm::any) check_ratio(entry, findings);
    check_name(entry, names, findings);
    entries.push_back(std::move(entry));
  }
  if (cursor.left() != 0) findings.add(cut);
  return entries;
}

}  // namespace sallyport::zip
