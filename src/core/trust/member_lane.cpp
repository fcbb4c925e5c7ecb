// SPDX-License-Identifier: Apache-2.0
#include "core/trust/member_lane.h"

#include <algorithm>

namespace sallyport::trust {
namespace {

// An archive of which only the frame is there; members read as zeros, and nobody looks at them.
class FrameSource final : public ByteSource {
 public:
  FrameSource(const std::map<std::uint64_t, Bytes>& frame, std::uint64_t size) : frame_(frame), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    std::fill(into.begin(), into.end(), std::uint8_t{0});
    for (const auto& [start, bytes] : frame_) {
      const auto from = std::max(start, offset);
      const auto to = std::min(start + bytes.size(), offset + into.size());
      for (auto at = from; at < to; ++at)
        into[static_cast<std::size_t>(at - offset)] = bytes[static_cast<std::size_t>(at - start)];
    }
    return {};
  }

 private:
  const std::map<std::uint64_t, Bytes>& frame_;
  std::uint64_t size_;
};

}  // namespace

MemberLane::MemberLane(const ZipDirectory& directory, std::vector<ExpectedDigest> expected)
    : directory_(directory), expected_(std::move(expected)) {
  CHECK(expected_.size() == directory_.members.size());
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < directory_.members.size(); ++i) {
    const auto& member = directory_.members[i];
    stretches_.push_back({end, member.data_offset, {}});
    end = member.data_offset + member.size;
    stretches_.push_back({member.data_offset, end, i});
  }
  stretches_.push_back({end, directory_.file_size, {}});
}

Result<void> MemberLane::end_member(std::size_t index) {
  const auto& member = directory_.members[index];
  const auto& expected = expected_[index];
  if (!hasher_) hasher_.emplace(expected.algorithm);  // an empty member
  const auto found = hasher_->finish();
  hasher_.reset();
  if (found != expected.digest) {
    return Error(Code::member_digest_mismatch, member.name.text(), hex(expected.digest), hex(found));
  }
  // After the digest: a CRC that differs although the bytes are the vendor's is a header that was changed.
  if (crc_ != member.crc32)
    return Error(Code::zip_checksum_mismatch, member.name.text(), std::to_string(member.crc32),
                 std::to_string(crc_));
  crc_ = 0;
  return {};
}

Result<void> MemberLane::end_stretches() {
  for (; current_ < stretches_.size() && position_ == stretches_[current_].end; ++current_) {
    const auto member = stretches_[current_].member;
    if (member) TRY(end_member(*member));
  }
  return {};
}

void MemberLane::take(BytesView part) {
  const auto& stretch = stretches_[current_];
  position_ += part.size();
  if (stretch.member) {
    if (!hasher_) hasher_.emplace(expected_[*stretch.member].algorithm);
    hasher_->update(part);
    crc_ = crc32(crc_, part);
    return;
  }
  // As large as the headers and the end records, which were bounded when the directory was read.
  auto& kept = frame_[stretch.start];
  kept.insert(kept.end(), part.begin(), part.end());
}

Result<void> MemberLane::update(BytesView next) {
  while (!next.empty()) {
    TRY(end_stretches());
    if (current_ == stretches_.size()) {
      return Error(Code::zip_bytes_unaccounted, "after the end record",
                   std::to_string(directory_.file_size) + " bytes", "more");
    }
    // Small enough that the second look at the bytes, for the CRC, finds them in the cache.
    constexpr std::uint64_t slice_size = 64ULL << 10U;
    const auto left = std::min(slice_size, stretches_[current_].end - position_);
    const auto part = next.first(static_cast<std::size_t>(std::min<std::uint64_t>(next.size(), left)));
    take(part);
    next = next.subspan(part.size());
  }
  return end_stretches();
}

Result<void> MemberLane::finish() const {
  CHECK(position_ == directory_.file_size);
  const Error changed(Code::zip_headers_disagree, "package", "the headers that were read at first",
                      "other headers");
  return check_as_planned(FrameSource(frame_, directory_.file_size), directory_).ok() ? Result<void>()
                                                                                      : changed;
}

}  // namespace sallyport::trust
