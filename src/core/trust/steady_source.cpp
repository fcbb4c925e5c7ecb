// SPDX-License-Identifier: Apache-2.0
#include "core/trust/steady_source.h"

#include <algorithm>

namespace sallyport::trust {
namespace {

constexpr std::uint64_t part_size_min = 64ULL << 10U;
constexpr std::uint64_t parts_max = 1ULL << 16U;

std::uint64_t part_size_for(std::uint64_t file_size) {
  std::uint64_t size = part_size_min;
  while (size * parts_max < file_size) size *= 2;
  return size;
}

}  // namespace

SteadySource::SteadySource(const ByteSource& file, std::uint64_t part_size)
    : file_(&file), size_(file.size()), part_size_(part_size), digest_(sha256({})) {}

Result<SteadySource> SteadySource::begin(const ByteSource& file) {
  SteadySource steady(file, part_size_for(file.size()));
  Hasher whole(Sha2::sha256);
  for (std::uint64_t done = 0; done < steady.size_;) {
    const auto size = std::min(steady.part_size_, steady.size_ - done);
    const auto part = TRY(file.read(done, size, steady.part_size_));
    whole.update(part);
    steady.parts_.push_back(sha256(part));
    done += size;
  }
  steady.digest_ = whole.finish_sha256();
  return steady;
}

Result<void> SteadySource::read_at(std::uint64_t offset, std::span<std::uint8_t> into) const {
  if (offset > size_ || into.size() > size_ - offset) {
    return Error(Code::truncated, "package", "bytes up to " + std::to_string(offset + into.size()),
                 std::to_string(size_) + " bytes");
  }
  while (!into.empty()) {
    const auto index = offset / part_size_;
    const auto start = index * part_size_;
    const auto part = TRY(file_->read(start, std::min(part_size_, size_ - start), part_size_));
    if (sha256(part) != parts_[static_cast<std::size_t>(index)]) {
      return Error(Code::member_digest_mismatch, "package at byte " + std::to_string(start),
                   "the bytes that were read at first", "others");
    }
    const auto wanted = BytesView(part).subspan(static_cast<std::size_t>(offset - start));
    const auto size = std::min(wanted.size(), into.size());
    std::copy_n(wanted.begin(), size, into.begin());
    into = into.subspan(size);
    offset += size;
  }
  return {};
}

}  // namespace sallyport::trust
