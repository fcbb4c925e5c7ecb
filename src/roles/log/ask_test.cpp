// SPDX-License-Identifier: Apache-2.0
#include "roles/log/ask.h"

#include "adapters/disk/memory.h"
#include "adapters/http/memory_poster.h"
#include "core/tlog/request.h"
#include "core/tlog/witness_answer.h"
#include "roles/log/keep.h"
#include "testkit/signer.h"
#include "testkit/tlog.h"

namespace sallyport::keeper {
namespace {

// A witness of the test's: honest, unless a test makes it otherwise.
struct TestWitness {
  std::size_t number;
  tlog::Head seen;
  std::vector<std::uint64_t> asked;  // from which sizes
  Instant time;

  Result<HttpAnswer> answer(const std::string& body) {
    const auto request = TRY(tlog::parse_add_checkpoint(body));
    asked.push_back(request.old_size);
    const auto accepted = tlog::decide(request, {{tlog::test_log().public_key, seen}});
    if (!accepted.ok()) {
      const bool behind = accepted.error().code == Code::witness_behind;
      return HttpAnswer{tlog::http_status(accepted.error().code), behind ? "text/x.tlog.size" : "text/plain",
                        tlog::print_tree_size(seen.size)};
    }
    seen = accepted.value().checkpoint.head;
    return HttpAnswer{
        200, "text/plain",
        tlog::print_signature(tlog::test_witness(number).cosign(accepted.value().note_text, time))};
  }
};

constexpr const char* first_url = "http://w0.example/p/add-checkpoint";
constexpr const char* second_url = "http://w1.example/add-checkpoint";

// A log of five entries, two witnesses with an address, one without; two of them are the quorum.
struct World {
  World() {
    EXPECT_TRUE(create(disk, tlog::test_log().name, signer).ok());
    add(5);
    policy = tlog::test_log_policy(2);
    std::get<tlog::Witness>(policy.members[0]).url = "http://w0.example/p/";
    std::get<tlog::Witness>(policy.members[1]).url = "http://w1.example";
    poster.services[first_url] = [this](const PostRequest& request) { return first.answer(request.body); };
    poster.services[second_url] = [this](const PostRequest& request) { return second.answer(request.body); };
  }
  void add(std::uint64_t count) {
    std::vector<tlog::Entry> entries;
    for (std::uint64_t i = 0; i < count; ++i) entries.push_back(tlog::numbered_entry(size++));
    EXPECT_TRUE(append(disk, entries, signer).ok());
  }
  Result<AskReport> ask() { return ask_witnesses(disk, policy, poster, workers, testkit::test_time()); }
  // The first one answers this; whatever it is, the second one's cosignature is taken, and that is too few.
  Code first_answers(const Result<HttpAnswer>& answer) {
    poster.services[first_url] = [answer](const PostRequest&) { return answer; };
    const auto report = ask().value();
    EXPECT_FALSE(report.witnesses[1].error.has_value());
    EXPECT_EQ(report.missing.value_or(Error(Code::internal_error, "")).code, Code::witnesses_missing);
    EXPECT_EQ(signers(), (std::vector<std::string>{tlog::test_log().name, "w1.example"}));
    return report.witnesses[0].error ? report.witnesses[0].error->code : Code::internal_error;
  }
  std::vector<std::string> signers() { return show(disk, size).value().signers; }
  std::string checkpoint() { return Store::open(disk).value().checkpoint(); }

