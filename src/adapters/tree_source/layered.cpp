// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/layered.h"

#include <algorithm>
#include <map>

namespace sallyport {
namespace {

using ByPath = std::map<std::string, const SourceEntry*>;

ByPath by_path(const SourceListing& listing) {
  ByPath map;
  for (const auto& entry : listing.entries) map.emplace(entry.path.text(), &entry);
  return map;
}

Result<void> check_types(const SourceListing& lower, const ByPath& upper) {
  for (const auto& entry : lower.entries) {
    const auto over = upper.find(entry.path.text());
    if (over == upper.end()) continue;
    const bool was = entry.type == EntryType::directory;
    const bool is = over->second->type == EntryType::directory;
    if (was != is)
      return Error(Code::input_refused, entry.path.text(), was ? "a folder, as below" : "no folder, as below",
                   "the other");
  }
  return {};
}

// A file whose original was replaced keeps its own content, so it cannot stay a link to what is no longer there.
Result<void> check_links(const SourceListing& lower, const ByPath& upper) {
  for (const auto& entry : lower.entries) {
    if (!entry.same_as || upper.contains(entry.path.text())) continue;
    const auto& original = lower.entries[*entry.same_as].path.text();
    if (upper.contains(original))
      return Error(Code::input_refused, entry.path.text(), "a hard link whose original stays", original);
  }
  return {};
}

}  // namespace

Result<SourceListing> LayeredTreeSource::list() {
  auto lower = TRY(lower_->list());
  auto upper = TRY(upper_->list());
  const auto over = by_path(upper);
  TRY(check_types(lower, over));
  TRY(check_links(lower, over));
  SourceListing listing{{},
                        lower.components,
                        lower.licences + upper.licences,
                        lower.architecture,
                        std::max(lower.newest, upper.newest)};
  listing.components.insert(listing.components.end(), upper.components.begin(), upper.components.end());
  places_.clear();
  const auto take = [&](TreeSource* source, const SourceListing& from, const ByPath& replaced) {
    std::vector<std::size_t> moved_to(from.entries.size());
    for (std::size_t i = 0; i < from.entries.size(); ++i) {
      if (replaced.contains(from.entries[i].path.text())) continue;
      auto entry = from.entries[i];
      if (entry.same_as) entry.same_as = moved_to[*entry.same_as];
      moved_to[i] = listing.entries.size();
      listing.entries.push_back(std::move(entry));
      places_.push_back({source, i});
    }
  };
  take(lower_.get(), lower, over);
  take(upper_.get(), upper, {});
  listing.laid_over = upper.entries.size();
  return listing;
}

Opening LayeredTreeSource::opening() const {
  const bool any = lower_->opening() == Opening::any_order && upper_->opening() == Opening::any_order;
  return any ? Opening::any_order : Opening::in_order;
}

Result<std::unique_ptr<SourceFile>> LayeredTreeSource::open(std::size_t index) {
  CHECK(index < places_.size());
  return places_[index].source->open(places_[index].index);
}

}  // namespace sallyport
