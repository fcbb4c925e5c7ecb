// SPDX-License-Identifier: Apache-2.0
#include "core/trust/csar_member.h"

#include <algorithm>
#include <vector>

#include "core/base/checked.h"
#include "core/format/archive.h"
#include "core/trust/publisher_proof.h"

namespace sallyport::trust {
namespace {

class Range final : public ByteSource {
 public:
  Range(const ByteSource& file, std::uint64_t offset, std::uint64_t size)
      : file_(&file), offset_(offset), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    if (!inside(offset, into.size(), size_))
      return Error(Code::truncated, "a member", "bytes inside of it", std::to_string(offset));
    return file_->read_at(offset_ + offset, into);
  }

 private:
  const ByteSource* file_;
  std::uint64_t offset_;
  std::uint64_t size_;
};

// A member, and everything that it is read from.
class Member {
 public:
  explicit Member(std::shared_ptr<const SteadySource> csar) : csar_(std::move(csar)) {}

  // The CSAR of option 2, as an archive of its own.
  Result<void> enter(const ScratchOf& scratch) {
    Findings findings;
    const auto outer = TRY(read_archive(*csar_, ArchiveForm::any, findings));
    CHECK(outer && findings.none());  // or there would be no proof
    const auto found =
        std::find_if(outer->members.begin(), outer->members.end(),
                     [](const ArchiveMember& one) { return one.name.text().ends_with(".csar"); });
    CHECK(found != outer->members.end());
    inner_ = TRY(open(*csar_, *found, scratch));
    return {};
  }

  Result<void> find(const ArchiveMember& member, const ScratchOf& scratch) {
    const ByteSource& archive = inner_ ? *inner_ : static_cast<const ByteSource&>(*csar_);
    content_ = TRY(open(archive, member, scratch));
    steady_.emplace(TRY(SteadySource::begin(*content_)));
    return {};
  }

  const SteadySource& steady() const { return *steady_; }

 private:
  static Result<std::unique_ptr<ByteSource>> open(const ByteSource& archive, const ArchiveMember& member,
                                                  const ScratchOf& scratch) {
    if (member.coding == Coding::stored)
      return std::unique_ptr<ByteSource>(std::make_unique<Range>(archive, member.data_offset, member.size));
    auto room = TRY(scratch());
    TRY(read_archived(archive, member, [&](BytesView part) { return room->write(part); }));
    return std::unique_ptr<ByteSource>(std::move(room));
  }

  std::shared_ptr<const SteadySource> csar_;
  std::unique_ptr<ByteSource> inner_;
  std::unique_ptr<ByteSource> content_;
  std::optional<SteadySource> steady_;
};

// By the manifest, or by the signature around the whole CSAR.
Result<void> check_covered(const ForeignPackage& package, const RelativePath& member) {
  if (package.option == SecurityOption::option_2) return {};
  const auto& entries = package.manifest.entries;
  const bool listed = std::any_of(entries.begin(), entries.end(),
                                  [&](const Sol004Entry& entry) { return entry.source == member; });
  if (listed) return {};
  return Error(Code::package_member_unlisted, member.text(), "an entry of the manifest", "none");
}

std::string signers_of(const ForeignPackage& package) {
  std::string text = "source " + package.source.text();
  for (const auto& signer : package.signers) text += ", " + signer;
  return text;
}

}  // namespace

Result<Published> published_member(const NamedFile& csar, const Verified<ForeignPackage>& proof,
                                   const RelativePath& member, const Sha256Digest& policy,
                                   const ScratchOf& scratch) {
  CHECK(proof->digest == csar.bytes->digest());
  const auto found = std::find_if(proof->members.begin(), proof->members.end(),
                                  [&](const ArchiveMember& one) { return one.name == member; });
  if (found == proof->members.end())
    return Error(Code::usage_error, "--member", "a member of " + csar.name, member.text());
  TRY(check_covered(*proof, member));
  auto held = std::make_shared<Member>(csar.bytes);
  if (proof->option == SecurityOption::option_2) TRY(held->enter(scratch));
  TRY(held->find(*found, scratch));
  const std::shared_ptr<const SteadySource> steady(held, &held->steady());
  return PublisherProof::of({csar.name + ", " + member.text(), steady},
                            {SignerForm::policy, policy.text(), signers_of(*proof)});
}

}  // namespace sallyport::trust
