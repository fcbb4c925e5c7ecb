// SPDX-License-Identifier: Apache-2.0
#include "adapters/unpacker/zip_inside.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "adapters/unpacker/zip_directory.h"
#include "adapters/unpacker/zip_gaps.h"
#include "core/base/checked.h"

namespace sallyport {
namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t offset_max = 0xffffffff;  // beyond it there is another form of the end record

// The content up to the directory, and behind it a directory of the entries that are there.
class Patched final : public ByteSource {
 public:
  Patched(const ByteSource& content, std::uint64_t begin, Bytes behind)
      : content_(&content), begin_(begin), behind_(std::move(behind)) {}
  std::uint64_t size() const override { return begin_ + behind_.size(); }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    if (!inside(offset, into.size(), size()))
      return Error(Code::truncated, "content", "bytes inside of it", "its end");
    const auto in_front = offset < begin_ ? std::min<std::uint64_t>(begin_ - offset, into.size()) : 0;
    TRY(content_->read_at(offset, into.first(static_cast<std::size_t>(in_front))));
    if (in_front == into.size()) return {};
    const auto rest = into.subspan(static_cast<std::size_t>(in_front));
    const auto from = static_cast<std::size_t>(offset + in_front - begin_);
    std::copy_n(behind_.begin() + static_cast<std::ptrdiff_t>(from), rest.size(), rest.begin());
    return {};
  }

 private:
  const ByteSource* content_;
  std::uint64_t begin_;
  Bytes behind_;
};

void append(Bytes& bytes, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// The end record of a directory of this size, which was at this offset.
void append_end(Bytes& bytes, std::uint64_t count, std::uint64_t offset) {
  const auto size = bytes.size();
  constexpr auto mark = "PK\5\6\0\0\0\0"sv;
  bytes.insert(bytes.end(), mark.begin(), mark.end());
  for (int i = 0; i < 2; ++i) append(bytes, std::min<std::uint64_t>(count, 0xfffe), 2);
  append(bytes, size, 4);
  append(bytes, offset, 4);
  append(bytes, 0, 2);
}

// None: nothing that the directory names is there.
Result<std::optional<ZipInside>> read_inside(const ByteSource& content, const ZipDirectory& directory) {
  const auto bytes = TRY(content.read(directory.begin, directory.size, zip_directory_size_max));
  Bytes kept;
  std::uint64_t count = 0;
  bool agrees = true;
  BytesView rest(bytes);
  for (auto entry = first_zip_entry(rest, directory.before); entry;
       entry = first_zip_entry(rest, directory.before)) {
    const auto record = rest.first(entry->record_size);
    rest = rest.subspan(entry->record_size);
    const auto local = TRY(zip_local_of(content, *entry, directory.begin));
    if (!local) continue;
    agrees = agrees && local->agrees;
    kept.insert(kept.end(), record.begin(), record.end());
    ++count;
  }
  if (count == 0) return std::optional<ZipInside>();
  const auto offset = directory.begin - directory.before;
  const bool fits = offset < offset_max;
  append_end(kept, count, offset);
  auto archive = std::make_unique<Patched>(content, directory.begin, std::move(kept));
  return std::optional(ZipInside{std::move(archive), agrees && fits});
}

bool lies_in_an_entry(const ZipDirectory& directory, const ZipGaps& around) {
  return std::any_of(around.stored.begin(), around.stored.end(), [&](const Gap& entry) {
    return directory.before >= entry.offset && directory.end <= entry.offset + entry.size;
  });
}

}  // namespace

Result<std::vector<ZipInside>> find_zips_inside(const ByteSource& content, ZipView view) {
  auto ends = TRY(find_zip_ends(content));
  std::optional<ZipGaps> around;
  if (view == ZipView::but_the_last && !ends.empty()) ends.pop_back();
  if (view == ZipView::but_the_last && !ends.empty()) around = TRY(find_zip_gaps(content));
  std::vector<ZipInside> all;
  std::uint64_t left =
      zip_directory_size_max;  // of all directories together: each end record may have a long one
  for (const auto end : ends) {
    const auto directory = TRY(zip_directory_at(content, end));
    if (!directory || (around && lies_in_an_entry(*directory, *around))) continue;
    if (directory->size > left) {
      all.push_back({std::make_unique<Patched>(content, 0, Bytes()), false});
      break;
    }
    left -= directory->size;
    auto found = TRY(read_inside(content, *directory));
    if (found) all.push_back(std::move(*found));
  }
  return all;
}

}  // namespace sallyport
