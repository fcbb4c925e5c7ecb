// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/look.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/scanner/memory.h"
#include "adapters/unpacker/libarchive.h"
#include "core/base/eicar.h"
#include "core/crypto/file_digest.h"
#include "roles/operator/plain.h"
#include "roles/operator/remembers_for_test.h"
#include "testkit/package.h"
#include "testkit/raw_deb.h"
#include "testkit/statements.h"

namespace sallyport::intake {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using Then = FaultyScanner::Then;

std::string zip_of(const std::string& name, const std::string& content) {
  return std::string(as_text(testkit::make_zip({{name, copy(as_bytes(content))}})));
}

// An engine that looks for a word at the very beginning of a content: it opens nothing by itself.
class Beginnings final : public Scanner {
 public:
  explicit Beginnings(std::string word) : word_(std::move(word)) {}
  Result<EngineInfo> info() override {
    return EngineInfo{"beginnings", "1", "1", testkit::test_time(), EngineTrial::none};
  }
  Result<std::unique_ptr<Scan>> begin() override { return std::unique_ptr<Scan>(new Job(word_)); }

 private:
  class Job final : public Scan {
   public:
    explicit Job(std::string word) : word_(std::move(word)) {}
    Result<void> feed(BytesView part) override {
      content_ += as_text(part);
      return {};
    }
    Result<ScanAnswer> finish() override {
      if (content_.starts_with(word_)) return ScanAnswer{ScanResult::found, word_};
      return ScanAnswer{ScanResult::clean, {}};
    }

   private:
    std::string word_;
    std::string content_;
  };
  std::string word_;
};

class Looks : public testing::Test {
 protected:
  Party party() {
    return {{{&first_, first_.info().value()}, {&second_, second_.info().value()}},
            &unpacker_,
            [] { return Result<std::unique_ptr<Scratch>>(std::make_unique<MemoryScratch>()); },
            limits_};
  }
  std::vector<ScanAnswer> look(const std::string& content) { return looked(content).answers; }
  Looked looked(const std::string& content) {
    const auto everybody = party();
    auto look = Look::begin(everybody, content.size());
    CHECK(look.ok());
    EXPECT_TRUE(look.value()->feed(as_bytes(content)).ok());
    auto all = look.value()->finish();
    CHECK(all.ok());
    return std::move(all).value();
  }
  Code archive_code(const std::string& content) {
    const auto answers = look(content);
    EXPECT_EQ(answers.back().result, ScanResult::not_scanned);
    return answers.back().code.value_or(Code::internal_error);
  }

  Beginnings first_{"one"};
  Beginnings second_{"two"};
  LibarchiveUnpacker unpacker_;
  UnpackLimits limits_;
};

TEST_F(Looks, EveryEngineAnswersAndTheUnpackerLast) {
  const auto answers = look("one thing");
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0].result, ScanResult::found);
  EXPECT_EQ(answers[1].result, ScanResult::clean);
  EXPECT_EQ(answers[2].result, ScanResult::clean);
  const auto infos = party().infos(testkit::test_time());
  ASSERT_EQ(infos.size(), 3U);
  EXPECT_EQ(infos[2].engine, "archives");
  EXPECT_THAT(infos[2].version, HasSubstr("libarchive"));
  EXPECT_THAT(infos[2].database, HasSubstr("depth 8"));
  EXPECT_THAT(infos[2].database, HasSubstr(std::string(opening_rules)));
}

TEST_F(Looks, A10_WhatLiesInArchivesIsShownToEveryEngine) {
  auto content = std::string("two things");
  for (int depth = 1; depth <= 8; ++depth) {
    content = zip_of("member-" + std::to_string(depth), content);
    const auto all = looked(content);
    EXPECT_EQ(all.answers[0].result, ScanResult::clean);
    EXPECT_EQ(all.answers[1].result, ScanResult::found) << depth;
    EXPECT_EQ(all.answers[2].result, ScanResult::clean);
    ASSERT_EQ(all.said.size(), 1U);
    EXPECT_EQ(all.said[0].engine, 1U);
    EXPECT_EQ(all.said[0].answer.detail, "two");
    EXPECT_THAT(all.said[0].member, EndsWith("member-1"));
    EXPECT_EQ(all.said[0].digest, file_digest(as_bytes("two things")));
  }
}

