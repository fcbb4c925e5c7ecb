// SPDX-License-Identifier: Apache-2.0
// Uploads that go on after an interruption, whatever cut them off.
#include "roles/server/upload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/disk/faulty.h"
#include "roles/server/content.h"
#include "roles/server/packages.h"
#include "roles/server/range.h"
#include "roles/server/repr_digest.h"
#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

using testing::HasSubstr;

TEST(ContentRange, IsReadStrictly) {
  const auto part = parse_content_range("bytes 3-9/20");
  ASSERT_TRUE(part);
  EXPECT_EQ(part->first, 3U);
  EXPECT_EQ(part->size, 7U);
  EXPECT_EQ(part->total, 20U);
  for (const auto* bad :
       {"", "bytes", "bytes ", "bytes=3-9/20", "bytes 3-9", "bytes 3-9/*", "bytes */20", "bytes 9-3/20",
        "bytes 3-20/20", "bytes 3-9/20 ", "bytes  3-9/20", "bytes +3-9/20",
        "bytes 0-18446744073709551615/18446744073709551616", "lines 3-9/20", "bytes 3/9-20"})
    EXPECT_FALSE(parse_content_range(bad)) << bad;
}

class Uploads : public testing::Test {
 protected:
  // A body of this announced size, of which this much has come.
  std::unique_ptr<WebBody> begun(const std::string& some, std::uint64_t announced) {
    auto begun = server_.service.begin({"PUT",
                                        ServerWorld::path(id_) + "/package_content",
                                        {{"version", "2.0.0"}, {"content-type", "application/zip"}},
                                        {"192.0.2.1", certificate_of("vendor")},
                                        announced});
    auto body = std::move(std::get<std::unique_ptr<WebBody>>(begun));
    EXPECT_FALSE(body->take(as_bytes(some)));
    return body;
  }
  std::string content() {
    server_.process();
    EXPECT_EQ(server_.state(id_), "ONBOARDED");
    return ServerWorld::bytes_of(server_.ask("vendor", "GET", ServerWorld::path(id_) + "/package_content"));
  }
  std::string digest() { return server_.db->find_package(id_).value()->content; }
  std::vector<std::string> files() { return server_.data.list("uploads").value(); }
  ServerWorld server_;
  std::string id_ = server_.created();
  const std::string bytes_ = "0123456789abcdefghij";
};

TEST_F(Uploads, WhatCameBeforeTheConnectionBrokeIsThere) {
  EXPECT_EQ(server_.offset(id_), "0");
  begun("01234567", bytes_.size()).reset();
  EXPECT_EQ(server_.state(id_), "CREATED");
  EXPECT_EQ(server_.offset(id_), "8");
  EXPECT_EQ(server_.ask("vendor", "GET", "/api/v1/packages/" + id_ + "/upload").body,
            R"({"offset":8,"total":20})");
  const auto done = server_.put_part(id_, bytes_, 8, 12);
  EXPECT_EQ(done.status, 202U) << done.body;
  EXPECT_EQ(digest(), sha256(as_bytes(bytes_)).text());
  EXPECT_EQ(content(), bytes_);
  EXPECT_TRUE(files().empty());
}

// A package that bytes go into stays, and what was cut off is no secret.
TEST_F(Uploads, WhileOneGoesOnNobodyDeletesThePackage) {
  auto body = begun("01234567", bytes_.size());
  EXPECT_EQ(server_.ask("vendor", "DELETE", ServerWorld::path(id_)).status, 409U);
  body.reset();
  EXPECT_THAT(server_.ask("auditor", "GET", "/api/v1/audit").body,
              HasSubstr("the request was not completed"));
}

TEST_F(Uploads, InPartsAndFromTheBeginningAgain) {
  EXPECT_EQ(server_.put_part(id_, "something else", 0, 5).status, 204U);
  const auto first = server_.put_part(id_, bytes_, 0, 7);
  EXPECT_EQ(first.status, 204U);
  EXPECT_EQ(ServerWorld::header_of(first, "Upload-Offset"), "7");
  EXPECT_EQ(server_.put_part(id_, bytes_, 7, 1).status, 204U);
  EXPECT_EQ(server_.put_part(id_, bytes_, 8, 12).status, 202U);
  EXPECT_EQ(digest(), sha256(as_bytes(bytes_)).text());
  EXPECT_EQ(content(), bytes_);
}

TEST_F(Uploads, APutOfTheWholeForgetsWhatWasThere) {
  begun("xxxx", 100).reset();
  EXPECT_EQ(server_.put(id_, bytes_).status, 202U);
  EXPECT_EQ(content(), bytes_);
}

