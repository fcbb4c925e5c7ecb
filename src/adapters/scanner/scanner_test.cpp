// SPDX-License-Identifier: Apache-2.0
// What every scanner has to do, asked of each of them: the one in memory and a real clamd.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "adapters/scanner/clamd.h"
#include "adapters/scanner/memory.h"
#include "core/base/eicar.h"
#include "testkit/clamd.h"

namespace sallyport {
namespace {

const EngineInfo memory_info{"memory", "Memory 1", "7", Instant::from_seconds(1795300000).value()};

// One member, stored.
std::string zip_of(std::string_view content, char flags) {
  const auto number = [](std::size_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>((value >> (8 * i)) & 0xffU);
    return text;
  };
  const auto common = std::string("\x14\0", 2) + flags + std::string("\0\0\0\0\0\x21\0", 7) + number(0, 4) +
                      number(content.size(), 4) + number(content.size(), 4) + number(1, 2) + number(0, 2);
  const auto local = "PK\x03\x04" + common + "a" + std::string(content);
  const auto central = std::string("PK\x01\x02\x14\0", 6) + common + std::string(14, '\0') + "a";
  return local + central + "PK\x05\x06" + number(0, 4) + number(1, 2) + number(1, 2) +
         number(central.size(), 4) + number(local.size(), 4) + number(0, 2);
}

class World {
 public:
  virtual ~World() = default;
  virtual Scanner& scanner() = 0;
};

class MemoryWorld final : public World {
 public:
  Scanner& scanner() override { return scanner_; }

 private:
  MemoryScanner scanner_{memory_info, 64U << 20U};
};

class ClamdWorld final : public World {
 public:
  Scanner& scanner() override { return scanner_; }

 private:
  testkit::ClamdServer server_;
  Clamd scanner_{{server_.socket()}};
};

class ScannerContract : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "clamd") {
      world_ = std::make_unique<ClamdWorld>();
    } else {
      world_ = std::make_unique<MemoryWorld>();
    }
  }
  Scanner& scanner() { return world_->scanner(); }
  ScanAnswer scan(std::string_view content) {
    auto answer = scan_content(scanner(), as_bytes(content));
    EXPECT_TRUE(answer.ok()) << answer.error().found;
    return answer.ok() ? answer.value() : ScanAnswer{ScanResult::not_scanned, "fault"};
  }

 private:
  std::unique_ptr<World> world_;
};

TEST_P(ScannerContract, SaysWhatItIs) {
  const auto info = scanner().info();
  ASSERT_TRUE(info.ok()) << info.error().found;
  EXPECT_FALSE(info.value().engine.empty());
  EXPECT_FALSE(info.value().version.empty());
  EXPECT_FALSE(info.value().database.empty());
  EXPECT_GT(info.value().database_time.seconds(), 1700000000);
}

TEST_P(ScannerContract, TellsCleanFromFound) {
  EXPECT_EQ(scan("nothing bad").result, ScanResult::clean);
  EXPECT_EQ(scan("").result, ScanResult::clean);
  const auto found = scan(eicar_test_file());
  EXPECT_EQ(found.result, ScanResult::found);
  EXPECT_THAT(found.detail, testing::HasSubstr("icar"));
}

TEST_P(ScannerContract, LooksIntoArchives) {
  EXPECT_EQ(scan(zip_of(eicar_test_file(), 0)).result, ScanResult::found);
  EXPECT_EQ(scan(zip_of(zip_of(eicar_test_file(), 0), 0)).result, ScanResult::found);
  EXPECT_EQ(scan(zip_of("nothing bad", 0)).result, ScanResult::clean);
}

TEST_P(ScannerContract, DoesNotCallEncryptedClean) {
  EXPECT_EQ(scan(zip_of("0123456789abcdefghijklmnopqrstuvwxyz", 1)).result, ScanResult::not_scanned);
}

TEST_P(ScannerContract, TakesAContentInParts) {
  const auto scan = scanner().begin();
  ASSERT_TRUE(scan.ok());
  const auto malware = eicar_test_file();
  for (const char& c : malware) ASSERT_TRUE(scan.value()->feed(as_bytes({&c, 1})).ok());
  const std::vector<std::uint8_t> zeros(3U << 20U);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(scan.value()->feed(zeros).ok());
  const auto answer = scan.value()->finish();
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer.value().result, ScanResult::found);
}

TEST_P(ScannerContract, H01_LargerThanItsLimit) {
  const auto scan = scanner().begin();
  ASSERT_TRUE(scan.ok());
  const std::vector<std::uint8_t> zeros(10U << 20U);
  for (int i = 0; i < 7; ++i) ASSERT_TRUE(scan.value()->feed(zeros).ok());
  const auto answer = scan.value()->finish();
  ASSERT_TRUE(answer.ok()) << answer.error().found;
  EXPECT_EQ(answer.value().result, ScanResult::not_scanned);
}

TEST_P(ScannerContract, AnswersSeveralAtOnce) {
  std::atomic<int> right = 0;
  const auto several = [&](bool bad) {
    for (int i = 0; i < 20; ++i) {
      const auto answer =
          scan_content(scanner(), as_bytes(bad ? eicar_test_file() : std::string(100000, 'x')));
      if (answer.ok() && answer.value().result == (bad ? ScanResult::found : ScanResult::clean)) ++right;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(several, i % 2 == 0);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 80);
}

INSTANTIATE_TEST_SUITE_P(All, ScannerContract, testing::Values("memory", "clamd"),
                         [](const auto& chosen) { return chosen.param; });

TEST(FaultyScanner, BreaksTheOneContentOnly) {
  using Then = FaultyScanner::Then;
  MemoryScanner memory(memory_info);
  const auto scan = [&](Then then) {
    FaultyScanner faulty(memory, 2, then);
    EXPECT_EQ(scan_content(faulty, as_bytes("a")).value().result, ScanResult::clean);
    auto second = scan_content(faulty, as_bytes(eicar_test_file()));
    EXPECT_EQ(scan_content(faulty, as_bytes(eicar_test_file())).value().result, ScanResult::found);
    return second;
  };
  EXPECT_EQ(scan(Then::unreachable).error().code, Code::scanner_unreachable);
  EXPECT_EQ(scan(Then::breaks_off).error().code, Code::scanner_failed);
  EXPECT_EQ(scan(Then::dies).error().code, Code::scanner_failed);
  EXPECT_EQ(scan(Then::does_not_look).value().result, ScanResult::not_scanned);
  EXPECT_EQ(scan(Then::says_clean_blind).value().result, ScanResult::clean);
}

}  // namespace
}  // namespace sallyport
