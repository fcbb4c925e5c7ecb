// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/oci_layers.h"

#include <algorithm>
#include <map>
#include <set>

#include "adapters/tree_source/open_entry.h"
#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t entries_max = 1000000;
constexpr std::string_view whiteout = ".wh.";
constexpr std::string_view opaque = ".wh..wh..opq";

std::string joined(std::string_view folder, std::string_view name) {
  return folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name);
}

class Stack {
 public:
  struct Place {
    std::size_t layer;
    std::size_t member;
  };
  struct Item {
    SourceEntry entry;
    Place place;
  };
  using Items = std::map<std::string, Item>;

  void begin(std::string where) {
    where_ = std::move(where);
    ++layer_;
    seen_.clear();
  }

  Result<void> add(TarStream::Entry found, TarStream& archive) {
    const auto member = archive.count() - 1;
    const auto path = found.entry.path;
    if (!seen_.insert(path.text()).second) return refused("each path once in a layer", path.text());
    TRY(check_parents(path));
    if (path.name().starts_with(whiteout)) return take_away(found);
    Place place{layer_ - 1, member};
    if (!found.hard_link.empty()) {
      const auto target = items_.find(found.hard_link);
      if (target == items_.end() || target->second.entry.type != EntryType::file)
        return refused("hard links to earlier files", found.hard_link);
      found.entry.size = target->second.entry.size;
      TRY(archive.count_link(found.entry.size));
      place = target->second.place;
    }
    const auto old = items_.find(path.text());
    const bool folders = old != items_.end() && old->second.entry.type == EntryType::directory &&
                         found.entry.type == EntryType::directory;
    if (!folders) take_below(path.text(), Those::all);
    newest_ = std::max(newest_, found.entry.type == EntryType::file ? found.seconds : 0);
    items_.insert_or_assign(path.text(), Item{std::move(found.entry), place});
    if (items_.size() > entries_max) return refused("at most a million entries", "more");
    return {};
  }

  // In the order of their places, so that opening them goes forward.
  std::vector<Item> take() {
    std::vector<Item> all;
    for (auto& [path, item] : items_) all.push_back(std::move(item));
    std::stable_sort(all.begin(), all.end(), [](const Item& one, const Item& other) {
      return one.place.layer != other.place.layer ? one.place.layer < other.place.layer
                                                  : one.place.member < other.place.member;
    });
    return all;
  }
  std::int64_t newest() const { return newest_; }

 private:
  enum class Those : std::uint8_t { all, of_layers_below };

  Error refused(std::string expected, std::string_view found) const {
    return {Code::archive_malformed, where_, std::move(expected), printable(found)};
  }

  // Nothing is put behind a link or below a file. Folders that the image leaves out are added by the builder.
  Result<void> check_parents(const RelativePath& path) const {
    std::string_view parent = path.parent();
    while (!parent.empty()) {
      const auto found = items_.find(std::string(parent));
      if (found != items_.end() && found->second.entry.type != EntryType::directory)
        return refused("entries below folders", path.text());
      const auto slash = parent.rfind('/');
      parent = parent.substr(0, slash == std::string_view::npos ? 0 : slash);
    }
    return {};
  }

  Result<void> take_away(const TarStream::Entry& found) {
    const auto& mark = found.entry;
    if (mark.type != EntryType::file || mark.size != 0 || !found.hard_link.empty())
      return refused("an empty whiteout", mark.path.text());
    const auto name = mark.path.name();
    const auto parent = mark.path.parent();
    if (name == opaque) {
      take_below(std::string(parent), Those::of_layers_below);
      return {};
    }
    const auto target = name.substr(whiteout.size());
    if (target.empty() || target == "." || target == ".." || target.starts_with(whiteout))
      return refused("a whiteout of a name", mark.path.text());
    // What this layer has there itself stays, whichever of them comes first.
    const auto path = joined(parent, target);
    take_below(path, Those::of_layers_below);
    if (seen_.count(path) == 0) items_.erase(path);
    return {};
  }

  // Everything below the path; the empty one is the top. A hard link's content may lie in a lower layer than the link:
  // which layer an entry is of is what was seen in this one.
  void take_below(const std::string& path, Those those) {
    const auto prefix = path.empty() ? path : path + "/";
    for (auto at = items_.lower_bound(prefix); at != items_.end() && at->first.starts_with(prefix);) {
      const bool of_this_layer = seen_.count(at->first) != 0;
      at = of_this_layer && those == Those::of_layers_below ? std::next(at) : items_.erase(at);
    }
  }

  std::string where_;
  std::size_t layer_ = 0;
  Items items_;
  std::set<std::string> seen_;  // of this layer
  std::int64_t newest_ = 0;
};

}  // namespace

Result<std::shared_ptr<TarStream>> OciTreeSource::begin(std::size_t layer) const {
  const auto& file = layers_[layer].file;
  auto bytes = TRY(open_source(file));
  const auto size = bytes->size();
  return std::shared_ptr<TarStream>(TRY(TarStream::open(
      {file.name, std::move(bytes), 0, size, Code::archive_malformed, Pax::known, layers_[layer].diff_id})));
}

Result<SourceListing> OciTreeSource::list() {
  Stack stack;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    stack.begin(layers_[i].file.name);
    const auto archive = TRY(begin(i));
    while (auto found = TRY(archive->next())) TRY(stack.add(std::move(*found), *archive));
  }
  SourceListing listing{{}, {}, {}, architecture_, TRY(Instant::from_seconds(stack.newest()))};
  places_.clear();
  sizes_.clear();
  for (auto& item : stack.take()) {
    places_.push_back({item.place.layer, item.place.member});
    sizes_.push_back(item.entry.size);
    listing.entries.push_back(std::move(item.entry));
  }
  return listing;
}

Result<std::unique_ptr<SourceFile>> OciTreeSource::open(std::size_t index) {
  CHECK(index < places_.size());
  const auto& place = places_[index];
  // A hard link has the place of what it is a link to, which was opened already: anew from the beginning.
  if (open_ == nullptr || open_layer_ != place.layer || open_->count() > place.member) {
    open_ = TRY(begin(place.layer));
    open_layer_ = place.layer;
  }
  while (open_->count() <= place.member) {
    const auto found = TRY(open_->next());
    if (!found)
      return Error(Code::archive_malformed, layers_[place.layer].file.name, "a file that nobody changes",
                   "another one than was listed");
  }
  return std::unique_ptr<SourceFile>(new OpenEntry(open_, sizes_[index]));
}

}  // namespace sallyport
