// SPDX-License-Identifier: Apache-2.0
#include "roles/node/report_delivery.h"

#include <gtest/gtest.h>

#include "adapters/http/memory_poster.h"

namespace sallyport::node {
namespace {

constexpr const char* url = "https://server.example:8443/api/v1/nodes/mme-1/report";

struct World {
  explicit World(unsigned status, std::string body = {}) {
    poster.services[url] = [this, status, body](const PostRequest& request) {
      asked = request;
      return Result<HttpAnswer>(HttpAnswer{status, "application/problem+json", body});
    };
  }
  Result<void> deliver(const std::string& server) {
    return deliver_report(poster, server, NodeId::parse("mme-1").value(), "{\"payload\":\"\"}");
  }
  MemoryPoster poster;
  PostRequest asked{{}, {}, 0};
};

TEST(DeliverReport, IsPutAtTheNodesOwnPlace) {
  World w(204);
  ASSERT_TRUE(w.deliver("https://server.example:8443").ok());
  EXPECT_EQ(w.asked.method, HttpMethod::put);
  EXPECT_EQ(w.asked.content_type, "application/json");
  EXPECT_EQ(w.asked.body, "{\"payload\":\"\"}");
  EXPECT_TRUE(w.deliver("https://server.example:8443/").ok());
}

TEST(DeliverReport, WhatTheServerDoesNotTakeIsNotBrought) {
  for (const unsigned status : {400U, 403U, 409U, 422U, 429U, 503U}) {
    World w(status, "{\"detail\":\"the report that is there was made later\"}");
    const auto error = w.deliver("https://server.example:8443").error();
    EXPECT_EQ(error.code, Code::server_refused);
    EXPECT_EQ(error.where, url);
    EXPECT_EQ(error.found, "status " + std::to_string(status) +
                               ": {\"detail\":\"the report that is there was made later\"}");
  }
}

TEST(DeliverReport, WhatAHostileServerSaysIsCutShortAndPrintable) {
  World w(500, "\x1b[2J" + std::string(60000, 'x'));
  const auto found = w.deliver("https://server.example:8443").error().found;
  EXPECT_LT(found.size(), 400U);
  EXPECT_EQ(found.find('\x1b'), std::string::npos);
}

TEST(DeliverReport, NoServer) {
  World w(204);
  EXPECT_EQ(w.deliver("https://other.example").error().code, Code::server_unreachable);
  EXPECT_EQ(w.deliver("file:///tmp").error().code, Code::url_invalid);
}

}  // namespace
}  // namespace sallyport::node
