// SPDX-License-Identifier: Apache-2.0
// What every fetcher has to do, asked of each of them: the one in memory and libcurl against a server on loopback.
#include <gtest/gtest.h>

#include <map>

#include "adapters/http/curl.h"
#include "adapters/http/faulty.h"
#include "adapters/http/memory.h"
#include "testkit/http_server.h"

namespace sallyport {
namespace {

using testkit::HttpConnection;
using testkit::HttpServer;

Bytes bytes(std::string_view text) {
  return copy(as_bytes(text));
}

class World {
 public:
  virtual ~World() = default;
  virtual Fetcher& fetcher() = 0;
  virtual std::string put(const std::string& path, const Bytes& content) = 0;  // its URL
};

class MemoryWorld final : public World {
 public:
  Fetcher& fetcher() override { return fetcher_; }
  std::string put(const std::string& path, const Bytes& content) override {
    fetcher_.files["http://memory" + path] = content;
    return "http://memory" + path;
  }

 private:
  MemoryFetcher fetcher_;
};

class CurlWorld final : public World {
 public:
  Fetcher& fetcher() override { return fetcher_; }
  std::string put(const std::string& path, const Bytes& content) override {
    files_[path] = std::string(as_text(content));
    return server_.url() + path;
  }

 private:
  void answer(HttpConnection& connection) {
    const auto found = files_.find(connection.path());
    if (found == files_.end()) return connection.reply("404 Not Found", "no");
    const auto offset = connection.offset();
    if (offset == 0) return connection.reply("200 OK", found->second);
    if (offset >= found->second.size()) return connection.reply("416 Range Not Satisfiable", "");
    const auto size = std::to_string(found->second.size());
    connection.reply("206 Partial Content", found->second.substr(offset),
                     "Content-Range: bytes " + std::to_string(offset) + "-" +
                         std::to_string(found->second.size() - 1) + "/" + size + "\r\n");
  }
  std::map<std::string, std::string> files_;
  HttpServer server_{[this](HttpConnection& connection) { answer(connection); }};
  CurlFetcher fetcher_;
};

class FetcherContract : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "curl") {
      world_ = std::make_unique<CurlWorld>();
    } else {
      world_ = std::make_unique<MemoryWorld>();
    }
  }
  Fetcher& fetcher() { return world_->fetcher(); }
  std::unique_ptr<World> world_;
};

TEST_P(FetcherContract, HandsOverTheFile) {
  const auto url = world_->put("/a%20b", bytes("content"));
  EXPECT_EQ(fetcher().fetch_small(url, 7).value(), bytes("content"));
  EXPECT_EQ(fetcher().fetch_small(url, 100).value(), bytes("content"));
  EXPECT_EQ(fetcher().fetch_small(world_->put("/empty", {}), 0).value(), Bytes{});
  const Bytes large(3 << 20, 7);
  EXPECT_EQ(fetcher().fetch_small(world_->put("/large", large), large.size()).value(), large);
}

TEST_P(FetcherContract, RefusesMoreThanWasAskedFor) {
  const auto url = world_->put("/file", bytes("content"));
  EXPECT_EQ(fetcher().fetch_small(url, 6).error().code, Code::server_sends_too_much);
}

TEST_P(FetcherContract, GoesOnFromAnOffset) {
  const auto url = world_->put("/file", bytes("content"));
  MemorySink sink;
  ASSERT_TRUE(fetcher().fetch({url, 7, 3}, sink).ok());
  EXPECT_EQ(sink.bytes(), bytes("tent"));
  EXPECT_EQ(fetcher().fetch({url, 7, 7}, sink).error().code, Code::server_refused);
}

TEST_P(FetcherContract, F17_FileThatIsNotThere) {
  world_->put("/file", bytes("content"));
  const auto other = world_->put("/other", {}).replace(0, 0, "") + "-not";
  EXPECT_EQ(fetcher().fetch_small(other, 7).error().code, Code::server_file_missing);
}

TEST_P(FetcherContract, EndsWithTheSinksError) {
  class Full final : public ByteSink {
   public:
    Result<void> write(BytesView) override { return Error(Code::disk_full, "the sink"); }
  } full;
  const auto url = world_->put("/file", bytes("content"));
  EXPECT_EQ(fetcher().fetch({url, 7, 0}, full).error().code, Code::disk_full);
}

TEST_P(FetcherContract, I02_OddAddresses) {
  for (const auto* url : {"",
                          "file:///etc/passwd",
                          "ftp://host/a",
                          "http://",
                          "http:///a",
                          "http://user@host/",
                          "http://h/a b",
                          "http://h/a?b",
                          "http://h/a#b",
                          "http://h/\n",
                          "HTTP://h/",
                          "//h/a",
                          "http://h:/",
                          "http://h:0/",
                          "http://h:65536/",
                          "http://h:-1/",
                          "http://h:1x/",
                          "http://h:1:2/",
                          "http://:80/",
                          "http://[::1/",
                          "http://[]/",
                          "http://[::1]x/",
                          "http://[::1]:0/",
                          "http://h]/",
                          "http://h:0000080/"}) {
    EXPECT_EQ(fetcher().fetch_small(url, 7).error().code, Code::url_invalid) << url;
  }
  EXPECT_EQ(fetcher().fetch_small("http://h/" + std::string(9000, 'a'), 7).error().code, Code::url_invalid);
}

