// SPDX-License-Identifier: Apache-2.0
// Archives of other tools with values of 64 bits, where they are needed and where not.
#include <gtest/gtest.h>

#include <set>

#include "core/format/archive.h"
#include "core/format/zip_wire.h"

namespace sallyport {
namespace {

struct Seen {
  std::vector<Error> findings;
  std::optional<Archive> archive;
};

Seen see(BytesView bytes, ArchiveForm form = ArchiveForm::any) {
  Findings findings;
  auto archive = read_archive(MemorySource(bytes), form, findings);
  CHECK(archive.ok());
  return {findings.sorted(), std::move(archive).value()};
}

// As Python writes from 2 GiB on: values in ZIP64 that would fit, and the same end twice.
struct Zip64 {
  bool sizes = true;
  bool offset = true;
  std::uint16_t local_version = 45;
  std::uint64_t add_size = 0;  // lies
  std::uint64_t add_offset = 0;
  std::uint64_t add_directory = 0;
  unsigned more = 0;   // further values in the directory
  unsigned twice = 0;  // times that the block stands there
};

Bytes zip64_archive(const Zip64& how) {
  const Bytes data = {1, 2, 3};
  const auto crc = crc32(0, data);
  Bytes out;
  const auto header = [&](std::uint16_t version, bool marked, std::size_t extra) {
    for (const std::uint16_t field :
         {version, std::uint16_t{0}, std::uint16_t{0}, std::uint16_t{0}, std::uint16_t{0x21}})
      zip::put(out, field);
    zip::put(out, crc);
    for (int i = 0; i < 2; ++i) zip::put(out, marked ? zip::max32 : std::uint32_t{3});
    zip::put(out, std::uint16_t{1});
    zip::put(out, static_cast<std::uint16_t>(extra));
  };
  const auto values = [&](const std::vector<std::uint64_t>& list) {
    if (list.empty()) return;
    zip::put(out, zip::zip64_extra_id);
    zip::put(out, static_cast<std::uint16_t>(8 * list.size()));
    for (const auto value : list) zip::put(out, value);
  };
  const std::uint64_t size = 3 + how.add_size;
  zip::put(out, zip::local_signature);
  header(how.local_version, how.sizes, how.sizes ? 20 : 0);
  out.push_back('a');
  if (how.sizes) values({size, size});
  out.insert(out.end(), data.begin(), data.end());
  const std::uint64_t start = out.size();
  std::vector<std::uint64_t> list;
  if (how.sizes) list = {size, size};
  if (how.offset) list.push_back(how.add_offset);
  zip::put(out, zip::central_signature);
  zip::put(out, std::uint16_t{0x031e});
  for (unsigned i = 0; i < how.more; ++i) list.push_back(3);
  header(list.empty() ? 20 : 45, how.sizes, (list.empty() ? 0 : 4 + 8 * list.size()) * (1 + how.twice));
  for (int i = 0; i < 3; ++i) zip::put(out, std::uint16_t{0});
  zip::put(out, std::uint32_t{0100644U << 16U});
  zip::put(out, how.offset ? zip::max32 : std::uint32_t{0});
  out.push_back('a');
  for (unsigned i = 0; i <= how.twice; ++i) values(list);
  const std::uint64_t end = out.size();
  zip::put(out, zip::end64_signature);
  zip::put(out, std::uint64_t{44});
  zip::put(out, std::uint16_t{0x032d});
  zip::put(out, zip::version_zip64);
  zip::put(out, std::uint64_t{0});
  for (const std::uint64_t value :
       {std::uint64_t{1}, std::uint64_t{1}, end - start, start + how.add_directory})
    zip::put(out, value);
  zip::put(out, zip::locator64_signature);
  zip::put(out, std::uint32_t{0});
  zip::put(out, end);
  zip::put(out, std::uint32_t{1});
  zip::put(out, zip::end_signature);
  zip::put(out, std::uint32_t{0});
  for (int i = 0; i < 2; ++i) zip::put(out, std::uint16_t{1});
  zip::put(out, static_cast<std::uint32_t>(end - start));
  zip::put(out, static_cast<std::uint32_t>(start));
  zip::put(out, std::uint16_t{0});
  return out;
}

TEST(Archive, B16_Zip64WhereItIsNotNeededSaysTheSame) {
  for (const auto& how :
       {Zip64{}, Zip64{true, false}, Zip64{false, true}, Zip64{false, true, 20}, Zip64{false, true, 10}}) {
    const auto bytes = zip64_archive(how);
    const auto seen = see(bytes);
    ASSERT_TRUE(seen.findings.empty()) << how.local_version << " " << seen.findings[0].where << " "
                                       << seen.findings[0].expected << " " << seen.findings[0].found;
    EXPECT_EQ(read_archived(MemorySource(bytes), *seen.archive->find("a"), 3).value(), (Bytes{1, 2, 3}));
    EXPECT_FALSE(see(bytes, ArchiveForm::profile).findings.empty()) << "packages of ours have one spelling";
    EXPECT_FALSE(read_zip(MemorySource(bytes)).ok());
  }
}

TEST(Archive, B16_Zip64ThatSaysAnotherThing) {
  const auto found = [](const Zip64& how) { return !see(zip64_archive(how)).findings.empty(); };
  for (const std::uint64_t lie : {std::uint64_t{1}, std::uint64_t{0} - 1, std::uint64_t{1} << 32U,
                                  std::uint64_t{1} << 63U, ~std::uint64_t{0} - 3}) {
    EXPECT_TRUE(found({true, true, 45, lie})) << lie;
    EXPECT_TRUE(found({true, true, 45, 0, lie})) << lie;
    EXPECT_TRUE(found({false, true, 20, 0, lie})) << lie;
    EXPECT_TRUE(found({true, true, 45, 0, 0, lie})) << lie;
  }
  EXPECT_TRUE(found({true, true, 20})) << "sizes of ZIP64 in a header of an old version";
  EXPECT_TRUE(found({true, false, 20}));
  EXPECT_TRUE(found({false, true, 30}));
  EXPECT_TRUE(found({true, true, 45, 0, 0, 0, 1})) << "more values than fields ask for";
  EXPECT_TRUE(found({true, true, 45, 0, 0, 0, 0, 1})) << "two blocks";
  // Every bit counts, but for the version of the writer and the permissions.
  const auto good = zip64_archive({});
  std::size_t accepted = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto bytes = good;
      bytes[at] ^= static_cast<std::uint8_t>(1U << bit);
      const auto seen = see(bytes);
      const bool data = at >= 51 && at < 54;  // its digest is for others to compare
      if (seen.findings.empty() && !data) ++accepted;
    }
  }
  EXPECT_LE(accepted, 2U * 7 + 9 + 2);
}

