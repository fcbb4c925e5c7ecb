// SPDX-License-Identifier: Apache-2.0
// upload_from_uri, with files of a fetcher in memory.
#include "roles/server/fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "roles/server/packages.h"
#include "roles/server/sweep.h"
#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

using testing::HasSubstr;

class Fetching : public testing::Test {
 protected:
  Fetching() { server_.world.fetcher = &server_.fetcher; }
  WebAnswer ask(const std::string& id, const std::string& url, const std::string& who = "vendor") {
    return server_.ask(who, "POST", ServerWorld::path(id) + "/package_content/upload_from_uri",
                       R"({"addressInformation":")" + url + "\"}");
  }
  std::string asked(const std::string& url) {
    auto id = server_.created();
    EXPECT_EQ(ask(id, url).status, 202U);
    return id;
  }
  Worked fetch() {
    const auto worked = fetch_one(
        server_.world, "fetcher", [](const std::string&) {}, [this] { return goes_on_; });
    EXPECT_TRUE(worked.ok());
    return worked.ok() ? worked.value() : Worked::on_nothing;
  }
  std::string failure(const std::string& id) { return server_.db->find_package(id).value()->failure; }
  bool goes_on_ = true;
  ServerWorld server_;
  const std::string url_ = "https://files.example:8443/a.csar";
};

TEST_F(Fetching, AListedFileIsFetchedAndTakenIn) {
  server_.fetcher.files.emplace(url_, "bytes of a package");
  const auto id = asked(url_);
  EXPECT_EQ(server_.state(id), "UPLOADING");
  EXPECT_EQ(fetch(), Worked::on_a_package);
  EXPECT_EQ(server_.state(id), "PROCESSING");
  server_.process();
  EXPECT_EQ(server_.state(id), "ONBOARDED");
  EXPECT_EQ(ServerWorld::bytes_of(server_.ask("vendor", "GET", ServerWorld::path(id) + "/package_content")),
            "bytes of a package");
  EXPECT_TRUE(server_.data.list("uploads").value().empty());
  EXPECT_EQ(fetch(), Worked::on_nothing);
}

TEST_F(Fetching, Q13_NothingIsFetchedThatIsNotListed) {
  const auto id = server_.created();
  EXPECT_EQ(ask(id, "https://elsewhere/").status, 422U);
  EXPECT_EQ(server_.state(id), "CREATED");
  EXPECT_EQ(fetch(), Worked::on_nothing);
  server_.world.fetcher = nullptr;
  const auto off = ask(id, url_);
  EXPECT_EQ(off.status, 403U);
  EXPECT_THAT(off.body, HasSubstr("upload-from-uri-off"));
}

TEST_F(Fetching, NamesAndPasswordsAreNotTaken) {
  server_.fetcher.files.emplace(url_, "bytes");
  const auto id = server_.created();
  const auto path = ServerWorld::path(id) + "/package_content/upload_from_uri";
  for (const auto* more : {R"(,"userName":"a")", R"(,"password":"b")", R"(,"addressInformation":"x")"})
    EXPECT_EQ(
        server_.ask("vendor", "POST", path, R"({"addressInformation":")" + url_ + "\"" + more + "}").status,
        422U)
        << more;
  EXPECT_EQ(server_.ask("vendor", "POST", path, "{}").status, 422U);
  EXPECT_EQ(ask(id, url_, "other").status, 404U);
  EXPECT_EQ(server_.state(id), "CREATED");
}

