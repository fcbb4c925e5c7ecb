// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/rpms.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t entries_max = 1000000;
constexpr std::uint64_t licence_size_max = 1U << 20U;
constexpr std::uint64_t part_size = 1U << 18U;
constexpr std::uint32_t permissions = 07777;

struct MachineName {
  std::string_view rpm;
  std::string_view machine;
};
constexpr std::array<MachineName, 11> machine_names{{{"x86_64", "x86_64"},
                                                     {"aarch64", "aarch64"},
                                                     {"noarch", "any"},
                                                     {"i386", "i686"},
                                                     {"i586", "i686"},
                                                     {"i686", "i686"},
                                                     {"armv7hl", "armv7l"},
                                                     {"ppc64", "ppc64"},
                                                     {"ppc64le", "ppc64le"},
                                                     {"riscv64", "riscv64"},
                                                     {"s390x", "s390x"}}};

std::string machine_of(std::string_view rpm) {
  const auto* const found = std::find_if(machine_names.begin(), machine_names.end(),
                                         [&](const MachineName& one) { return one.rpm == rpm; });
  return found == machine_names.end() ? std::string() : std::string(found->machine);
}

Error refused(const std::string& where, std::string expected, std::string_view found) {
  return {Code::archive_malformed, where, std::move(expected), printable(found)};
}

class OpenMember final : public SourceFile {
 public:
  OpenMember(std::shared_ptr<RpmPayload> payload, std::uint64_t size)
      : payload_(std::move(payload)), rest_(size) {}
  Result<void> read(std::span<std::uint8_t> into) override {
    if (into.size() > rest_)
      return refused("a file of a payload", std::to_string(into.size()) + " more bytes, as listed",
                     std::to_string(rest_));
    rest_ -= into.size();
    return payload_->read(into);
  }

 private:
  std::shared_ptr<RpmPayload> payload_;
  std::uint64_t rest_;
};

}  // namespace

class RpmMerge {
 public:
  Result<void> add(const SourceFileName& source, const RpmPackage& package, std::size_t rpm) {
    where_ = source.name;
    by_inode_.clear();
    names_.clear();
    TRY(add_architecture(package.architecture));
    listing.components.push_back(
        {package.name, package.version, package.architecture, package.scripts, ComponentKind::rpm});
    listing.licences += "== " + package.name + " " + package.version + "\n\n" + package.licence + "\n";
    const auto payload = TRY(RpmPayload::open(source, package));
    while (const auto found = TRY(payload->next())) {
      const auto& file = package.files[found->file];
      if (file.type != EntryType::directory) newest_seconds = std::max(newest_seconds, file.seconds);
      if (file.type == EntryType::file && !found->has_content) {
        names_.push_back(&file);
        continue;
      }
      if (file.type == EntryType::file) TRY(check_content(*payload, file));
      if (file.type == EntryType::file && file.inode)
        by_inode_.emplace(*file.inode, Content{listing.entries.size(), &file});
      TRY(add_entry(file, {rpm, payload->count() - 1}));
    }
    for (const auto* file : names_) TRY(add_name(*file));
    return {};
  }

  SourceListing listing{{}, {}, {}, {}, Instant::from_seconds(0).value()};
  std::vector<RpmTreeSource::Place> places;
  std::int64_t newest_seconds = 0;

 private:
  Result<void> add_architecture(const std::string& rpm) {
    const auto machine = machine_of(rpm);
    if (machine.empty()) return refused(where_, "an architecture that is known here", rpm);
    if (listing.architecture.empty() || listing.architecture == "any") {
      listing.architecture = machine;
    } else if (machine != "any" && machine != listing.architecture) {
      return refused(where_, listing.architecture + ", as the others", machine);
    }
    return {};
  }