  MemoryDisk disk;
  testkit::TestSigner signer{tlog::test_log().name};
  std::uint64_t size = 0;
  tlog::LogPolicy policy;
  MemoryPoster poster;
  InlineWorkers workers;
  TestWitness first{0, {0, tlog::empty_root()}, {}, testkit::test_time()};
  TestWitness second{1, {0, tlog::empty_root()}, {}, testkit::test_time()};
};

TEST(AskWitnesses, CosignaturesArePublished) {
  World w;
  const auto report = w.ask().value();
  EXPECT_FALSE(report.missing.has_value());
  EXPECT_EQ(report.head.size, 5U);
  ASSERT_EQ(report.witnesses.size(), 2U);
  EXPECT_EQ(report.witnesses[0].witness, "w0");
  EXPECT_TRUE(tlog::check_checkpoint(w.checkpoint(), w.policy, testkit::test_time()).ok());
  EXPECT_EQ(w.first.asked, std::vector<std::uint64_t>{0});
  // The next one begins where they stand; cosignatures of the same checkpoint replace one another.
  w.add(3);
  EXPECT_FALSE(w.ask().value().missing.has_value());
  EXPECT_FALSE(w.ask().value().missing.has_value());
  EXPECT_EQ(w.first.asked, (std::vector<std::uint64_t>{0, 5, 8}));
  EXPECT_EQ(w.signers().size(), 3U);
}

TEST(AskWitnesses, WhoStandsElsewhereIsAskedFromThere) {
  World w;
  ASSERT_TRUE(w.ask().ok());
  w.add(3);
  w.poster.services.erase(second_url);
  ASSERT_TRUE(w.ask().ok());
  w.poster.services[second_url] = [&](const PostRequest& request) { return w.second.answer(request.body); };
  w.add(1);
  EXPECT_FALSE(w.ask().value().missing.has_value());
  EXPECT_EQ(w.second.asked, (std::vector<std::uint64_t>{0, 8, 5}));
}

TEST(AskWitnessesAttack, DownSlowAndBroken) {
  World w;
  EXPECT_EQ(w.first_answers(Error(Code::server_unreachable, "w0")), Code::server_unreachable);
  EXPECT_EQ(w.first_answers(Error(Code::server_too_slow, "w0")), Code::server_too_slow);
  EXPECT_EQ(w.first_answers(HttpAnswer{500, "text/html", "<html>"}), Code::server_refused);
  EXPECT_EQ(w.first_answers(HttpAnswer{200, "text/html", "<html>"}), Code::note_malformed);
  EXPECT_EQ(w.first_answers(HttpAnswer{200, "text/plain", ""}), Code::note_malformed);
  EXPECT_EQ(w.first_answers(HttpAnswer{204, "", ""}), Code::server_refused);
}

TEST(AskWitnessesAttack, WhatItRefusesWith) {
  World w;
  EXPECT_EQ(w.first_answers(HttpAnswer{400, "", ""}), Code::witness_request_malformed);
  EXPECT_EQ(w.first_answers(HttpAnswer{403, "", ""}), Code::log_signature_invalid);
  EXPECT_EQ(w.first_answers(HttpAnswer{404, "", ""}), Code::log_unknown);
  EXPECT_EQ(w.first_answers(HttpAnswer{422, "", ""}), Code::log_forked);
}

TEST(AskWitnessesAttack, N02_SizesThatAreWrong) {
  World w;
  const auto stands_at = [](const std::string& size) {
    return HttpAnswer{409, "text/x.tlog.size", size + "\n"};
  };
  // It has seen more than there is: either it lies, or the log was put back.
  EXPECT_EQ(w.first_answers(stands_at("6")), Code::log_shrunk);
  EXPECT_EQ(w.first_answers(stands_at("9223372036854775807")), Code::log_shrunk);
  EXPECT_EQ(w.first_answers(stands_at("9223372036854775808")), Code::server_refused);
  EXPECT_EQ(w.first_answers(HttpAnswer{409, "text/plain", "3\n"}), Code::server_refused);
  // It says the same again and again.
  EXPECT_EQ(w.first_answers(stands_at("3")), Code::witness_behind);
  EXPECT_EQ(w.first_answers(stands_at("5")), Code::witness_behind);
}

TEST(AskWitnessesAttack, SignaturesOfOthers) {
  World w;
  const auto text = tlog::print_checkpoint({tlog::test_log().name, Store::open(w.disk).value().published()});
  const auto now = testkit::test_time();
  const auto lines = [](const tlog::NoteSignature& signature) {
    return HttpAnswer{200, "text/plain", tlog::print_signature(signature)};
  };
  // Genuine, but another witness's: it does not count for this one.
  EXPECT_EQ(w.first_answers(lines(tlog::test_witness(2).cosign(text, now))), Code::log_key_refused);
  const tlog::Party stranger("stranger.example", tlog::KeyUse::cosignature);
  EXPECT_EQ(w.first_answers(lines(stranger.cosign(text, now))), Code::log_key_refused);
  EXPECT_EQ(w.first_answers(lines(tlog::test_log().sign(text))), Code::log_key_refused);
  // In its name, but not by its key; of another checkpoint; of tomorrow.
  auto forged = stranger.cosign(text, now);
  forged.name = "w0.example";
  forged.key = tlog::test_witness(0).public_key.id();
  EXPECT_EQ(w.first_answers(lines(forged)), Code::cosignature_invalid);
  EXPECT_EQ(w.first_answers(lines(tlog::test_witness(0).cosign("other\n", now))), Code::cosignature_invalid);
  EXPECT_EQ(w.first_answers(lines(tlog::test_witness(0).cosign(text, now.plus(301)))),
            Code::cosignature_invalid);
}

// Whatever is answered, the log's own words stay what they were.
TEST(AskWitnessesAttack, N01_NothingOfTheLogChangesButTheCosignatures) {
  World w;
  const auto before = w.disk.read_small("signed", 4096).value();
  const auto text = tlog::parse_note(w.checkpoint()).value().text;
  ASSERT_TRUE(w.ask().ok());
  EXPECT_EQ(w.disk.read_small("signed", 4096).value(), before);
  EXPECT_EQ(tlog::parse_note(w.checkpoint()).value().text, text);
}

TEST(AskWitnessesAttack, TheLogGoesOnMeanwhile) {
  World w;
  w.poster.services[first_url] = [&](const PostRequest& request) {
    auto answer = w.first.answer(request.body);
    w.add(1);
    return answer;
  };
  EXPECT_EQ(w.ask().error().code, Code::node_busy);
  EXPECT_EQ(w.signers(), std::vector<std::string>{tlog::test_log().name});
}

TEST(AskWitnesses, NobodyToAsk) {
  World w;
  w.policy = tlog::test_log_policy(2);
  EXPECT_EQ(w.ask().error().code, Code::usage_error);
}

}  // namespace
}  // namespace sallyport::keeper