// One that is told hides no other one.
TEST_F(Looks, H09_EveryMemberWithAFindingIsTold) {
  const auto all = looked(std::string(as_text(testkit::make_zip({{"a", copy(as_bytes("two"))},
                                                                 {"b", copy(as_bytes("harmless"))},
                                                                 {"c", copy(as_bytes("two more"))},
                                                                 {"d", copy(as_bytes("one"))}}))));
  ASSERT_EQ(all.said.size(), 3U);
  EXPECT_EQ(all.said[0].member + all.said[1].member + all.said[2].member, "acd");
  EXPECT_EQ(all.said[2].engine, 0U);
  // More than anybody reads are more than any exception is about.
  std::vector<testkit::Member> members;
  for (int i = 0; i < 1001; ++i) members.push_back({"m" + std::to_string(i), copy(as_bytes("two"))});
  const auto many = looked(std::string(as_text(testkit::make_zip(members))));
  EXPECT_EQ(many.said.size(), 1001U);
  EXPECT_EQ(many.said.back().answer.result, ScanResult::not_scanned);
  EXPECT_EQ(many.said.back().answer.detail, "1 more findings");
}

TEST_F(Looks, WhatIsKnownIsNotShownAgainWhereverItLies) {
  Remembers engine(first_);
  const auto archive = zip_of("outer", zip_of("inner", "harmless"));
  const auto shown = [&](const FileDigest* digest) {
    engine.shown = 0;
    auto everybody = party();
    everybody.engines = {{&engine, engine.info().value()}};
    auto look = Look::begin(everybody, archive.size(), digest).value();
    look->feed(as_bytes(archive)).value();
    EXPECT_EQ(look->finish().value().answers[0].result, ScanResult::clean);
    return engine.shown;
  };
  EXPECT_EQ(shown(nullptr), 3);
  engine.known = {file_digest(as_bytes("harmless"))};
  EXPECT_EQ(shown(nullptr), 2);
  engine.known.insert(file_digest(as_bytes(zip_of("inner", "harmless"))));
  EXPECT_EQ(shown(nullptr), 1);
  const auto whole = file_digest(as_bytes(archive));
  engine.known.insert(whole);
  EXPECT_EQ(shown(nullptr), 0);
  EXPECT_EQ(shown(&whole), 0);
}

// What is known to hold nothing, and what is told of it.
class Memory final : public Insides {
 public:
  Result<Knowledge> knows(const FileDigest& content) override {
    return known.contains(content) ? Knowledge::clean : Knowledge::nothing;
  }
  Result<void> opened_nothing_in(const FileDigest& content) override {
    told.insert(content);
    return {};
  }
  std::set<FileDigest> known;
  std::set<FileDigest> told;
};

// How often something is opened, and kept for that.
class Counting final : public Unpacker {
 public:
  std::string version() const override { return inner_.version(); }
  Result<OpenedArchive> open(const ByteSource& content, MemberSink& sink) override {
    ++opened;
    return inner_.open(content, sink);
  }
  int opened = 0;

 private:
  LibarchiveUnpacker inner_;
};

class Remembering : public Looks {
 protected:
  Looked look_at(const std::string& content, const FileDigest* digest) {
    auto everybody = party();
    everybody.unpacker = &counting_;
    everybody.insides = &memory_;
    everybody.scratch = [&] {
      ++kept_;
      return Result<std::unique_ptr<Scratch>>(std::make_unique<MemoryScratch>());
    };
    counting_.opened = 0;
    kept_ = 0;
    auto look = Look::begin(everybody, content.size(), digest).value();
    EXPECT_TRUE(look->feed(as_bytes(content)).ok());
    return look->finish().value();
  }
  Memory memory_;
  Counting counting_;
  int kept_ = 0;
};

