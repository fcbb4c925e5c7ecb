// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/scan_list.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <optional>

#include "core/crypto/file_digest.h"
#include "core/format/content.h"
#include "roles/operator/forms.h"

namespace sallyport::intake {
namespace {

constexpr std::string_view pack_name = "Artifacts/content.pack";
constexpr std::uint64_t part_size_max = 1U << 20U;

std::map<FileDigest, std::vector<std::string>> paths_by_content(const Tree& tree) {
  std::map<FileDigest, std::vector<std::string>> paths;
  for (const auto& entry : tree.entries) {
    if (entry.digest) paths[*entry.digest].push_back(entry.path.text());
  }
  return paths;
}

const ManifestEntry* listed(const Package& package, const ZipMember& member) {
  const auto& entries = package.manifest.entries;
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const ManifestEntry& entry) { return entry.source == member.name; });
  return found == entries.end() ? nullptr : &*found;
}

// The bytes of a member, checked against what the vendor signed: the digest of the manifest, or the manifest.
class SignedMember {
 public:
  SignedMember(const Package& package, const ZipMember& member) : member_(&member) {
    const auto* entry = listed(package, member);
    hasher_.emplace(entry == nullptr ? Sha2::sha256 : entry->algorithm);
    const auto manifest_digest = sha256(package.manifest_bytes);
    expected_ = entry == nullptr ? copy(manifest_digest.bytes()) : entry->digest;
  }
  void update(BytesView part) { hasher_->update(part); }
  Result<void> finish() {
    const auto found = hasher_->finish();
    if (found == expected_) return {};
    return Error(Code::member_digest_mismatch, member_->name.text(), hex(expected_), hex(found));
  }

 private:
  const ZipMember* member_;
  std::optional<Hasher> hasher_;
  Bytes expected_;
};

// The words are those of the engine that opens archives: it is the one that asks what a content is.
void judge_names(const ScanItem& item, Form form, Looked& looked) {
  auto& answer = looked.answers.back();
  if (answer.result != ScanResult::clean) return;  // what was not looked at is not hidden
  for (const auto& place : item.places) {
    auto disguise = other_than_named(form, place);
    if (!disguise) continue;
    answer = {ScanResult::found, *std::move(disguise), Code::content_disguised};
    looked.said.push_back({looked.answers.size() - 1, answer});
    return;
  }
}

// Scans one item after the other.
class Lane {
 public:
  Lane(const ByteSource& file, const Package& package, const Party& party)
      : file_(&file), package_(&package), party_(&party), reader_(reader_of(file, package)) {}

  Result<ScannedItem> scan(const ScanItem& item) {
    const auto* const* object = std::get_if<const ContentObject*>(&item.what);
    const auto look = TRY(Look::begin(*party_, item.size, object == nullptr ? nullptr : &(*object)->digest));
    FileDigester digester;  // of a member: the reader has digested an object
    std::uint64_t size = 0;
    Bytes head;
    const ContentReader::Sink sink = [&](BytesView part) {
      const auto wanted = std::min(part.size(), form_head_size - head.size());
      head.insert(head.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(wanted));
      if (object == nullptr) digester.update(part);
      size += part.size();
      return look->feed(part);
    };
    TRY(read(item, sink));
    auto looked = TRY(look->finish());
    if (party_->unpacker != nullptr) judge_names(item, form_of(head), looked);
    return ScannedItem{std::move(looked), object == nullptr ? digester.finish() : (*object)->digest, size};
  }

 private:
  static ContentReader reader_of(const ByteSource& file, const Package& package) {
    const auto* pack = package.directory.find(pack_name);
    CHECK(pack != nullptr);
    return {file, pack->data_offset, pack->size};
  }

  Result<void> read(const ScanItem& item, const ContentReader::Sink& sink) {
    if (const auto* const* object = std::get_if<const ContentObject*>(&item.what))
      return reader_.read(**object, sink);
    return read_member(*std::get<const ZipMember*>(item.what), sink);
  }

  Result<void> read_member(const ZipMember& member, const ContentReader::Sink& sink) {
    SignedMember check(*package_, member);
    for (std::uint64_t done = 0; done < member.size;) {
      const auto size = std::min(member.size - done, part_size_max);
      const auto part = TRY(file_->read(member.data_offset + done, size, part_size_max));
      check.update(part);
      TRY(sink(part));
      done += size;
    }
    return check.finish();
  }

  const ByteSource* file_;
  const Package* package_;
  const Party* party_;
  ContentReader reader_;
};

std::string place_of(const ScanItem& item) {
  return item.places.empty() ? "content" : item.places.front();
}

}  // namespace

std::vector<ScanItem> list_items(const Package& package) {
  auto paths = paths_by_content(package.tree);
  std::vector<ScanItem> items;
  for (const auto& object : package.tree.objects)
    items.push_back({std::move(paths[object.digest]), object.size, &object});
  for (const auto& member : package.directory.members) {
    if (member.name.text() != pack_name) items.push_back({{member.name.text()}, member.size, &member});
  }
  return items;
}

Result<std::vector<ScannedItem>> scan_each(const std::vector<ScanItem>& items,
                                           const std::function<ScanOne()>& lane, Workers& workers) {
  std::vector<std::optional<ScannedItem>> scanned(items.size());
  std::atomic<std::size_t> next = 0;
  std::atomic_flag failed;
  TRY(workers.run(workers.width(), [&](std::size_t) -> Result<void> {
    const auto scan = lane();
    for (auto i = next++; i < items.size() && !failed.test(); i = next++) {
      auto result = scan(items[i]).within("scanning " + place_of(items[i]));
      if (!result.ok()) {
        failed.test_and_set();
        return result.take_error();
      }
      scanned[i] = std::move(result).value();
    }
    return {};
  }));
  std::vector<ScannedItem> answers;
  answers.reserve(scanned.size());
  for (auto& one : scanned) {
    CHECK(one.has_value());
    answers.push_back(std::move(*one));
  }
  return answers;
}

Result<std::vector<ScannedItem>> scan_items(const ByteSource& file, const Package& package,
                                            const std::vector<ScanItem>& items, const Party& party,
                                            Workers& workers) {
  const auto lane = [&]() -> ScanOne {
    const auto one = std::make_shared<Lane>(file, package, party);
    return [one](const ScanItem& item) { return one->scan(item); };
  };
  return scan_each(items, lane, workers);
}

}  // namespace sallyport::intake
