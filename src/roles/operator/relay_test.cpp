// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/relay.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <thread>

#include "adapters/scanner/memory.h"
#include "adapters/worker/stream_talk.h"
#include "core/base/eicar.h"
#include "core/crypto/file_digest.h"
#include "testkit/statements.h"

namespace sallyport::intake {
namespace {

using Then = FaultyScanner::Then;
using worker::Descriptor;
using worker::StreamTalk;

// Both sides in one process, over real sockets.
class Relayed : public testing::Test {
 protected:
  ~Relayed() override {
    scanner_.reset();  // ends the talks
    for (auto& thread : threads_) thread.join();
  }
  Scanner& relayed(Scanner& engine) {
    scanner_ = std::make_unique<RelayedScanner>(
        EngineInfo{"memory", "1", "1", testkit::test_time()}, [&]() -> Result<std::unique_ptr<Talk>> {
          std::array<int, 2> ends{};
          CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
          threads_.emplace_back([&engine, this, end = ends[0]] {
            StreamTalk talk{Descriptor(end)};
            relay(talk, engine, book_, &plain_);
          });
          return std::unique_ptr<Talk>(std::make_unique<StreamTalk>(Descriptor(ends[1])));
        });
    return *scanner_;
  }

  MemoryScanner engine_{{"memory", "1", "1", testkit::test_time()}};
  HeardBook book_;
  PlainBook plain_;
  std::vector<std::thread> threads_;
  std::unique_ptr<RelayedScanner> scanner_;
};

TEST_F(Relayed, TheEngineSeesEveryByteAndItsAnswersComeBack) {
  auto& scanner = relayed(engine_);
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(scan_content(scanner, as_bytes(large)).value().result, ScanResult::clean);
  EXPECT_EQ(scan_content(scanner, {}).value().result, ScanResult::clean);
  const auto found = scan_content(scanner, as_bytes(large + eicar_test_file())).value();
  EXPECT_EQ(found.result, ScanResult::found);
  EXPECT_FALSE(found.detail.empty());
  EXPECT_EQ(engine_.bytes(), 2 * large.size() + 68);
  EXPECT_EQ(threads_.size(), 1U);  // one content after the other over one talk
}

TEST_F(Relayed, TheParentKnowsWhatWasSaidOfWhichBytes) {
  auto& scanner = relayed(engine_);
  const auto clean = as_bytes("harmless");
  ASSERT_TRUE(scan_content(scanner, clean).ok());
  ASSERT_TRUE(scan_content(scanner, as_bytes(eicar_test_file())).ok());
  EXPECT_EQ(book_.clean(), KnownClean{file_digest(clean)});
  EXPECT_EQ(book_.answered(), 2U);
  EXPECT_EQ(book_.not_clean(), 1U);
}

TEST_F(Relayed, NotScannedIsNotAnswered) {
  MemoryScanner small({"memory", "1", "1", testkit::test_time()}, 10);
  auto& scanner = relayed(small);
  EXPECT_EQ(scan_content(scanner, as_bytes("more than ten bytes")).value().result, ScanResult::not_scanned);
  EXPECT_EQ(book_.answered(), 0U);
  EXPECT_EQ(book_.not_clean(), 1U);
  EXPECT_TRUE(book_.clean().empty());
}

TEST_F(Relayed, H03_AnEngineThatFailsFails) {
  for (const auto then : {Then::unreachable, Then::breaks_off, Then::dies}) {
    FaultyScanner faulty(engine_, 2, then);
    auto& scanner = relayed(faulty);
    EXPECT_TRUE(scan_content(scanner, as_bytes("first")).ok());
    const auto failed = scan_content(scanner, as_bytes("second"));
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code,
              then == Then::unreachable ? Code::scanner_unreachable : Code::scanner_failed);
    scanner_.reset();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
  }
  EXPECT_EQ(book_.answered(), 3U);
}

TEST_F(Relayed, OnlyWhatIsKnownAsCleanIsKnown) {
  const auto known = file_digest(as_bytes("known"));
  HeardBook book(KnownClean{known, file_digest(as_bytes("never met"))});
  book.met(file_digest(as_bytes("other")));
  EXPECT_TRUE(book.clean().empty());
  EXPECT_EQ(book.answered(), 0U);
  book.met(known);
  EXPECT_EQ(book.clean(), KnownClean{known});
  EXPECT_EQ(book.answered(), 1U);
  auto& scanner = relayed(engine_);
  EXPECT_EQ(scanner.knows(known).value(), Knowledge::nothing);
}

// More than one message holds.
TEST_F(Relayed, WhatTheParentKnowsTheWorkerKnows) {
  KnownClean many;
  for (int i = 0; i < 70000; ++i) many.insert(file_digest(as_bytes(std::to_string(i))));
  HeardBook book(many);
  std::vector<std::thread> threads;
  {
    RelayedScanner scanner({"memory", "1", "1", testkit::test_time()},
                           [&]() -> Result<std::unique_ptr<Talk>> {
                             std::array<int, 2> ends{};
                             CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
                             threads.emplace_back([&, end = ends[0]] {
                               StreamTalk talk{Descriptor(end)};
                               relay(talk, engine_, book);
                             });
                             return std::unique_ptr<Talk>(std::make_unique<StreamTalk>(Descriptor(ends[1])));
                           });
    std::size_t found = 0;
    for (const auto& one : many) found += scanner.knows(one).value() == Knowledge::clean ? 1 : 0;
    EXPECT_EQ(found, many.size());
    EXPECT_EQ(scanner.knows(file_digest(as_bytes("other"))).value(), Knowledge::nothing);
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(book.answered(), many.size());
  EXPECT_EQ(book.clean(), many);
  EXPECT_EQ(threads.size(), 1U);
}

TEST_F(Relayed, WhatGoesByAndIsPlainIsNoted) {
  auto& scanner = relayed(engine_);
  const auto archive = std::string("PK\3\4") + std::string(100, 'x');
  for (const auto& content : {std::string("harmless"), archive, eicar_test_file()})
    ASSERT_TRUE(scan_content(scanner, as_bytes(content)).ok());
  // The worker says of all of them, and of one that it did not show, that nothing was in it.
  for (const auto& content : {std::string("harmless"), archive, std::string("not shown")})
    plain_.opened_nothing_in(file_digest(as_bytes(content)));
  EXPECT_EQ(plain_.plain(), PlainBook::Contents{file_digest(as_bytes("harmless"))});
}

// A talk in which a captured worker says what it likes.
class Says final : public Talk {
 public:
  explicit Says(std::vector<std::string> words) : words_(std::move(words)) {}
  Result<void> send(BytesView message) override {
    answers.emplace_back(as_text(message));
    return {};
  }
  Result<std::optional<Bytes>> receive() override {
    if (next_ == words_.size()) return std::optional<Bytes>();
    return std::optional(copy(as_bytes(words_[next_++])));
  }
  std::vector<std::string> answers;

 private:
  std::vector<std::string> words_;
  std::size_t next_ = 0;
};

TEST_F(Relayed, ACapturedWorkerCannotSpeakForTheEngine) {
  const std::vector<std::vector<std::string>> talks{{""},       {"A\0harmless"},     {"K"}, {"Mshort"}, {"X"},
                                                    {"Pbytes"}, {"Pbytes", "A", "E"}};
  for (const auto& words : talks) {
    Says says(words);
    relay(says, engine_, book_);
    EXPECT_TRUE(says.answers.empty());
  }
  EXPECT_EQ(book_.answered(), 0U);
  EXPECT_TRUE(book_.clean().empty());
}

TEST_F(Relayed, H12_ACapturedWorkerPlantsNothing) {
  const auto digest = [](const std::string& content) {
    const auto made = file_digest(as_bytes(content));
    return std::string(as_text(made.bytes()));
  };
  PlainBook book({file_digest(as_bytes("known"))});
  Says says({"N" + digest("not in the package"), "M" + digest("not in the package") + digest("known"), "L"});
  tell_what_is_plain(says, book);
  EXPECT_EQ(says.answers, (std::vector<std::string>{"L" + digest("known"), "L"}));
  EXPECT_EQ(book.plain(), PlainBook::Contents{file_digest(as_bytes("known"))});
  for (const std::string word : {"", "Nshort", "Mshort", "K", "Pbytes", "E"}) {
    Says other({word, "L"});
    tell_what_is_plain(other, book);
    EXPECT_TRUE(other.answers.empty()) << word;
  }
}

TEST_F(Relayed, WhatIsInsideIsAskedAndTold) {
  std::vector<std::thread> threads;
  const auto known = file_digest(as_bytes("known"));
  const auto seen = file_digest(as_bytes("seen"));
  PlainBook book({known});
  book.saw(seen);
  {
    RelayedInsides insides([&]() -> Result<std::unique_ptr<Talk>> {
      std::array<int, 2> ends{};
      CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
      threads.emplace_back([&book, end = ends[0]] {
        StreamTalk talk{Descriptor(end)};
        tell_what_is_plain(talk, book);
      });
      return std::unique_ptr<Talk>(std::make_unique<StreamTalk>(Descriptor(ends[1])));
    });
    EXPECT_EQ(insides.knows(seen).value(), Knowledge::nothing);
    ASSERT_TRUE(insides.opened_nothing_in(seen).ok());
    EXPECT_EQ(insides.knows(known).value(), Knowledge::clean);
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(threads.size(), 1U);
  EXPECT_EQ(book.plain(), (PlainBook::Contents{known, seen}));
}

}  // namespace
}  // namespace sallyport::intake