TEST_F(Uploads, APartThatDoesNotFitIsToldWhereItGoesOn) {
  EXPECT_EQ(server_.put_part(id_, bytes_, 5, 5).status, 409U);
  EXPECT_EQ(server_.put_part(id_, bytes_, 0, 5).status, 204U);
  for (const std::size_t at : {4U, 6U}) {
    const auto said = server_.put_part(id_, bytes_, at, 3);
    EXPECT_EQ(said.status, 409U) << at;
    EXPECT_THAT(said.body, HasSubstr("urn:sallyport:problem:upload-offset-wrong"));
    EXPECT_EQ(ServerWorld::header_of(said, "Upload-Offset"), "5");
  }
  EXPECT_EQ(server_.put_part(id_, bytes_ + "x", 5, 5).status, 409U);  // of another whole
  EXPECT_EQ(server_.put_part(id_, bytes_, 5, 15).status, 202U);
  EXPECT_EQ(content(), bytes_);
}

TEST_F(Uploads, AContentRangeThatIsNoneIsNotTakenForTheWhole) {
  const auto put = [&](const WebHeaders& more, const std::string& body) {
    WebHeaders headers{{"content-type", "application/zip"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return server_.ask("vendor", "PUT", ServerWorld::path(id_) + "/package_content", body, headers).status;
  };
  EXPECT_EQ(put({{"content-range", "bytes 0-4/*"}}, "01234"), 400U);
  EXPECT_EQ(put({{"content-range", "bytes 0-4/20"}, {"content-range", "bytes 0-4/20"}}, "01234"), 400U);
  EXPECT_EQ(put({{"content-range", "bytes 0-4/20"}}, "0123"), 400U);
  EXPECT_EQ(put({{"content-range", "bytes 0-4/1001"}}, "01234"), 413U);
  EXPECT_EQ(server_.state(id_), "CREATED");
  EXPECT_EQ(server_.offset(id_), "0");
}

TEST_F(Uploads, Q09_OneOfTwoAtOnceIsTaken) {
  auto one = begun("01234567", bytes_.size());
  EXPECT_EQ(server_.put(id_, "other").status, 409U);
  EXPECT_EQ(server_.put_part(id_, bytes_, 8, 12).status, 409U);
  EXPECT_EQ(server_.offset(id_), "");
  // Nor once the claim of the first one, which still lives, has run out.
  server_.clock.move(upload_seconds_max);
  EXPECT_EQ(server_.put(id_, "other").status, 409U);
  EXPECT_EQ(one->finish().status, 409U);
  one.reset();
  EXPECT_EQ(server_.put(id_, bytes_).status, 202U);
  EXPECT_EQ(content(), bytes_);
}

// What comes keeps the claim, however long all of it takes.
TEST_F(Uploads, Q09_ASlowUploadKeepsItsPackage) {
  auto body = begun("01234567", bytes_.size());
  for (const std::string part : {"89ab", "cdef", "ghij"}) {
    server_.clock.move(upload_seconds_max - 1);
    EXPECT_EQ(server_.put(id_, "other").status, 409U);
    EXPECT_FALSE(body->take(as_bytes(part)));
  }
  EXPECT_EQ(body->finish().status, 202U);
  EXPECT_EQ(content(), bytes_);
}

// Also when it comes fast: a server that is killed loses no more than that.
TEST_F(Uploads, EverySixtyFourMebibytesAreKept) {
  server_.world.package_size_max = 1ULL << 30U;
  const std::string part(1U << 20U, 'x');
  auto body = begun("", 100U << 20U);
  for (int i = 0; i < 63; ++i) EXPECT_FALSE(body->take(as_bytes(part)));
  EXPECT_EQ(find_received(server_.data, id_).value().size, 0U);
  EXPECT_FALSE(body->take(as_bytes(part)));
  EXPECT_EQ(find_received(server_.data, id_).value().size, 64U << 20U);
}

TEST_F(Uploads, APartThatIsShorterThanItSaysIsNone) {
  auto begun = server_.service.begin(
      {"PUT",
       ServerWorld::path(id_) + "/package_content",
       {{"version", "2.0.0"}, {"content-type", "application/zip"}, {"content-range", "bytes 0-9/20"}},
       {"192.0.2.1", certificate_of("vendor")},
       {}});
  auto body = std::move(std::get<std::unique_ptr<WebBody>>(begun));
  EXPECT_FALSE(body->take(as_bytes("01234")));
  EXPECT_EQ(body->finish().status, 400U);
  body.reset();
  EXPECT_EQ(server_.put(id_, "").status, 400U);  // nor is nothing
}

TEST_F(Uploads, Q03_NobodyElseGoesOnWithIt) {
  EXPECT_EQ(server_.put_part(id_, bytes_, 0, 5).status, 204U);
  EXPECT_EQ(server_.ask("other", "GET", "/api/v1/packages/" + id_ + "/upload").status, 404U);
  EXPECT_EQ(server_.put(id_, "x", "other").status, 404U);
  EXPECT_EQ(server_.offset(id_), "5");
}

TEST_F(Uploads, WhatIsThereAsAWholeStillHasToBeSaidToBe) {
  begun(bytes_, bytes_.size()).reset();  // all came, and the end of the request did not
  EXPECT_EQ(server_.offset(id_), "19");
  EXPECT_EQ(server_.put_part(id_, bytes_, 19, 1).status, 202U);
  EXPECT_EQ(content(), bytes_);
}

TEST(ReprDigest, IsReadStrictly) {
  const std::string of_nothing = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
  for (const auto& good : {of_nothing, "sha-512=:AAAA:, " + of_nothing, of_nothing + ", md5=:x:"})
    EXPECT_EQ(parse_repr_digest(good).value(), sha256({})) << good;
  for (const auto* none : {"", "sha-512=:AAAA:", "x"}) EXPECT_FALSE(parse_repr_digest(none).value()) << none;
  for (const auto& bad : {of_nothing + "," + of_nothing, of_nothing + "x", std::string("sha-256=::"),
                          std::string("sha-256=:AAAA:"), std::string("sha-256=:"), std::string("sha-256=x")})
    EXPECT_FALSE(parse_repr_digest(bad).ok()) << bad;
}

TEST_F(Uploads, TheWholeIsWhatTheClientSaysWhereItSaysSo) {
  const auto said = [&](const std::string& bytes) {
    const auto digest = "sha-256=:" + base64(sha256(as_bytes(bytes)).bytes()) + ":";
    return server_.ask(
        "vendor", "PUT", ServerWorld::path(id_) + "/package_content", bytes_.substr(5),
        {{"content-type", "application/zip"}, {"content-range", "bytes 5-19/20"}, {"repr-digest", digest}});
  };
  const WebHeaders twice{{"content-type", "application/zip"},
                         {"repr-digest", "sha-256=:" + base64(sha256(as_bytes("x")).bytes()) + ":"},
                         {"repr-digest", "sha-256=:" + base64(sha256(as_bytes(bytes_)).bytes()) + ":"}};
  EXPECT_EQ(server_.ask("vendor", "PUT", ServerWorld::path(id_) + "/package_content", bytes_, twice).status,
            400U);
  EXPECT_EQ(server_.put_part(id_, "another file of 20  ", 0, 5).status, 204U);
  const auto refused = said(bytes_);
  EXPECT_EQ(refused.status, 422U);
  EXPECT_THAT(refused.body, HasSubstr("urn:sallyport:problem:digest-mismatch"));
  EXPECT_EQ(server_.state(id_), "CREATED");
  EXPECT_EQ(server_.offset(id_), "0");
  EXPECT_TRUE(files().empty());
  EXPECT_EQ(server_.put_part(id_, bytes_, 0, 5).status, 204U);
  EXPECT_EQ(said(bytes_).status, 202U);
  EXPECT_EQ(content(), bytes_);
}

TEST_F(Uploads, NothingStaysOnAFullDisk) {
  auto body = begun("01234567", bytes_.size());
  server_.clock.move(60);
  EXPECT_FALSE(body->take(as_bytes("89")));  // with what came before durable by now
  server_.data.set_bytes_free(1);
  const auto said = body->take(as_bytes("abcdefghij"));
  ASSERT_TRUE(said);
  EXPECT_EQ(said->status, 500U);
  body.reset();
  EXPECT_EQ(server_.state(id_), "CREATED");
  EXPECT_EQ(server_.offset(id_), "0");
  EXPECT_TRUE(files().empty());
}

TEST_F(Uploads, AFullDiskTakesNothingBackThatWasAcknowledged) {
  EXPECT_EQ(server_.put_part(id_, bytes_, 0, 5).status, 204U);
  server_.data.set_bytes_free(1);
  EXPECT_EQ(server_.put_part(id_, bytes_, 5, 15).status, 500U);
  server_.data.set_bytes_free(1U << 20U);
  EXPECT_EQ(server_.offset(id_), "5");
  EXPECT_EQ(server_.put_part(id_, bytes_, 5, 15).status, 202U);
  EXPECT_EQ(content(), bytes_);
}

// The records may lie on the same disk: who uploads must not be able to have everything else answered with 500.
TEST_F(Uploads, TheDiskIsNotFilledToItsEnd) {
  server_.world.disk_left_min = 1000;
  server_.data.set_bytes_free(1000 + bytes_.size() - 1);
  EXPECT_EQ(server_.put(id_, bytes_).status, 500U);
  EXPECT_EQ(server_.state(id_), "CREATED");
  EXPECT_EQ(server_.put_part(id_, bytes_, 0, 5).status, 204U);
  server_.data.set_bytes_free(1000);
  EXPECT_EQ(server_.put_part(id_, bytes_, 5, 15).status, 500U);
  EXPECT_EQ(server_.offset(id_), "5");
  server_.data.set_bytes_free(2000);
  EXPECT_EQ(server_.put_part(id_, bytes_, 5, 15).status, 202U);
}

// Of what comes without a length nothing is known before it is there.
TEST_F(Uploads, TheDiskIsNotFilledToItsEndByWhatHasNoLength) {
  server_.world.disk_left_min = 1000;
  auto begun = server_.service.begin({"PUT",
                                      ServerWorld::path(id_) + "/package_content",
                                      {{"version", "2.0.0"}, {"content-type", "application/zip"}},
                                      {"192.0.2.1", certificate_of("vendor")},
                                      {}});
  auto& body = *std::get<std::unique_ptr<WebBody>>(begun);
  server_.data.set_bytes_free(1001);
  const auto said = body.take(as_bytes("ab"));
  ASSERT_TRUE(said);
  EXPECT_EQ(said->status, 500U);
}

TEST_F(Uploads, AnotherServerGoesOnWhereAKilledOneWas) {
  EXPECT_EQ(server_.put_part(id_, bytes_, 0, 5).status, 204U);
  auto goes_on = server_.service.begin(
      {"PUT",
       ServerWorld::path(id_) + "/package_content",
       {{"version", "2.0.0"}, {"content-type", "application/zip"}, {"content-range", "bytes 5-19/20"}},
       {"192.0.2.1", certificate_of("vendor")},
       15U});
  auto body = std::move(std::get<std::unique_ptr<WebBody>>(goes_on));
  EXPECT_FALSE(body->take(as_bytes("56789")));
  server_.kill(*server_.db->find_package(id_).value(), body.release());
  EXPECT_EQ(server_.state(id_), "UPLOADING");
  EXPECT_EQ(server_.offset(id_), "");  // as long as the dead one has its claim
  server_.clock.move(upload_seconds_max);
  EXPECT_EQ(server_.offset(id_), "5");
  EXPECT_EQ(server_.put_part(id_, bytes_, 5, 15).status, 202U);
  EXPECT_EQ(content(), bytes_);
}

TEST_F(Uploads, ARecordThatLiesCountsForNothing) {
  EXPECT_EQ(server_.put_part(id_, bytes_, 0, 5).status, 204U);
  const auto record = "uploads/" + id_ + ".json";
  const auto said = [&](const std::string& text) {
    EXPECT_TRUE(server_.data.replace_file(record, as_bytes(text), 0640).ok());
    return server_.offset(id_);
  };
  EXPECT_EQ(said(R"({"schema":"sallyport-upload/1","received":5,"total":20,"changed":1})"), "5");
  for (const auto* bad : {"", "{}", R"({"schema":"sallyport-upload/1","received":6,"total":20,"changed":1})",
                          R"({"schema":"sallyport-upload/1","received":5,"total":4,"changed":1})",
                          R"({"schema":"sallyport-upload/2","received":5,"total":20,"changed":1})",
                          R"({"schema":"sallyport-upload/1","received":5,"total":20,"changed":1,"more":1})"})
    EXPECT_EQ(said(bad), "0") << bad;
}

// A server whose power goes at the n-th change of the disk, and another one that goes on by what the first has told.
class CutShort {
 public:
  enum class Way : std::uint8_t { in_parts, at_once };
  CutShort(Way way, std::uint64_t nth, std::uint64_t luck)
      : way_(way), disk_(server_.data, nth, Then::crash), luck_(luck) {}

  // False: it came to its end without reaching the n-th change.
  bool run() {
    const auto answers = server_.world_on(disk_);
    const auto id = server_.created();
    std::size_t told = 0;
    std::vector<std::pair<std::size_t, std::size_t>> parts{{0, 7}, {7, 6}, {13, 7}};
    if (way_ == Way::at_once) parts = {{0, bytes_.size()}};
    for (const auto& [at, size] : parts) {
      const auto said =
          server_.ask_of(*answers.service, "vendor", "PUT", ServerWorld::path(id) + "/package_content",
                         bytes_.substr(at, size), part(at, size));
      if (said.status == 204) told = at + size;
      if (said.status == 202) told = bytes_.size();
    }
    server_.data.crash(luck_);
    go_on(id, told);
    return disk_.struck();
  }

 private:
  WebHeaders part(std::size_t at, std::size_t size) const {
    if (way_ == Way::at_once) return {{"content-type", "application/zip"}};
    return {{"content-type", "application/zip"},
            {"content-range", "bytes " + std::to_string(at) + "-" + std::to_string(at + size - 1) + "/20"}};
  }

  void go_on(const std::string& id, std::size_t told) {
    server_.clock.move(upload_seconds_max);
    if (server_.state(id) != "PROCESSING") {
      ASSERT_LT(told, bytes_.size());  // what was taken stays taken
      const auto offset = std::stoul(server_.offset(id));
      ASSERT_GE(offset, told);  // what was acknowledged is there
      ASSERT_EQ(server_.put_part(id, bytes_, offset, bytes_.size() - offset).status, 202U);
    }
    server_.process();
    ASSERT_EQ(server_.state(id), "ONBOARDED");
    ASSERT_EQ(server_.db->find_package(id).value()->content, sha256(as_bytes(bytes_)).text());
    ASSERT_EQ(ServerWorld::bytes_of(server_.ask("vendor", "GET", ServerWorld::path(id) + "/package_content")),
              bytes_);
    ASSERT_EQ(server_.db->count().value().usage.at(0).bytes, bytes_.size());  // and counts once
  }

  const std::string bytes_ = "0123456789abcdefghij";
  Way way_;
  ServerWorld server_;
  FaultyDisk disk_;
  std::uint64_t luck_;
};

TEST(UploadCrash, WhateverWasAcknowledgedIsThereAfterAPowerCutAtAnyPoint) {
  using Way = CutShort::Way;
  for (const auto& [way, changes] : {std::pair{Way::in_parts, 20U}, {Way::at_once, 8U}}) {
    for (std::uint64_t luck = 0; luck < 3; ++luck) {
      std::uint64_t nth = 1;
      while (CutShort(way, nth, luck).run()) {
        ASSERT_FALSE(testing::Test::HasFailure()) << "change " << nth << ", luck " << luck;
        ++nth;
      }
      EXPECT_GT(nth, changes);
    }
  }
}

// Its second name is there for good before the first one goes.
TEST(SettledContent, IsThereAfterAPowerCut) {
  MemoryDisk data;
  {
    const auto upload = Upload::hold(data, "p").value();
    ASSERT_TRUE(upload->start(std::nullopt).ok() && upload->write(as_bytes("01234")).ok());
    ASSERT_TRUE(upload->complete([]() -> Result<void> { return {}; }).ok());
  }
  PackageRecord package;
  package.id = "p";
  package.content = "digest";
  ASSERT_TRUE(settle_content(data, package).ok());
  ASSERT_TRUE(data.remove(upload_path("p")).ok() && data.sync_folder("uploads").ok());
  data.crash(0);
  EXPECT_TRUE(data.find(content_path(package)).value());
}

// Behind what is missing nothing is written, and nothing is acknowledged.
TEST(UploadOnDisk, WhatFailedOnceGoesOnNoMore) {
  MemoryDisk data;
  {
    const auto upload = Upload::hold(data, "p").value();
    ASSERT_TRUE(upload->start(5U << 20U).ok() && upload->write(as_bytes("01234")).ok());
    ASSERT_TRUE(upload->mark(testkit::test_time()).ok());
  }
  const std::string part(2U << 20U, 'x');
  int failed = 0;
  for (std::uint64_t nth = 1; nth <= 6; ++nth) {
    FaultyDisk disk(data, nth, Then::fail);
    const auto upload = Upload::hold(disk, "p");
    if (!upload.ok() || !upload.value()->go_on(find_received(data, "p").value()).ok()) continue;
    if (upload.value()->write(as_bytes(part)).ok()) continue;
    ++failed;
    EXPECT_FALSE(upload.value()->write(as_bytes("y")).ok());
    EXPECT_FALSE(upload.value()->mark(testkit::test_time()).ok());
    EXPECT_EQ(find_received(data, "p").value().size, 5U);
  }
  EXPECT_EQ(failed, 1);
}

}  // namespace
}  // namespace sallyport::server