TEST_F(Remembering, WhatHoldsNothingIsNotOpenedAgain) {
  const std::string content = "two harmless things";
  const auto digest = file_digest(as_bytes(content));
  EXPECT_EQ(look_at(content, &digest).answers.size(), 3U);
  EXPECT_EQ(counting_.opened, 1);
  EXPECT_EQ(memory_.told, std::set<FileDigest>{digest});
  memory_.known = {digest};
  memory_.told.clear();
  for (const auto* given : {&digest, static_cast<const FileDigest*>(nullptr)}) {
    const auto again = look_at(content, given);
    EXPECT_EQ(again.answers[1].result, ScanResult::found);  // who does not know it is shown it
    EXPECT_EQ(again.answers[2].result, ScanResult::clean);
    EXPECT_EQ(counting_.opened, 0);
    EXPECT_EQ(kept_, given == nullptr ? 1 : 0);
  }
  EXPECT_TRUE(memory_.told.empty());
  // In an archive as outside of one; the archive itself is opened.
  look_at(zip_of("member", content), nullptr);
  EXPECT_EQ(counting_.opened, 1);
}

TEST_F(Remembering, H02_OfWhatIsOpenedOrCannotBeNothingIsTold) {
  const auto tar = testkit::raw_tar_entry({"member", "harmless"}) + testkit::tar_end();
  auto locked = zip_of("locked", "noise");
  locked[6] = '\1';
  locked[locked.rfind("PK\x01\x02") + 8] = '\1';
  const auto harmless = std::set<FileDigest>{file_digest(as_bytes("harmless"))};
  for (const auto& content : {tar, "#!/bin/sh\nexit\n" + tar, std::string(2000, 't') + "\n" + tar, locked,
                              std::string("#!/bin/sh\nexit\n\xfd"
                                          "7zXZ\0nonsense",
                                          30)}) {
    memory_.told.clear();
    look_at(content, nullptr);
    memory_.told.erase(*harmless.begin());
    EXPECT_TRUE(memory_.told.empty()) << content.substr(0, 20);
  }
}

// By its first bytes it is judged each time.
TEST_F(Remembering, H10_ADisguiseIsFoundInWhatIsKnown) {
  const std::string content = "\x89PNG\r\n\x1a\n harmless, and %PDF-1.7";
  memory_.known = {file_digest(as_bytes(content))};
  EXPECT_EQ(look_at(content, &*memory_.known.begin()).answers[2].code, Code::content_disguised);
}

TEST_F(Looks, H02_WhatLiesDeeperThanTheLimitIsNotClean) {
  limits_.depth = 3;
  auto content = std::string("harmless");
  for (int depth = 1; depth <= 3; ++depth) content = zip_of("member", content);
  EXPECT_EQ(look(content).back().result, ScanResult::clean);
  EXPECT_EQ(archive_code(zip_of("member", content)), Code::archive_limit_exceeded);
}

TEST_F(Looks, B22_MoreThanMayComeOutIsNotClean) {
  limits_.bytes = 5000;
  EXPECT_EQ(look(zip_of("member", std::string(5000, 'x'))).back().result, ScanResult::clean);
  EXPECT_EQ(archive_code(zip_of("member", std::string(5001, 'x'))), Code::archive_limit_exceeded);
  // Of all depths together.
  EXPECT_EQ(archive_code(zip_of("outer", zip_of("member", std::string(2500, 'x')))),
            Code::archive_limit_exceeded);
}

TEST_F(Looks, B22_TheRatioIsOfTheContentItself) {
  limits_.ratio = 2;
  limits_.ratio_free = 1000;
  const auto stored = zip_of("member", std::string(2000, 'x'));
  EXPECT_EQ(look(stored).back().result, ScanResult::clean);
  EXPECT_EQ(archive_code(zip_of("outer", zip_of("inner", stored))), Code::archive_limit_exceeded);
}

TEST_F(Looks, P01_TooManyMembersAreNotClean) {
  limits_.members = 2;
  const auto zip = [](int count) {
    std::vector<testkit::Member> members;
    for (int i = 0; i < count; ++i) members.push_back({"member-" + std::to_string(i), copy(as_bytes("x"))});
    return std::string(as_text(testkit::make_zip(members)));
  };
  EXPECT_EQ(look(zip(2)).back().result, ScanResult::clean);
  EXPECT_EQ(archive_code(zip(3)), Code::archive_limit_exceeded);
}