  // Licences are kept, as they go by.
  Result<void> check_content(RpmPayload& payload, const RpmFile& file) {
    const bool keep = file.licence && file.size <= licence_size_max;
    Hasher hasher(Sha2::sha256);
    std::string text;
    Bytes part;
    for (std::uint64_t done = 0; done < file.size; done += part.size()) {
      part.resize(static_cast<std::size_t>(std::min(part_size, file.size - done)));
      TRY(payload.read(part));
      hasher.update(part);
      if (keep) text += as_text(part);
    }
    if (keep) listing.licences += valid_utf8(text) + "\n";
    const auto digest = hasher.finish_sha256();
    if (file.digest && digest == *file.digest) return {};
    return refused(where_, file.path.text() + " of the digest in the header", digest.text());
  }

  Result<void> add_entry(const RpmFile& file, RpmTreeSource::Place place) {
    SourceEntry entry{file.path, file.type,        file.mode & permissions, 0, 0,
                      0,         file.link_target, file.capabilities,       {}};
    if (file.type == EntryType::link) entry.mode = 0777;
    if (file.type == EntryType::file) entry.size = file.size;
    const auto twin = by_path_.find(entry.path.text());
    if (twin != by_path_.end()) {
      const auto& other = listing.entries[twin->second];
      const bool same = other.type == EntryType::directory && entry.type == EntryType::directory &&
                        other.mode == entry.mode;
      return same ? Result<void>()
                  : refused(where_, "nothing that another .rpm file brings, too", entry.path.text());
    }
    if (listing.entries.size() == entries_max) return refused(where_, "at most a million entries", "more");
    by_path_.emplace(entry.path.text(), listing.entries.size());
    listing.entries.push_back(std::move(entry));
    places.push_back(place);
    return {};
  }

  // Another name of a file whose content came with the last of its names.
  Result<void> add_name(const RpmFile& file) {
    const auto content = by_inode_.find(*file.inode);
    if (content == by_inode_.end()) return refused(where_, "content for " + file.path.text(), "none");
    const auto target = content->second.entry;
    const auto& original = *content->second.file;
    if (original.size != file.size || original.mode != file.mode || original.digest != file.digest)
      return refused(where_, "one file of several names", file.path.text());
    const auto at = listing.entries.size();
    TRY(add_entry(file, places[target]));
    listing.entries[at].same_as = target;
    return {};
  }

  struct Content {
    std::size_t entry;  // of the listing
    const RpmFile* file;
  };
  std::string where_;
  std::map<std::string, std::size_t> by_path_;  // of listing.entries
  std::map<std::uint64_t, Content> by_inode_;   // of this package
  std::vector<const RpmFile*> names_;           // without content of their own, of this package
};

RpmTreeSource::~RpmTreeSource() = default;

Result<SourceListing> RpmTreeSource::list() {
  open_.reset();
  packages_.clear();
  for (const auto& file : files_) packages_.push_back(TRY(read_rpm(*TRY(open_source(file)))));
  RpmMerge merge;
  for (std::size_t i = 0; i < files_.size(); ++i) TRY(merge.add(files_[i], packages_[i], i));
  places_ = std::move(merge.places);
  sizes_.clear();
  for (const auto& entry : merge.listing.entries) sizes_.push_back(entry.size);
  merge.listing.newest = TRY(Instant::from_seconds(merge.newest_seconds));
  return std::move(merge.listing);
}

Result<std::unique_ptr<SourceFile>> RpmTreeSource::open(std::size_t index) {
  CHECK(index < places_.size());
  const auto& place = places_[index];
  if (open_ == nullptr || open_rpm_ != place.rpm || open_->count() > place.member) {
    open_ = TRY(RpmPayload::open(files_[place.rpm], packages_[place.rpm]));
    open_rpm_ = place.rpm;
  }
  while (open_->count() <= place.member) {
    const auto found = TRY(open_->next());
    if (!found)
      return refused(files_[place.rpm].name, "a file that nobody changes", "another one than was listed");
  }
  return std::unique_ptr<SourceFile>(new OpenMember(open_, sizes_[index]));
}

}  // namespace sallyport