// One member that says to hold a terabyte and a byte, in eight gigabytes that nobody has to store.
class Hole final : public ByteSource {
 public:
  Hole(Bytes front, std::uint64_t size, Bytes back)
      : front_(std::move(front)), hole_(size), back_(std::move(back)) {}
  std::uint64_t size() const override { return front_.size() + hole_ + back_.size(); }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    for (auto& byte : into) byte = at(offset++);
    return {};
  }

 private:
  std::uint8_t at(std::uint64_t offset) const {
    if (offset < front_.size()) return front_[static_cast<std::size_t>(offset)];
    offset -= front_.size();
    return offset < hole_ ? std::uint8_t{0} : back_.at(static_cast<std::size_t>(offset - hole_));
  }
  Bytes front_;
  std::uint64_t hole_;
  Bytes back_;
};

std::set<Code> codes_of_large(std::uint64_t size, std::uint64_t stored) {
  const auto header = [](Bytes& out) {
    for (const std::uint16_t field : std::vector<std::uint16_t>{45, 0, 8, 0, 0x21}) zip::put(out, field);
    for (const std::uint32_t field : {std::uint32_t{0}, zip::max32, zip::max32}) zip::put(out, field);
    zip::put(out, std::uint16_t{1});
    zip::put(out, std::uint16_t{20});
  };
  const auto values = [&](Bytes& out) {
    out.push_back('a');
    zip::put(out, zip::zip64_extra_id);
    zip::put(out, std::uint16_t{16});
    zip::put(out, size);
    zip::put(out, stored);
  };
  Bytes front;
  zip::put(front, zip::local_signature);
  header(front);
  values(front);
  Bytes back;
  zip::put(back, zip::central_signature);
  zip::put(back, std::uint16_t{0x031e});
  header(back);
  for (int i = 0; i < 3; ++i) zip::put(back, std::uint16_t{0});
  zip::put(back, std::uint32_t{0100644U << 16U});
  zip::put(back, std::uint32_t{0});
  values(back);
  const std::uint64_t start = front.size() + stored;
  const std::uint64_t directory = back.size();
  zip::put(back, zip::end64_signature);
  zip::put(back, std::uint64_t{44});
  zip::put(back, std::uint16_t{0x032d});
  zip::put(back, zip::version_zip64);
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1}, directory, start})
    zip::put(back, value);
  zip::put(back, zip::locator64_signature);
  zip::put(back, std::uint32_t{0});
  zip::put(back, start + directory);
  zip::put(back, std::uint32_t{1});
  zip::put(back, zip::end_signature);
  zip::put(back, std::uint32_t{0});
  for (int i = 0; i < 2; ++i) zip::put(back, std::uint16_t{1});
  zip::put(back, static_cast<std::uint32_t>(directory));
  zip::put(back, zip::max32);
  zip::put(back, std::uint16_t{0});
  Findings findings;
  CHECK(read_archive(Hole(front, stored, back), ArchiveForm::any, findings).ok());
  std::set<Code> all;
  for (const auto& finding : findings.sorted()) all.insert(finding.code);
  return all;
}

TEST(Archive, B22_AllTogetherAtMostATerabyte) {
  const auto terabyte = std::uint64_t{1} << 40U;
  EXPECT_EQ(codes_of_large(terabyte, terabyte / 100), std::set<Code>{});
  EXPECT_EQ(codes_of_large(terabyte + 1, terabyte / 100), std::set<Code>{Code::zip_limit_exceeded});
  EXPECT_EQ(codes_of_large(terabyte, terabyte / 201), std::set<Code>{Code::zip_limit_exceeded})
      << "the ratio";
  EXPECT_EQ(codes_of_large(~std::uint64_t{0}, terabyte / 100), std::set<Code>{Code::zip_limit_exceeded});
}

}  // namespace
}  // namespace sallyport
