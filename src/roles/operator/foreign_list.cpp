// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/foreign_list.h"

#include <algorithm>
#include <utility>

#include "core/crypto/file_digest.h"

namespace sallyport::intake {
namespace {

constexpr std::size_t place_size_max = 4096;

}  // namespace

ForeignContents::ForeignContents(trust::SteadySource file, const ForeignPackage& package)
    : file_(std::move(file)), package_(&package) {}

Result<std::unique_ptr<ForeignContents>> ForeignContents::open(const ByteSource& file,
                                                               const ForeignPackage& package,
                                                               const ScratchMaker& scratch) {
  auto steady = TRY(trust::SteadySource::begin(file));
  if (steady.digest() != package.digest)
    return Error(Code::member_digest_mismatch, "the package", package.digest.text(), steady.digest().text());
  std::unique_ptr<ForeignContents> contents(new ForeignContents(std::move(steady), package));
  TRY(contents->open_csar(scratch));
  contents->list_items();
  return contents;
}

Result<void> ForeignContents::open_csar(const ScratchMaker& scratch) {
  if (package_->outer.empty()) return {};
  const auto& csar = package_->outer.front();
  if (csar.coding == Coding::stored) {
    stored_.emplace(file_, csar);
    return {};
  }
  scratch_ = TRY(scratch());
  TRY(read_archived(file_, csar, [&](BytesView part) { return scratch_->write(part); }));
  return {};
}

void ForeignContents::list_items() {
  const auto& outer = package_->outer;
  const auto inside = outer.empty() ? std::string() : outer.front().name.text() + ": ";
  for (const auto& member : package_->members) {
    const auto& name = member.name.text();
    // A verdict has room for the longest path, and no more.
    const bool fits = inside.size() + name.size() <= place_size_max;
    items_.push_back({{fits ? inside + name : name}, member.size, &member});
  }
  for (std::size_t i = 1; i < outer.size(); ++i)
    items_.push_back({{outer[i].name.text()}, outer[i].size, &outer[i]});
}

const ByteSource& ForeignContents::file_of(const ArchiveMember& member) const {
  const auto& outer = package_->outer;
  const bool is_outer =
      std::any_of(outer.begin(), outer.end(), [&](const ArchiveMember& one) { return &one == &member; });
  if (outer.empty() || is_outer) return file_;
  if (stored_) return *stored_;
  return *scratch_;
}

// The directory was verified with the bytes that file_ gives, so a member is what it was then.
Result<ScannedItem> ForeignContents::scan_one(const ScanItem& item, const Party& party) const {
  const auto& member = *std::get<const ArchiveMember*>(item.what);
  const auto look = TRY(Look::begin(party, member.size));
  FileDigester digester;
  std::uint64_t size = 0;
  const auto crc = TRY(read_archived(file_of(member), member, [&](BytesView part) -> Result<void> {
    digester.update(part);
    size += part.size();
    return look->feed(part);
  }));
  if (crc != member.crc32) {
    return Error(Code::zip_checksum_mismatch, item.places.front(), std::to_string(member.crc32),
                 std::to_string(crc));
  }
  auto looked = TRY(look->finish());
  return ScannedItem{std::move(looked), digester.finish(), size};
}

Result<std::vector<ScannedItem>> ForeignContents::scan(const Party& party, Workers& workers) const {
  const auto lane = [&]() -> ScanOne { return [&](const ScanItem& item) { return scan_one(item, party); }; };
  return scan_each(items_, lane, workers);
}

}  // namespace sallyport::intake
