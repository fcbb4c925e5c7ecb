// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/package_writer.h"

#include <algorithm>

#include "core/format/zip.h"

namespace sallyport::vendor {
namespace {

constexpr std::size_t part_size = 4U << 20U;

// Writing and digesting the same bytes, side by side.
class DigestingSink {
 public:
  DigestingSink(ByteSink& to, Workers& workers) : to_(to), workers_(workers) {}

  Result<void> write(BytesView bytes) {
    size_ += bytes.size();
    return workers_.run(2, [&](std::size_t piece) -> Result<void> {
      if (piece == 0) return to_.write(bytes);
      hasher_.update(bytes);
      return {};
    });
  }
  WrittenPackage finish() { return {hasher_.finish_sha256(), size_}; }

 private:
  ByteSink& to_;
  Workers& workers_;
  Hasher hasher_{Sha2::sha256};
  std::uint64_t size_ = 0;
};

Result<void> write_member(const PackageMember& member, Bytes& buffer, DigestingSink& to) {
  for (std::uint64_t done = 0; done < member.size;) {
    const auto size = std::min<std::uint64_t>(member.size - done, part_size);
    if (buffer.size() < size) buffer.resize(size);
    const std::span<std::uint8_t> part(buffer.data(), size);
    TRY(member.source->read_at(member.offset + done, part));
    TRY(to.write(part));
    done += size;
  }
  return {};
}

}  // namespace

Result<WrittenPackage> write_package(const std::vector<PackageMember>& members, ByteSink& to,
                                     Workers& workers) {
  std::vector<ZipPlanMember> planned;
  for (const auto& member : members) planned.push_back({member.name, member.size, member.crc32});
  const ZipPlan plan = TRY(plan_zip(planned));
  DigestingSink sink(to, workers);
  Bytes buffer;
  for (std::size_t i = 0; i < members.size(); ++i) {
    TRY(sink.write(plan.local_headers[i]));
    TRY(write_member(members[i], buffer, sink));
  }
  TRY(sink.write(plan.tail));
  return sink.finish();
}

}  // namespace sallyport::vendor