TEST_F(Fetching, WhatTheOtherSideDoesWrongIsAnError) {
  const auto redirects = "https://files.example:8443/elsewhere";
  server_.fetcher.files.emplace(redirects, Error(Code::server_redirects, redirects));
  const auto empty = "https://files.example:8443/empty";
  server_.fetcher.files.emplace(empty, std::string());
  server_.fetcher.files.emplace(url_, std::string(1001, 'x'));
  for (const auto& [url, code] : {std::pair<std::string, std::string>{redirects, "server-redirects"},
                                  {empty, "truncated"},
                                  {url_, "server-sends-too-much"}}) {
    const auto id = asked(url);
    EXPECT_EQ(fetch(), Worked::on_a_package);
    EXPECT_EQ(server_.state(id), "ERROR");
    EXPECT_THAT(failure(id), HasSubstr("urn:sallyport:problem:" + code));
  }
  EXPECT_TRUE(server_.data.list("uploads").value().empty());
  EXPECT_THAT(server_.ask("auditor", "GET", "/api/v1/audit").body,
              HasSubstr(R"("action":"FETCH","object":")"));
}

TEST_F(Fetching, AKeyInAnAddressIsReadInNoRecord) {
  const auto good = url_ + "?key=secret";
  const auto bad = url_ + "?other=secret" + std::string(1000, 'x');
  server_.fetcher.files.emplace(good, "bytes of a package");
  server_.fetcher.files.emplace(bad, Error(Code::server_refused, bad, "status 200", "status 403"));
  asked(good);
  const auto id = asked(bad);
  EXPECT_EQ(fetch(), Worked::on_a_package);
  EXPECT_EQ(fetch(), Worked::on_a_package);
  EXPECT_EQ(server_.state(id), "ERROR");
  EXPECT_THAT(failure(id), HasSubstr(url_));
  for (const auto& text : {failure(id), server_.ask("auditor", "GET", "/api/v1/audit").body,
                           server_.ask("vendor", "GET", ServerWorld::packages).body})
    EXPECT_THAT(text, testing::Not(HasSubstr("secret")));
}

TEST_F(Fetching, AFaultOfOurOwnIsTriedAgain) {
  server_.fetcher.files.emplace(url_, "bytes of a package");
  const auto id = asked(url_);
  server_.data.set_bytes_free(3);
  EXPECT_EQ(fetch(), Worked::on_a_package);
  EXPECT_EQ(server_.state(id), "UPLOADING");
  EXPECT_EQ(fetch(), Worked::on_nothing);
  server_.data.set_bytes_free(1U << 20U);
  server_.clock.move(fetch_retry_seconds);
  EXPECT_EQ(fetch(), Worked::on_a_package);
  EXPECT_EQ(server_.state(id), "PROCESSING");
}

TEST_F(Fetching, TheDiskIsNotFilledToItsEnd) {
  server_.fetcher.files.emplace(url_, "bytes of a package");
  const auto id = asked(url_);
  server_.world.disk_left_min = 1000;
  server_.data.set_bytes_free(1001);
  EXPECT_EQ(fetch(), Worked::on_a_package);
  EXPECT_EQ(server_.state(id), "UPLOADING");
}

TEST_F(Fetching, AServerThatEndsLeavesItToAnotherOne) {
  server_.fetcher.files.emplace(url_, "bytes of a package");
  const auto id = asked(url_);
  goes_on_ = false;
  EXPECT_EQ(fetch(), Worked::on_a_package);
  EXPECT_EQ(server_.state(id), "UPLOADING");
  goes_on_ = true;
  EXPECT_EQ(fetch(), Worked::on_a_package);
  EXPECT_EQ(server_.state(id), "PROCESSING");
}

TEST_F(Fetching, WhatNobodyFetchesForADayTakesContentAgain) {
  server_.fetcher.files.emplace(url_, "bytes of a package");
  const auto id = asked(url_);
  server_.clock.move(kept_seconds - 1);
  EXPECT_EQ(sweep(server_.world).value().packages, 0U);
  server_.clock.move(1);
  EXPECT_EQ(sweep(server_.world).value().packages, 1U);
  EXPECT_EQ(server_.state(id), "CREATED");
  EXPECT_EQ(fetch(), Worked::on_nothing);
  EXPECT_EQ(server_.put(id, "mine").status, 202U);
}

TEST_F(Fetching, WhatWaitsToBeFetchedIsNeitherUploadedNorSwept) {
  server_.fetcher.files.emplace(url_, "bytes of a package");
  const auto id = asked(url_);
  server_.clock.move(upload_seconds_max + abandoned_seconds);
  EXPECT_EQ(sweep(server_.world).value().packages, 0U);
  EXPECT_EQ(server_.put(id, "mine").status, 409U);
  EXPECT_EQ(server_.offset(id), "");
  EXPECT_EQ(fetch(), Worked::on_a_package);
  EXPECT_EQ(server_.state(id), "PROCESSING");
}

}  // namespace
}  // namespace sallyport::server
