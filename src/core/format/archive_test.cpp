// SPDX-License-Identifier: Apache-2.0
#include "core/format/archive.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/format/zip_wire.h"
#include "testkit/foreign.h"
#include "testkit/mutants.h"
#include "testkit/package.h"
#include "testkit/raw_zip.h"

namespace sallyport {
namespace {

using testkit::deflated;
using testkit::RawArchive;
using testkit::RawMember;

Bytes descriptor_of(const RawMember& member) {
  Bytes out;
  zip::put(out, std::uint32_t{0x08074b50});
  zip::put(out, member.central.crc);
  zip::put(out, member.central.stored_size);
  zip::put(out, member.central.size);
  return out;
}

// As other tools write it: a folder, a deflated member with a data descriptor and times, a stored one.
RawArchive foreign() {
  auto raw = testkit::dissect(testkit::make_zip(
      {{"Files/one", Bytes(3000, 'a')}, {"Files/two", {1, 2, 3}}, {"Files/three", Bytes(70000, 'b')}}));
  auto& one = raw.members[0];
  one.data = deflated(one.data);
  for (auto* const header : {&one.local, &one.central}) {
    header->method = 8;
    header->flags = 8;
    header->stored_size = static_cast<std::uint32_t>(one.data.size());
  }
  one.local.crc = one.local.stored_size = one.local.size = 0;
  one.local.extra = {0x55, 0x54, 5, 0, 1, 0, 0, 0, 0};
  one.central.extra = one.local.extra;
  const auto descriptor = descriptor_of(one);
  raw.members[1].gap_before = descriptor;  // stands behind the data of the first
  RawMember folder = raw.members[1];
  folder.gap_before.clear();
  folder.data.clear();
  folder.external = (040755U << 16U) | 0x10U;
  for (auto* const header : {&folder.local, &folder.central}) {
    header->name = "Files/";
    header->crc = header->stored_size = header->size = 0;
  }
  raw.members.insert(raw.members.begin(), folder);
  auto& three = raw.members[3];
  three.data = deflated(three.data);
  for (auto* const header : {&three.local, &three.central}) {
    header->method = 8;
    header->stored_size = static_cast<std::uint32_t>(three.data.size());
  }
  return raw;
}

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

std::set<Code> codes(const Seen& seen) {
  std::set<Code> all;
  for (const auto& finding : seen.findings) all.insert(finding.code);
  return all;
}

std::set<Code> codes_of(const std::function<void(RawArchive&)>& edit) {
  auto raw = foreign();
  edit(raw);
  return codes(see(testkit::print(raw)));
}

TEST(Archive, ReadsWhatOtherToolsWrite) {
  const auto bytes = testkit::print(foreign());
  const auto seen = see(bytes);
  ASSERT_TRUE(seen.findings.empty()) << seen.findings[0].where << " " << seen.findings[0].expected << " "
                                     << seen.findings[0].found;
  ASSERT_EQ(seen.archive->members.size(), 3U);
  EXPECT_EQ(seen.archive->folders, 1U);
  const MemorySource source(bytes);
  EXPECT_EQ(read_archived(source, *seen.archive->find("Files/one"), 3000).value(), Bytes(3000, 'a'));
  EXPECT_EQ(read_archived(source, *seen.archive->find("Files/two"), 3).value(), (Bytes{1, 2, 3}));
  EXPECT_EQ(read_archived(source, *seen.archive->find("Files/three"), 70000).value(), Bytes(70000, 'b'));
  EXPECT_EQ(read_archived(source, *seen.archive->find("Files/three"), 69999).error().code,
            Code::zip_limit_exceeded);
}

TEST(Archive, MembersMayStandInAnyOrder) {
  auto raw = testkit::dissect(testkit::make_zip({{"a", {1}}, {"b", {2}}}));
  auto bytes = testkit::print(raw);
  const auto central = bytes.size() - 22 - 2 * 47;
  std::rotate(bytes.begin() + static_cast<std::ptrdiff_t>(central),
              bytes.begin() + static_cast<std::ptrdiff_t>(central + 47), bytes.end() - 22);
  EXPECT_TRUE(see(bytes).findings.empty());
  EXPECT_EQ(codes(see(bytes, ArchiveForm::profile)), std::set<Code>{Code::zip_bytes_unaccounted});
}

TEST(Archive, EverythingThatIsWrongIsFound) {
  const auto found = codes_of([](RawArchive& raw) {
    for (auto* const header : {&raw.members[0].local, &raw.members[0].central}) header->name = "../x/";
    raw.members[1].local.date ^= 1U;
    raw.members[2].external = 0120777U << 16U;
    raw.gap_before_directory = {0};
    raw.gap_before_end = {0, 0};
  });
  EXPECT_EQ(found, (std::set<Code>{Code::zip_name_invalid, Code::zip_headers_disagree,
                                   Code::zip_member_unsupported, Code::zip_bytes_unaccounted}));
}

// What any of it is wrong with is no member: nobody reads it by mistake.
TEST(Archive, MembersWithFindingsAreLeftOut) {
  auto raw = foreign();
  raw.members[1].local.date ^= 1U;
  const auto seen = see(testkit::print(raw));
  ASSERT_TRUE(seen.archive);
  EXPECT_EQ(seen.archive->find("Files/one"), nullptr);
  EXPECT_NE(seen.archive->find("Files/two"), nullptr);
  // One that reaches into the directory.
  auto far = testkit::dissect(testkit::make_zip({{"a", {1}}, {"b", {2}}}));
  for (auto* const header : {&far.members[1].local, &far.members[1].central})
    header->size = header->stored_size = 40;
  const auto beyond = see(testkit::print(far));
  EXPECT_EQ(codes(beyond), std::set<Code>{Code::zip_bytes_unaccounted});
  EXPECT_EQ(beyond.archive->find("b"), nullptr);
}

TEST(Archive, B09_MoreMembersThanTheLimitAreNotRead) {
  testkit::Members members;
  for (int i = 0; i < 20; ++i) members.push_back({"m" + std::to_string(i), {}});
  const auto bytes = testkit::make_zip(members);
  Findings findings;
  const auto archive =
      read_archive(MemorySource(bytes), ArchiveForm::any, findings, {19, 1U << 20U, 1U << 20U}).value();
  EXPECT_FALSE(archive);
  ASSERT_EQ(findings.count(), 1U);
  EXPECT_EQ(findings.sorted()[0].code, Code::zip_limit_exceeded);
}

TEST(Archive, B06_FoldersHoldNothing) {
  const auto with = [](const std::function<void(RawMember&)>& edit) {
    return codes_of([&](RawArchive& raw) { edit(raw.members[0]); });
  };
  const std::set<Code> unsupported{Code::zip_member_unsupported};
  EXPECT_EQ(with([](RawMember&) {}), std::set<Code>{});
  EXPECT_EQ(with([](RawMember& folder) {
              folder.data = {1};
              for (auto* const header : {&folder.local, &folder.central})
                header->size = header->stored_size = 1;
            }),
            unsupported);
  EXPECT_EQ(with([](RawMember& folder) { folder.local.crc = folder.central.crc = 1; }), unsupported);
  EXPECT_EQ(with([](RawMember& folder) { folder.external = 0100644U << 16U; }), unsupported)
      << "a file, by its kind";
}

TEST(Archive, B08_ExtraFieldsThatNobodyKnows) {
  const auto with = [](const Bytes& local, const Bytes& central) {
    return codes_of([&](RawArchive& raw) {
      raw.members[2].local.extra = local;
      raw.members[2].central.extra = central;
    });
  };
  const Bytes times = {0x55, 0x54, 1, 0, 0};
  const Bytes unknown = {0x99, 0x99, 1, 0, 0};
  const Bytes unicode_path = {0x75, 0x70, 1, 0, 1};  // another name, to those who know it
  const Bytes zip64 = {1, 0, 8, 0, 3, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(with(times, {}), std::set<Code>{});
  for (const auto& extra : {unknown, unicode_path, zip64, Bytes{0x55, 0x54, 2, 0, 0}, Bytes{0x55, 0x54, 1}}) {
    EXPECT_TRUE(with({}, extra).contains(Code::zip_malformed));
    EXPECT_TRUE(with(extra, {}).contains(Code::zip_headers_disagree));
  }
  // Where a descriptor follows, the local header leaves the sizes out, in ZIP64, too.
  EXPECT_EQ(codes_of([](RawArchive& raw) {
              raw.members[1].local.extra = {1, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
            }),
            std::set<Code>{Code::zip_headers_disagree});
}

TEST(Archive, B07_VersionsThatAreNeeded) {
  for (const std::uint16_t version : std::vector<std::uint16_t>{0, 9, 11, 21, 30, 45, 46, 63}) {
    EXPECT_EQ(codes_of([&](RawArchive& raw) {
                raw.members[2].local.version = raw.members[2].central.version = version;
              }),
              std::set<Code>{Code::zip_malformed})
        << version;
  }
  EXPECT_EQ(
      codes_of([](RawArchive& raw) { raw.members[2].local.version = raw.members[2].central.version = 10; }),
      std::set<Code>{});
}

TEST(Archive, B22_NoMoreComesOutThanWasSaid) {
  auto raw = foreign();
  for (auto* const header : {&raw.members[3].local, &raw.members[3].central}) header->size = 10;
  const auto bytes = testkit::print(raw);
  const auto seen = see(bytes);
  std::size_t out = 0;
  const auto read = read_archived(MemorySource(bytes), *seen.archive->find("Files/three"),
                                  [&](BytesView part) -> Result<void> {
                                    out += part.size();
                                    return {};
                                  });
  EXPECT_EQ(read.error().code, Code::zip_data_malformed);
  EXPECT_LE(out, 10U);
}

TEST(Archive, B07_DescriptorsAgree) {
  for (const std::size_t at : {4U, 8U, 12U}) {
    EXPECT_EQ(codes_of([&](RawArchive& raw) { raw.members[2].gap_before[at] ^= 1U; }),
              std::set<Code>{Code::zip_headers_disagree});
  }
  EXPECT_EQ(codes_of([](RawArchive& raw) { raw.members[2].gap_before[0] ^= 1U; }),
            std::set<Code>{Code::zip_headers_disagree});
  const auto without_signature = [](RawArchive& raw) {
    auto& gap = raw.members[2].gap_before;
    gap.erase(gap.begin(), gap.begin() + 4);
  };
  EXPECT_EQ(codes_of(without_signature), std::set<Code>{});
  EXPECT_EQ(codes_of([](RawArchive& raw) { raw.members[2].gap_before.push_back(0); }),
            std::set<Code>{Code::zip_bytes_unaccounted});
  EXPECT_EQ(codes_of([](RawArchive& raw) { raw.members[2].gap_before.clear(); }),
            std::set<Code>{Code::zip_bytes_unaccounted});
}

TEST(Archive, B08_NoDescriptorBehindStoredData) {
  EXPECT_EQ(codes_of([](RawArchive& raw) {
              auto& two = raw.members[2];
              two.local.flags = two.central.flags = 8;
              raw.members[3].gap_before = descriptor_of(two);
            }),
            (std::set<Code>{Code::zip_member_unsupported}));
}

TEST(Archive, B22_BombsAreRefusedByTheirHeaders) {
  const Bytes zeros(8U << 20U, 0);
  auto raw = foreign();
  auto& three = raw.members[3];
  three.data = deflated(zeros);
  for (auto* const header : {&three.local, &three.central}) {
    header->size = static_cast<std::uint32_t>(zeros.size());
    header->stored_size = static_cast<std::uint32_t>(three.data.size());
  }
  EXPECT_EQ(codes(see(testkit::print(raw))), std::set<Code>{Code::zip_limit_exceeded});
}

// B20, B21, B23: the stream is cut, followed by another, longer or shorter than said.
TEST(Archive, B23_DataIsWhatItsHeaderSays) {
  const auto code = [](const std::function<void(RawMember&)>& edit) {
    auto raw = foreign();
    auto& three = raw.members[3];
    edit(three);
    for (auto* const header : {&three.local, &three.central})
      header->stored_size = static_cast<std::uint32_t>(three.data.size());
    const auto bytes = testkit::print(raw);
    const auto seen = see(bytes);
    CHECK(seen.findings.empty());
    const auto read = read_archived(MemorySource(bytes), *seen.archive->find("Files/three"), 1U << 20U);
    return read.ok() ? Code::internal_error : read.error().code;
  };
  const auto resize = [](std::uint32_t size) {
    return [size](RawMember& member) { member.local.size = member.central.size = size; };
  };
  EXPECT_EQ(code(resize(70000)), Code::internal_error);
  EXPECT_EQ(code(resize(69999)), Code::zip_data_malformed);
  EXPECT_EQ(code(resize(70001)), Code::zip_data_malformed);
  EXPECT_EQ(code([](RawMember& member) { member.data.pop_back(); }), Code::zip_data_malformed);
  EXPECT_EQ(code([](RawMember& member) { member.data.push_back(0); }), Code::zip_data_malformed);
  EXPECT_EQ(code([](RawMember& member) { member.data = deflated(Bytes(70000, 'b')); }), Code::internal_error);
  EXPECT_EQ(code([](RawMember& member) {
              const auto again = member.data;
              member.data.insert(member.data.end(), again.begin(), again.end());
            }),
            Code::zip_data_malformed);
  EXPECT_EQ(code([](RawMember& member) { member.data.assign(20, 0xff); }), Code::zip_data_malformed);
  EXPECT_EQ(code([](RawMember& member) { member.data.clear(); }), Code::zip_data_malformed);
  EXPECT_EQ(code([](RawMember& member) { member.local.crc = member.central.crc = 1; }),
            Code::zip_checksum_mismatch);
}

// Where the strict reader of our profile refuses, the one that goes on has found the same and maybe more; where it
// accepts, nothing, in both forms, and the same members.
class SameRules {
 public:
  void operator()(const testkit::Mutant& mutant) { compare(mutant.bytes, mutant.id + " " + mutant.name); }
  void compare(const Bytes& bytes, const std::string& what) {
    const auto strict = read_zip(MemorySource(bytes));
    const auto seen = see(bytes, ArchiveForm::profile);
    if (!strict.ok()) {
      ++refused;
      EXPECT_TRUE(codes(seen).contains(strict.error().code)) << what << ": " << name(strict.error().code);
      return;
    }
    ++accepted;
    EXPECT_TRUE(seen.findings.empty()) << what;
    EXPECT_TRUE(see(bytes).findings.empty()) << what;
    ASSERT_EQ(seen.archive->members.size(), strict.value().members.size()) << what;
    for (std::size_t i = 0; i < strict.value().members.size(); ++i) {
      const auto& ours = strict.value().members[i];
      const auto& other = seen.archive->members[i];
      EXPECT_TRUE(ours.name == other.name && ours.data_offset == other.data_offset &&
                  ours.size == other.size && ours.size == other.stored_size && ours.crc32 == other.crc32)
          << what;
    }
  }
  int accepted = 0;
  int refused = 0;
};

TEST(Archive, HasTheRulesOfTheStrictReader) {
  SameRules rules;
  const auto package = testkit::make_package();
  testkit::mutate_container(package, std::ref(rules));
  EXPECT_GT(rules.refused, 100);
  testkit::mutate_contents(package, std::ref(rules));
  EXPECT_GT(rules.accepted, 100);
}

TEST(Archive, HasTheRulesOfTheStrictReaderForRandomChanges) {
  const Bytes good = testkit::make_zip({{"a/one", {1}}, {"b", {}}, {"c.bin", {1, 2, 3}}});
  std::mt19937 random(20261126);
  SameRules rules;
  for (int round = 0; round < 20000; ++round) {
    Bytes bytes = good;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(random() % bytes.size());
      const auto what = random() % 8;
      if (what == 0) bytes.insert(at, static_cast<std::uint8_t>(random()));
      if (what == 1) bytes.erase(at);
      if (what > 1) *at = static_cast<std::uint8_t>(random() % 4 == 0 ? 0xff : random());
    }
    rules.compare(bytes, "round " + std::to_string(round));
  }
  EXPECT_GT(rules.accepted, 0);
}

}  // namespace
}  // namespace sallyport
