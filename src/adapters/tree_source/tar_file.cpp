// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/tar_file.h"

#include <algorithm>
#include <map>

#include "adapters/tree_source/open_entry.h"
#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t entries_max = 1000000;

}  // namespace

Result<std::shared_ptr<TarStream>> TarTreeSource::begin() const {
  auto bytes = TRY(open_source(file_));
  const auto size = bytes->size();
  return std::shared_ptr<TarStream>(
      TRY(TarStream::open({file_.name, std::move(bytes), 0, size, Code::archive_malformed, Pax::known})));
}

Result<SourceListing> TarTreeSource::list() {
  const auto refused = [&](std::string expected, std::string_view found) {
    return Error(Code::archive_malformed, file_.name, std::move(expected), printable(found));
  };
  const auto archive = TRY(begin());
  SourceListing listing{{}, {}, {}, {}, Instant::from_seconds(0).value()};
  std::map<std::string, std::size_t> by_path;
  std::int64_t newest = 0;
  sizes_.clear();
  while (auto found = TRY(archive->next())) {
    auto& entry = found->entry;
    if (listing.entries.size() == entries_max) return refused("at most a million entries", "more");
    if (!by_path.emplace(entry.path.text(), listing.entries.size()).second)
      return refused("each path once", entry.path.text());
    if (!found->hard_link.empty()) {
      const auto target = by_path.find(found->hard_link);
      if (target == by_path.end() || target->second == listing.entries.size() ||
          listing.entries[target->second].type != EntryType::file)
        return refused("hard links to earlier files", found->hard_link);
      const auto& original = listing.entries[target->second];
      entry.size = original.size;
      entry.same_as = original.same_as.value_or(target->second);
      TRY(archive->count_link(entry.size));
    }
    entry.uid = entry.gid = 0;
    newest = std::max(newest, entry.type == EntryType::file ? found->seconds : 0);
    sizes_.push_back(entry.size);
    listing.entries.push_back(std::move(entry));
  }
  listing.newest = TRY(Instant::from_seconds(newest));
  return listing;
}

Result<std::unique_ptr<SourceFile>> TarTreeSource::open(std::size_t index) {
  CHECK(index < sizes_.size());
  if (open_ == nullptr || open_->count() > index) open_ = TRY(begin());
  while (open_->count() <= index) {
    const auto found = TRY(open_->next());
    if (!found)
      return Error(Code::archive_malformed, file_.name, "a file that nobody changes",
                   "another one than was listed");
  }
  return std::unique_ptr<SourceFile>(new OpenEntry(open_, sizes_[index]));
}

}  // namespace sallyport