TEST(Url, HostsAndPorts) {
  for (const auto* url : {"http://h", "https://h/", "http://h:1", "http://h:65535/a", "http://127.0.0.1:80/",
                          "http://[::1]", "https://[2001:db8::1]:8443/a", "http://h/@a"}) {
    EXPECT_TRUE(check_url(url).ok()) << url;
  }
}

INSTANTIATE_TEST_SUITE_P(Fetchers, FetcherContract, testing::Values("memory", "curl"),
                         [](const auto& each) { return each.param; });

CurlSettings impatient() {
  CurlSettings settings;
  settings.connect_seconds_max = 2;
  settings.rate_seconds = 1;
  return settings;
}

TEST(CurlAttack, I05_SlowServerIsGivenUp) {
  HttpServer server([](HttpConnection& connection) {
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    for (int i = 0; i < 100 && connection.write("x") == HttpConnection::Other::listens; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
  });
  CurlFetcher fetcher(impatient());
  EXPECT_EQ(fetcher.fetch_small(server.url() + "/", 1U << 20U).error().code, Code::server_too_slow);
}

TEST(CurlAttack, I05_SilentServerIsGivenUp) {
  HttpServer server([](HttpConnection& connection) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));
    connection.reply("200 OK", "late");
  });
  CurlFetcher fetcher(impatient());
  EXPECT_EQ(fetcher.fetch_small(server.url() + "/", 100).error().code, Code::server_too_slow);
}

TEST(CurlAttack, I05_CutShort) {
  HttpServer server([](HttpConnection& connection) {
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it");
  });
  CurlFetcher fetcher(impatient());
  MemorySink sink;
  EXPECT_EQ(fetcher.fetch({server.url() + "/", 100, 0}, sink).error().code, Code::server_unreachable);
  EXPECT_EQ(sink.bytes(), bytes("half of it"));
}

TEST(CurlAttack, I04_EndlessBody) {
  HttpServer server([](HttpConnection& connection) {
    connection.write("HTTP/1.1 200 OK\r\n\r\n");
    const std::string part(65536, 'A');
    while (connection.write(part) == HttpConnection::Other::listens) {
    }
  });
  CurlFetcher fetcher(impatient());
  MemorySink sink;
  EXPECT_EQ(fetcher.fetch({server.url() + "/", 1000, 0}, sink).error().code, Code::server_sends_too_much);
  EXPECT_LE(sink.bytes().size(), 1000U);
}

TEST(CurlAttack, I02_RedirectionIsNotFollowed) {
  std::atomic<int> asked = 0;
  HttpServer server([&](HttpConnection& connection) {
    ++asked;
    connection.reply("302 Found", "elsewhere", "Location: /other\r\n");
  });
  CurlFetcher fetcher(impatient());
  EXPECT_EQ(fetcher.fetch_small(server.url() + "/", 100).error().code, Code::server_redirects);
  EXPECT_EQ(asked, 1);
}

TEST(CurlAttack, I07_RangeThatWasNotAskedFor) {
  HttpServer server([](HttpConnection& connection) { connection.reply("200 OK", "all of it"); });
  CurlFetcher fetcher(impatient());
  MemorySink sink;
  EXPECT_EQ(fetcher.fetch({server.url() + "/", 100, 3}, sink).error().code, Code::server_refused);
  EXPECT_TRUE(sink.bytes().empty());
}

TEST(CurlAttack, I08_NoAuthoritiesAreNobodysVerdict) {
  HttpServer server([](HttpConnection& connection) { connection.reply("200 OK", "body"); });
  auto settings = impatient();
  settings.anchors = "/nonexistent/authorities.pem";
  CurlFetcher fetcher(settings);
  MemorySink sink;
  const auto fetched = fetcher.fetch({"https" + server.url().substr(4) + "/file", 100, 0}, sink);
  ASSERT_FALSE(fetched.ok());
  EXPECT_EQ(fetched.error().code, Code::server_unreachable);
  EXPECT_EQ(fetched.error().expected, "authorities to trust: --ca FILE, or Debian's ca-certificates");
}

TEST(FaultyFetcher, BreaksTheNthFetch) {
  MemoryFetcher inner;
  inner.files["http://h/a"] = bytes("content!");
  for (const auto then : {Fetched::nothing, Fetched::half, Fetched::half_and_says_all}) {
    FaultyFetcher faulty(inner, 2, then);
    EXPECT_TRUE(faulty.fetch_small("http://h/a", 8).ok());
    MemorySink sink;
    EXPECT_EQ(faulty.fetch({"http://h/a", 8, 0}, sink).ok(), then == Fetched::half_and_says_all);
    EXPECT_EQ(sink.bytes().size(), then == Fetched::nothing ? 0U : 4U);
    EXPECT_TRUE(faulty.fetch_small("http://h/a", 8).ok());
  }
}

}  // namespace
}  // namespace sallyport
