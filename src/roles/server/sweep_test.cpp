// SPDX-License-Identifier: Apache-2.0
#include "roles/server/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "roles/server/packages.h"
#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Sweep : public testing::Test {
 protected:
  WebBegun begin(const std::string& id) {
    return server_.service.begin({"PUT",
                                  ServerWorld::path(id) + "/package_content",
                                  {{"version", "2.0.0"}, {"content-type", "application/zip"}},
                                  {"192.0.2.1", certificate_of("vendor")},
                                  {}});
  }
  Swept swept() { return sweep(server_.world).value(); }
  std::size_t files(const std::string& folder) { return server_.data.list(folder).value().size(); }
  ServerWorld server_;
};

TEST_F(Sweep, AnUploadThatGoesOnIsLeftAlone) {
  const auto id = server_.created();
  auto begun = begin(id);
  auto& body = *std::get<std::unique_ptr<WebBody>>(begun);
  EXPECT_FALSE(body.take(as_bytes("half")));
  server_.clock.move(upload_seconds_max + abandoned_seconds - 1);
  EXPECT_EQ(swept().uploads, 0U);
  EXPECT_EQ(body.finish().status, 202U);
  EXPECT_EQ(swept().contents, 0U);
  server_.process();
  EXPECT_EQ(swept().contents, 0U);
  EXPECT_EQ(server_.state(id), "ONBOARDED");
}

TEST_F(Sweep, WhatAKilledServerLeftBeforeItWasDurableIsRemovedAndItsPackageIsFree) {
  const auto id = server_.created();
  auto* const body = std::get<std::unique_ptr<WebBody>>(begin(id)).release();
  EXPECT_FALSE(body->take(as_bytes("half")));
  server_.clock.move(upload_seconds_max + abandoned_seconds);
  // Whoever lives and writes has his package taken away, and his file left.
  EXPECT_EQ(swept().uploads, 0U);
  EXPECT_EQ(server_.state(id), "CREATED");
  EXPECT_EQ(server_.put(id, "again").status, 409U);
  server_.kill(*server_.db->find_package(id).value(), body);
  const auto done = swept();
  EXPECT_EQ(done.uploads, 1U);
  EXPECT_EQ(files("uploads"), 0U);
  EXPECT_THAT(server_.ask("auditor", "GET", "/api/v1/audit").body,
              HasSubstr("0 uploads, 0 contents, 1 packages"));
  EXPECT_EQ(server_.put(id, "again").status, 202U);
}

TEST_F(Sweep, WhatWasCutOffIsKeptForADay) {
  const auto id = server_.created();
  auto body = std::get<std::unique_ptr<WebBody>>(begin(id));
  EXPECT_FALSE(body->take(as_bytes("half")));
  body.reset();
  server_.clock.move(kept_seconds - 1);
  EXPECT_EQ(swept().uploads, 0U);
  server_.clock.move(1);
  EXPECT_EQ(swept().uploads, 1U);
  EXPECT_EQ(files("uploads"), 0U);
  EXPECT_EQ(server_.offset(id), "0");
}

TEST_F(Sweep, ContentWithoutARowIsRemoved) {
  const auto id = server_.onboarded("bytes");
  const auto write = [&](const std::string& file) {
    ASSERT_TRUE(server_.data.replace_file("content/" + file, as_bytes("x"), 0640).ok());
  };
  write("00000000-0000-4000-8000-000000000000." + std::string(64, 'a') + ".csar");
  write(id + "." + std::string(64, 'a') + ".csar");  // of another digest than its row
  write("stray");
  EXPECT_EQ(swept().contents, 3U);
  EXPECT_EQ(files("content"), 1U);
  EXPECT_EQ(ServerWorld::bytes_of(server_.ask("vendor", "GET", ServerWorld::path(id) + "/package_content")),
            "bytes");
  EXPECT_EQ(swept().contents, 0U);
}

}  // namespace
}  // namespace sallyport::server
