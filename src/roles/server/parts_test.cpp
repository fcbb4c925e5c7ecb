// SPDX-License-Identifier: Apache-2.0
// Members of a package, by what a process apart said of where they lie; and packages by their release.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/format/package_members.h"
#include "core/format/zip.h"
#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

using testing::HasSubstr;

class Parts : public testing::Test {
 protected:
  Parts() {
    auto taken = ScriptedIntake::clean();
    taken.members = print_members({"a.mf",
                                   "a.yaml",
                                   {{"a.mf", 2, 3, crc("mmm")},
                                    {"a.yaml", 5, 4, crc("yyyy")},
                                    {"x/y", 0, 2, crc("xx")},
                                    {"z", 9, 1, crc("z")}}});
    server_.intake.says = taken;
    id_ = server_.onboarded("xxmmmyyyyz");
  }
  static std::uint32_t crc(std::string_view bytes) { return crc32(0, as_bytes(bytes)); }
  // What an archive holds, by our own reader of archives; empty where it is none.
  std::map<std::string, std::string> unpacked(const std::string& path, const WebHeaders& headers = {}) {
    const auto answer = server_.ask("vendor", "GET", path, {}, headers);
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(ServerWorld::header_of(answer, "Content-Type"), "application/zip");
    const auto bytes = ServerWorld::bytes_of(answer);
    const MemorySource file(as_bytes(bytes));
    const auto directory = read_zip(file);
    EXPECT_TRUE(directory.ok()) << directory.error().found;
    std::map<std::string, std::string> found;
    for (const auto& member : directory.value().members)
      found[member.name.text()] = as_text(read_member(file, member, 100).value());
    return found;
  }
  std::string get(const std::string& path, const WebHeaders& headers = {},
                  const std::string& who = "vendor") {
    const auto answer = server_.ask(who, "GET", path, {}, headers);
    return std::to_string(answer.status) + " " + (answer.status < 400 ? ServerWorld::bytes_of(answer) : "");
  }
  ServerWorld server_;
  std::string id_;
};

TEST_F(Parts, AreRangesOfTheFile) {
  for (const auto& base :
       {ServerWorld::path(id_), "/vnfpkgm/v2/onboarded_vnf_packages/" + std::string(64, 'a')}) {
    EXPECT_EQ(get(base + "/vnfd"), "200 yyyy");
    EXPECT_EQ(get(base + "/manifest"), "200 mmm");
    EXPECT_EQ(get(base + "/artifacts/x/y"), "200 xx");
    EXPECT_EQ(get(base + "/artifacts/a.yaml", {{"range", "bytes=1-2"}}), "206 yy");
    EXPECT_EQ(get(base + "/artifacts/a.yaml", {{"range", "bytes=4-"}}), "416 ");  // never beyond the member
    EXPECT_EQ(get(base + "/artifacts/x"), "404 ");
    EXPECT_EQ(get(base + "/artifacts/x%2fy"), "400 ");
    EXPECT_EQ(get(base + "/artifacts/../x/y"), "400 ");
    EXPECT_EQ(get(base + "/package_content"), "200 xxmmmyyyyz");
    EXPECT_EQ(get(base + "/vnfd", {}, "other"), "404 ");
  }
}

TEST_F(Parts, ComeInArchivesThatAreRangesOfTheFile) {
  using Members = std::map<std::string, std::string>;
  for (const auto& base :
       {ServerWorld::path(id_), "/vnfpkgm/v2/onboarded_vnf_packages/" + std::string(64, 'a')}) {
    EXPECT_EQ(unpacked(base + "/artifacts"), (Members{{"x/y", "xx"}, {"z", "z"}}));
    EXPECT_EQ(unpacked(base + "/vnfd", {{"accept", "application/zip"}}), (Members{{"a.yaml", "yyyy"}}));
  }
  // At any place, over any border.
  const auto path = ServerWorld::path(id_) + "/artifacts";
  const auto whole = get(path).substr(4);
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (std::size_t end = at + 1; end <= std::min(whole.size(), at + 70); ++end)
      ASSERT_EQ(get(path, {{"range", "bytes=" + std::to_string(at) + "-" + std::to_string(end - 1)}}),
                "206 " + whole.substr(at, end - at));
  EXPECT_EQ(get(path + "?exclude_all_manifest_artifacts"), "400 ");
  // Of what an earlier program has stored the CRC-32 is not known.
  ASSERT_TRUE(server_.db->set_members(id_, print_members({"a.mf", "a.mf", {{"a.mf", 2, 3}}})).ok());
  EXPECT_EQ(get(path), "404 ");
  EXPECT_EQ(get(ServerWorld::path(id_) + "/vnfd", {{"accept", "application/zip"}}), "404 ");
  EXPECT_EQ(get(ServerWorld::path(id_) + "/vnfd"), "200 mmm");
}

TEST_F(Parts, ComeInTheirTypesOnly) {
  const auto path = ServerWorld::path(id_) + "/vnfd";
  EXPECT_EQ(get(path, {{"accept", "image/png"}}), "406 ");
  EXPECT_EQ(get(ServerWorld::path(id_) + "/manifest", {{"accept", "application/zip"}}), "406 ");
  EXPECT_EQ(get(path, {{"accept", "application/zip, text/plain;q=0.5"}}), "200 yyyy");
  EXPECT_EQ(get(path, {{"accept", "text/*"}}), "200 yyyy");
  EXPECT_EQ(get(path, {{"accept", "*/*"}}), "200 yyyy");
}

// H12: what the process apart says is held against the file, whenever it is used.
TEST_F(Parts, H12_NothingOutsideOfTheFileIsServed) {
  ASSERT_TRUE(server_.db->set_members(id_, print_members({"a.mf", "a.mf", {{"a.mf", 2, 9}}})).ok());
  EXPECT_EQ(get(ServerWorld::path(id_) + "/manifest"), "500 ");
  ASSERT_TRUE(server_.db->set_members(id_, "").ok());
  EXPECT_EQ(get(ServerWorld::path(id_) + "/manifest"), "404 ");
}

TEST_F(Parts, AReleaseIsFoundByWhoeverMaySeeIt) {
  const auto by_release = "/vnfpkgm/v2/onboarded_vnf_packages/" + std::string(64, 'a');
  EXPECT_THAT(server_.ask("vendor", "GET", by_release).body, HasSubstr(id_));
  EXPECT_EQ(server_.ask("other", "GET", by_release).status, 404U);
  EXPECT_EQ(server_.ask("vendor", "GET", "/vnfpkgm/v2/onboarded_vnf_packages/" + std::string(64, 'b')).status,
            404U);
  const auto list = "/vnfpkgm/v2/onboarded_vnf_packages";
  server_.created();
  EXPECT_THAT(server_.ask("vendor", "GET", list).body, HasSubstr(id_));
  EXPECT_THAT(server_.ask("vendor", "GET", list).body, testing::Not(HasSubstr("CREATED")));
  EXPECT_EQ(server_.ask("other", "GET", list).body, "[]");
  // Whoever brought it first: each finds its own.
  const auto location =
      ServerWorld::header_of(server_.ask("other", "POST", ServerWorld::packages, "{}"), "Location");
  const auto others = location.substr(location.rfind('/') + 1);
  ASSERT_EQ(server_.put(others, "xxmmmyyyyz", "other").status, 202U);
  server_.process();
  EXPECT_THAT(server_.ask("other", "GET", by_release).body, HasSubstr(others));
  EXPECT_THAT(server_.ask("vendor", "GET", by_release).body, HasSubstr(id_));
}

}  // namespace
}  // namespace sallyport::server