TEST_F(Looks, B30_EncryptedIsNotClean) {
  auto zip = zip_of("locked", "noise");
  zip[6] = '\1';
  zip[zip.rfind("PK\x01\x02") + 8] = '\1';
  EXPECT_EQ(archive_code(zip), Code::archive_encrypted);
  EXPECT_EQ(archive_code(zip_of("outer", zip)), Code::archive_encrypted);
}

TEST_F(Looks, WhatTheUnpackerCannotOpenIsFoundByTheEnginesAllTheSame) {
  limits_.bytes = 1;
  const auto answers = look("two " + zip_of("member", "xxxx"));
  EXPECT_EQ(answers[1].result, ScanResult::found);
  EXPECT_EQ(answers[2].result, ScanResult::not_scanned);
}

// Real archives behind other beginnings: what an unpacker opens is a second thing.
TEST_F(Looks, H10_TwoKindsAtOnceAreDisguised) {
  const auto zip = zip_of("payload", "nothing");
  const auto code_of = [&](const std::string& content) {
    return look(content).back().code.value_or(Code::internal_error);
  };
  EXPECT_EQ(code_of("\x7f"
                    "ELF\x02\x01\x01" +
                    std::string(64, '\0') + zip),
            Code::content_disguised);
  EXPECT_EQ(code_of("#!/bin/sh\nexit 0\n" + zip), Code::content_disguised);
  EXPECT_EQ(code_of("%PDF-1.7\n" + zip), Code::content_disguised);
  EXPECT_EQ(look(zip).back().result, ScanResult::clean);
  EXPECT_EQ(look("\x7f"
                 "ELF\x02\x01\x01" +
                 std::string(64, '\0'))
                .back()
                .result,
            ScanResult::clean);
  // In an archive as outside of one.
  EXPECT_EQ(code_of(zip_of("inner", "#!/bin/sh\nexit 0\n" + zip)), Code::content_disguised);
}

TEST_F(Looks, H03_AnEngineThatFailsInsideOfAnArchiveIsAFault) {
  for (std::uint64_t content = 1; content <= 3; ++content) {
    FaultyScanner faulty(first_, content, Then::dies);
    auto everybody = party();
    everybody.engines[0].scanner = &faulty;
    const auto archive = zip_of("outer", zip_of("inner", "harmless"));
    auto look = Look::begin(everybody, archive.size());
    ASSERT_TRUE(look.ok());
    ASSERT_TRUE(look.value()->feed(as_bytes(archive)).ok());
    const auto answers = look.value()->finish();
    ASSERT_FALSE(answers.ok()) << content;
    EXPECT_EQ(answers.error().code, Code::scanner_failed);
  }
}

