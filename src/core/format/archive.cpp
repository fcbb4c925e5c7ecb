// SPDX-License-Identifier: Apache-2.0
#include "core/format/archive.h"

#include <algorithm>
#include <utility>

#include "core/base/checked.h"
#include "core/base/text.h"
#include "core/format/archive_entry.h"
#include "core/format/zip_end.h"

namespace sallyport {
namespace zip {
namespace {

constexpr std::uint32_t descriptor_signature = 0x08074b50;
constexpr std::uint64_t total_size_max = 1ULL << 40U;

// Puts the entries into their places, one after the other.
class Layout {
 public:
  Layout(const ByteSource& file, ArchiveForm form, std::uint64_t limit, Findings& findings)
      : file_(file), form_(form), limit_(limit), findings_(findings) {}

  // `next` is where the entry after this one says to begin, or the directory. The data's offset is the result.
  Result<std::uint64_t> place(Entry& entry, std::uint64_t next) {
    if (start_ && entry.offset != *start_)
      unaccounted(entry, "a member at " + std::to_string(*start_), entry.offset);
    start_.reset();
    const auto data = form_ == ArchiveForm::profile ? TRY(planned_header(entry)) : TRY(any_header(entry));
    if (!data) return std::uint64_t{0};
    if (!inside(*data, entry.stored_size, limit_)) {
      unaccounted(entry, "an end before " + std::to_string(limit_), *data);
      return *data;
    }
    start_ = *data + entry.stored_size;
    if (entry.has_descriptor() && form_ == ArchiveForm::any) TRY(descriptor(entry, next));
    return *data;
  }
  void finish() {
    if (start_ && *start_ != limit_) {
      findings_.add(Error(Code::zip_bytes_unaccounted, "before the central directory", "0 bytes",
                          std::to_string(limit_ - *start_) + " bytes"));
    }
  }

 private:
  void unaccounted(Entry& entry, std::string expected, std::uint64_t found) {
    entry.wrong(findings_, Error(Code::zip_bytes_unaccounted, entry.where(), std::move(expected),
                                 std::to_string(found)));
  }
  void disagrees(Entry& entry, std::string found) {
    entry.wrong(findings_, Error(Code::zip_headers_disagree, entry.where(), "as the central directory says",
                                 std::move(found)));
  }
  // The bytes at the entry's offset; nothing where they are not all before the directory.
  Result<std::optional<Bytes>> read_header(Entry& entry, std::uint64_t size) {
    if (inside(entry.offset, size, limit_)) return std::optional(TRY(file_.read(entry.offset, size, size)));
    unaccounted(entry, "a header before " + std::to_string(limit_), entry.offset);
    return std::optional<Bytes>();
  }

  // Of our profile: what the directory says determines every byte.
  Result<std::optional<std::uint64_t>> planned_header(Entry& entry) {
    const Bytes expected = local_header(entry.header);
    const auto found = TRY(read_header(entry, expected.size()));
    if (!found) return std::optional<std::uint64_t>();
    if (*found != expected) {
      const auto at = std::mismatch(found->begin(), found->end(), expected.begin()).first - found->begin();
      disagrees(entry, "another value at byte " + std::to_string(at) + " of the local header");
    }
    return std::optional(entry.offset + expected.size());
  }

  Result<std::optional<std::uint64_t>> any_header(Entry& entry) {
    const auto fixed = TRY(read_header(entry, local_size));
    if (!fixed) return std::optional<std::uint64_t>();
    Cursor cursor(*fixed);
    if (cursor.take<std::uint32_t>() != local_signature) {
      disagrees(entry, "no local header");
      return std::optional<std::uint64_t>();
    }
    const auto& header = entry.header;
    bool same = version_fits(entry, cursor.take<std::uint16_t>());
    same = cursor.take<std::uint16_t>() == header.flags && same;
    same = cursor.take<std::uint16_t>() == entry.method && same;
    same = cursor.take<std::uint16_t>() == header.time && same;
    same = cursor.take<std::uint16_t>() == header.date && same;
    const auto crc32 = cursor.take<std::uint32_t>();
    const auto stored = cursor.take<std::uint32_t>();
    const auto size = cursor.take<std::uint32_t>();
    const std::size_t name_size = cursor.take<std::uint16_t>();
    const std::size_t extra_size = cursor.take<std::uint16_t>();
    const auto whole = TRY(read_header(entry, local_size + name_size + extra_size));
    if (!whole) return std::optional<std::uint64_t>();
    const auto rest = BytesView(*whole).subspan(local_size);
    same = as_text(rest.first(name_size)) == header.name && same;
    same = sizes_agree(entry, crc32, stored, size, rest.subspan(name_size)) && same;
    if (!same) disagrees(entry, "another value in the local header");
    return std::optional(entry.offset + whole->size());
  }

  // Where only the offset needs ZIP64, which stands in the directory alone, tools write the lower version here.
  static bool version_fits(const Entry& entry, std::uint16_t version) {
    if (version == entry.header.version_needed) return true;
    return entry.zip64 && !entry.zip64_sizes && (version == version_plain || version == version_oldest);
  }

