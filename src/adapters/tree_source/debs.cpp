// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/debs.h"

#include <algorithm>
#include <map>

#include "adapters/tree_source/deb_file.h"
#include "adapters/tree_source/open_entry.h"
#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t entries_max = 1000000;
constexpr std::uint64_t licence_size_max = 1U << 20U;

struct MachineName {
  std::string_view debian;
  std::string_view machine;
};
// dpkg-architecture(1) and uname(1) name the same machines differently.
constexpr MachineName machine_names[] = {{"amd64", "x86_64"},    {"arm64", "aarch64"}, {"i386", "i686"},
                                         {"armhf", "armv7l"},    {"all", "any"},       {"ppc64el", "ppc64le"},
                                         {"riscv64", "riscv64"}, {"s390x", "s390x"}};

std::string machine_of(std::string_view debian) {
  for (const auto& name : machine_names) {
    if (name.debian == debian) return std::string(name.machine);
  }
  return {};
}

Error refused(const std::string& where, std::string expected, std::string_view found) {
  return {Code::input_refused, where, std::move(expected), printable(found)};
}

bool is_licence(const SourceEntry& entry) {
  return entry.type == EntryType::file && entry.path.text().starts_with("usr/share/doc/") &&
         entry.path.name() == "copyright" && entry.size <= licence_size_max;
}

class Merge {
 public:
  struct Place {
    std::size_t deb;
    std::size_t member;
  };

  Result<void> add(const SourceFileName& source, std::size_t deb) {
    const auto& file = source.name;
    const auto control = TRY(read_deb_control(source));
    TRY(add_architecture(file, control.architecture));
    listing.components.push_back({control.package, control.version, control.architecture, control.scripts});
    const auto archive = TRY(open_deb(source, "data.tar"));
    while (true) {
      auto found = TRY(archive->next());
      if (!found) return {};
      newest_seconds =
          std::max(newest_seconds, found->entry.type == EntryType::directory ? 0 : found->seconds);
      if (is_licence(found->entry) && found->hard_link.empty())
        TRY(add_licence(control, *archive, found->entry));
      TRY(add_entry(file, std::move(*found), *archive, {deb, archive->count() - 1}));
    }
  }

  SourceListing listing{{}, {}, {}, {}, Instant::from_seconds(0).value()};
  std::vector<Place> places;
  std::int64_t newest_seconds = 0;

 private:
  Result<void> add_architecture(const std::string& file, const std::string& debian) {
    const std::string machine = machine_of(debian);
    if (machine.empty()) return refused(file, "an architecture that is known here", debian);
    if (listing.architecture.empty() || listing.architecture == "any") {
      listing.architecture = machine;
    } else if (machine != "any" && machine != listing.architecture) {
      return refused(file, listing.architecture + ", as the others", machine);
    }
    return {};
  }

  Result<void> add_licence(const DebControl& control, TarStream& archive, const SourceEntry& entry) {
    Bytes text(entry.size);
    TRY(archive.read(text));
    listing.licences +=
        "== " + control.package + " " + control.version + "\n\n" + valid_utf8(as_text(text)) + "\n";
    return {};
  }

  Result<void> add_entry(const std::string& file, TarStream::Entry found, TarStream& archive, Place place) {
    auto& entry = found.entry;
    const auto twin = by_path_.find(entry.path.text());
    if (twin != by_path_.end()) {
      const auto& other = listing.entries[twin->second];
      const bool same = other.type == EntryType::directory && entry.type == EntryType::directory &&
                        other.mode == entry.mode && other.uid == entry.uid && other.gid == entry.gid;
      return same ? Result<void>()
                  : refused(file, "nothing that another .deb file brings, too", entry.path.text());
    }
    if (!found.hard_link.empty()) {
      const auto target = by_path_.find(found.hard_link);
      if (target == by_path_.end() || listing.entries[target->second].type != EntryType::file)
        return refused(file, "hard links to earlier files", found.hard_link);
      const auto& original = listing.entries[target->second];
      entry.size = original.size;
      entry.same_as = original.same_as.value_or(target->second);
      TRY(archive.count_link(entry.size));
    }
    if (listing.entries.size() == entries_max) return refused(file, "at most a million entries", "more");
    by_path_.emplace(entry.path.text(), listing.entries.size());
    listing.entries.push_back(std::move(entry));
    places.push_back(place);
    return {};
  }

  std::map<std::string, std::size_t> by_path_;
};

}  // namespace

DebTreeSource::DebTreeSource(const std::vector<std::string>& files) {
  for (const auto& file : files) files_.push_back({file});
}
DebTreeSource::DebTreeSource(std::vector<SourceFileName> files) : files_(std::move(files)) {}
DebTreeSource::~DebTreeSource() = default;

Result<SourceListing> DebTreeSource::list() {
  Merge merge;
  for (std::size_t i = 0; i < files_.size(); ++i) TRY(merge.add(files_[i], i));
  places_.clear();
  sizes_.clear();
  for (std::size_t i = 0; i < merge.places.size(); ++i) {
    places_.push_back({merge.places[i].deb, merge.places[i].member});
    sizes_.push_back(merge.listing.entries[i].size);
  }
  merge.listing.newest = TRY(Instant::from_seconds(merge.newest_seconds));
  return std::move(merge.listing);
}

Result<std::unique_ptr<SourceFile>> DebTreeSource::open(std::size_t index) {
  CHECK(index < places_.size());
  const auto& place = places_[index];
  if (open_ == nullptr || open_deb_ != place.deb || open_->count() > place.member) {
    open_ = TRY(open_deb(files_[place.deb], "data.tar"));
    open_deb_ = place.deb;
  }
  while (open_->count() <= place.member) {
    const auto found = TRY(open_->next());
    if (!found)
      return refused(files_[place.deb].name, "a file that nobody changes", "another one than was listed");
  }
  return std::unique_ptr<SourceFile>(new OpenEntry(open_, sizes_[index]));
}

}  // namespace sallyport