// Installers that unpack themselves: a script, and an archive behind it.
TEST_F(Looks, H02_AnArchiveBehindAScriptIsOpenedAndFound) {
  const auto archive = zip_of("member", "two things");
  const auto tar = testkit::raw_tar_entry({"member", "two things"}) + testkit::tar_end();
  for (const std::string& begin : {std::string("#!/bin/sh\ntail -c +100 $0 | tar -x\nexit\n"),
                                   "#!/bin/sh\n" + std::string(3U << 20U, '#') + "\n"}) {
    for (const auto& behind : {tar, archive.substr(0, archive.find("PK\1\2"))}) {
      const auto all = looked(begin + behind);
      EXPECT_EQ(all.answers[1].result, ScanResult::found) << begin.size();
      ASSERT_FALSE(all.said.empty());
      EXPECT_THAT(all.said[0].member, EndsWith("member"));
      EXPECT_EQ(all.said[0].answer.detail, "two");
      EXPECT_NE(all.answers[2].result, ScanResult::clean);
    }
    EXPECT_EQ(look(begin + tar)[2].code, Code::content_disguised);
  }
  // "two things", by gzip, bzip2 and xz.
  for (const std::string& digits :
       {std::string("1f8b08000000000002032b29cf5728c9c8cc4b2f06001d98ba900a000000"),
        std::string("425a683931415926535989f410c70000041180400000e18c80200022030420c98825951b8bc5dc914e142422"
                    "7d0431c0"),
        std::string("fd377a585a000004e6d6b4460200210116000000742fe5a301000974776f207468696e6773000000991f802f"
                    "3701ee530001220a151ae1671fb6f37d010000000004595a")}) {
    const auto compressed = parse_hex(digits, 200).value();
    const auto answers = look("#!/bin/sh\n" + std::string(as_text(compressed)));
    EXPECT_EQ(answers[1].result, ScanResult::found) << digits;
    EXPECT_EQ(answers[2].code, Code::content_disguised) << digits;
  }
  EXPECT_EQ(look("#!/bin/sh\ngrep ustar x; echo 070701 '!<arch>' hsqs PK BZh9 BZh91AY&SY data\n")[2].result,
            ScanResult::clean);
  // A text that is no script: it is opened, and no disguise.
  EXPECT_EQ(look(std::string(2000, 't') + "\n" + tar)[1].result, ScanResult::found);
  EXPECT_EQ(look(std::string(2000, 't') + "\n" + tar)[2].result, ScanResult::clean);
  // Broken, and so not looked at.
  EXPECT_EQ(archive_code("#!/bin/sh\nexit\n\xfd"
                         "7zXZ" +
                         std::string(1, '\0') + "nonsense"),
            Code::archive_unreadable);
  std::string many = "#!/bin/sh\n";
  for (int i = 0; i < 20; ++i)
    many +=
        "\xfd"
        "7zXZ" +
        std::string(1, '\0') + "nonsense\n";
  EXPECT_NE(look(many)[2].result, ScanResult::clean);
}

// The least that is a program: a header without tables.
std::string elf(const std::string& behind) {
  std::string head(
      "\x7f"
      "ELF\2\1\1",
      7);
  head.resize(64, '\0');
  head[54] = 56;
  head[58] = 64;
  return head + behind;
}

TEST_F(Looks, H02_AnArchiveBehindAProgramIsOpenedAndFound) {
  const auto tar = testkit::raw_tar_entry({"member", "two things"}) + testkit::tar_end();
  for (const auto& behind : {tar, std::string(100, '\0') + tar, "a few bytes" + tar}) {
    const auto answers = look(elf(behind));
    EXPECT_EQ(answers[1].result, ScanResult::found);
    EXPECT_EQ(answers[2].code, Code::content_disguised);
  }
  EXPECT_EQ(look(elf("signature"))[2].result, ScanResult::clean);
  // An image that nobody here opens stands where an archive would.
  EXPECT_EQ(
      archive_code(elf("hsqs" + std::string(24, 'x') + std::string("\4\0\0\0", 4) + std::string(1000, 'x'))),
      Code::archive_unreadable);
  // What its own tables have is the program's: a section that holds the archive.
  auto program = elf(tar);
  program[40] = static_cast<char>(program.size() & 0xffU);
  program[41] = static_cast<char>(program.size() >> 8U);
  program[60] = 1;
  std::string section(64, '\0');
  section[4] = 1;
  section[24] = 64;
  section[32] = static_cast<char>(tar.size() & 0xffU);
  section[33] = static_cast<char>(tar.size() >> 8U);
  EXPECT_EQ(look(program + section)[2].result, ScanResult::clean);
}

TEST_F(Looks, H02_WhatNobodyHereOpensIsNotClean) {
  const auto image = "hsqs" + std::string(24, 'x') + std::string("\4\0\0\0", 4) + std::string(1000, 'x');
  EXPECT_EQ(archive_code(image), Code::archive_unreadable);
  EXPECT_EQ(archive_code(zip_of("image", image)), Code::archive_unreadable);
}

TEST_F(Looks, H02_WhatStandsBehindAnArchiveIsShown) {
  const auto tar = testkit::raw_tar_entry({"member", "harmless"}) + testkit::tar_end();
  EXPECT_EQ(look(tar)[1].result, ScanResult::clean);
  EXPECT_EQ(look(tar + "two things")[1].result, ScanResult::found);
  EXPECT_EQ(look(tar + zip_of("inner", "two things"))[1].result, ScanResult::found);
}

}  // namespace
}  // namespace sallyport::intake