  // With a descriptor the three are zero here, and stand behind the data. Else the directory's, in 32 bits or in 64.
  static bool sizes_agree(const Entry& entry, std::uint32_t crc32, std::uint32_t stored, std::uint32_t size,
                          BytesView extra_bytes) {
    const auto extra = read_extra(extra_bytes);
    if (!extra) return false;
    if (entry.has_descriptor() && crc32 == 0 && stored == 0 && size == 0) return !extra->zip64.has_value();
    if (crc32 != entry.header.crc32 || extra->zip64.has_value() != (stored == max32 || size == max32))
      return false;
    if (!extra->zip64) return stored == entry.stored_size && size == entry.header.size;
    // In a local header there are always both sizes (APPNOTE 4.5.3).
    Cursor cursor(*extra->zip64);
    return stored == max32 && size == max32 && cursor.left() == 16 &&
           cursor.take<std::uint64_t>() == entry.header.size &&
           cursor.take<std::uint64_t>() == entry.stored_size;
  }

  // What stands between the data and what comes next is the descriptor, and its length says which form it has.
  Result<void> descriptor(Entry& entry, std::uint64_t next) {
    const auto start = *start_;
    const auto size = next > start ? next - start : 0;
    const std::uint64_t values = entry.zip64_sizes ? 20 : 12;
    if ((size != values && size != values + 4) || !inside(start, size, limit_)) {
      unaccounted(entry, "a data descriptor of " + std::to_string(values + 4) + " bytes", size);
      return {};
    }
    const auto bytes = TRY(file_.read(start, size, size));
    Bytes expected;
    if (size == values + 4) put(expected, descriptor_signature);
    put(expected, entry.header.crc32);
    if (entry.zip64_sizes) {
      put(expected, entry.stored_size);
      put(expected, entry.header.size);
    } else {
      put(expected, static_cast<std::uint32_t>(entry.stored_size));
      put(expected, static_cast<std::uint32_t>(entry.header.size));
    }
    if (bytes != expected) disagrees(entry, "other values in the data descriptor");
    start_ = start + size;
    return {};
  }

  const ByteSource& file_;
  ArchiveForm form_;
  std::uint64_t limit_;
  Findings& findings_;
  std::optional<std::uint64_t> start_ = 0;  // where the next member has to begin; nothing: nobody can say
};

// Where the data of the entries lies: those of other tools in any order, ours in the order of the directory.
std::vector<Entry*> in_order(std::vector<Entry>& entries, ArchiveForm form) {
  std::vector<Entry*> order;
  for (auto& entry : entries) {
    if (entry.placed) order.push_back(&entry);
  }
  if (form == ArchiveForm::any) {
    std::stable_sort(order.begin(), order.end(),
                     [](const Entry* a, const Entry* b) { return a->offset < b->offset; });
  }
  return order;
}

Result<Archive> place_all(const ByteSource& file, std::vector<Entry>& entries, const End& end,
                          ArchiveForm form, Findings& findings) {
  Archive archive{{}, 0, file.size()};
  Layout layout(file, form, end.offset, findings);
  std::uint64_t total = 0;
  const auto order = in_order(entries, form);
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto& entry = *order[i];
    const auto data = TRY(layout.place(entry, i + 1 < order.size() ? order[i + 1]->offset : end.offset));
    const auto sum = checked_add(total, entry.header.size);
    if (!sum || *sum > total_size_max) {
      entry.wrong(findings, limit_exceeded(entry.where(), total_size_max - total, entry.header.size));
    } else {
      total = *sum;
    }
    if (!entry.sound || !entry.path) continue;
    if (entry.folder) {
      ++archive.folders;
      continue;
    }
    const auto coding = entry.method == method_deflated ? Coding::deflated : Coding::stored;
    archive.members.push_back(
        {*entry.path, coding, entry.offset, data, entry.stored_size, entry.header.size, entry.header.crc32});
  }
  layout.finish();
  return archive;
}

}  // namespace
}  // namespace zip

const ArchiveMember* Archive::find(std::string_view name) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const ArchiveMember& member) { return member.name.text() == name; });
  return found == members.end() ? nullptr : &*found;
}

Result<std::optional<Archive>> read_archive(const ByteSource& file, ArchiveForm form, Findings& findings,
                                            const ZipLimits& limits) {
  const auto records =
      form == ArchiveForm::any ? zip::Zip64Records::also_elsewhere : zip::Zip64Records::where_needed;
  const auto end = TRY(found_or(zip::read_end(file, records), findings));
  if (!end) return std::optional<Archive>();
  const auto sized = zip::check_sizes(file, *end, limits);
  if (!sized.ok()) {
    findings.add(sized.error());
    return std::optional<Archive>();
  }
  findings.add_error_of(zip::check_frame(file, *end, limits));
  const auto bytes =
      TRY(found_or(file.read(end->offset, end->size, limits.central_directory_size_max), findings));
  if (!bytes) return std::optional<Archive>();
  auto entries = zip::read_entries(*bytes, end->count, form, findings);
  return std::optional(TRY(zip::place_all(file, entries, *end, form, findings)));
}

}  // namespace sallyport
