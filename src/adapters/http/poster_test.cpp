// SPDX-License-Identifier: Apache-2.0
// What every poster has to do, asked of each of them: the one in memory, and libcurl against a server on loopback.
#include <gtest/gtest.h>

#include "adapters/http/curl.h"
#include "adapters/http/memory_poster.h"
#include "testkit/http_server.h"

namespace sallyport {
namespace {

using testkit::HttpConnection;
using testkit::HttpServer;

CurlSettings impatient() {
  CurlSettings settings;
  settings.connect_seconds_max = 2;
  settings.answer_seconds_max = 1;
  return settings;
}

class World {
 public:
  virtual ~World() = default;
  virtual const Poster& poster() = 0;
  virtual std::string put(const HttpAnswer& answer) = 0;  // the URL at which everything gets it
  virtual std::string asked() const = 0;                  // the body that was asked last
  virtual std::string method() const = 0;                 // and how
};

class MemoryWorld final : public World {
 public:
  const Poster& poster() override { return poster_; }
  std::string put(const HttpAnswer& answer) override {
    poster_.services["http://memory/x"] = [this, answer](const PostRequest& request) {
      asked_ = request.body;
      method_ = request.method == HttpMethod::put ? "PUT" : "POST";
      return Result<HttpAnswer>(answer);
    };
    return "http://memory/x";
  }
  std::string asked() const override { return asked_; }
  std::string method() const override { return method_; }

 private:
  MemoryPoster poster_;
  std::string asked_;
  std::string method_;
};

class CurlWorld final : public World {
 public:
  const Poster& poster() override { return poster_; }
  std::string put(const HttpAnswer& answer) override {
    answer_ = answer;
    return server_.url() + "/x";
  }
  std::string asked() const override { return asked_; }
  std::string method() const override { return method_; }

 private:
  void reply(HttpConnection& connection) {
    asked_ = connection.body();
    method_ = connection.request().substr(0, connection.request().find(' '));
    connection.reply(std::to_string(answer_.status) + " Whatever", answer_.body,
                     "Content-Type: " + answer_.content_type + "\r\n");
  }
  HttpAnswer answer_;
  std::string asked_;
  std::string method_;
  HttpServer server_{[this](HttpConnection& connection) { reply(connection); }};
  CurlPoster poster_{impatient()};
};

class PosterContract : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "curl") {
      world_ = std::make_unique<CurlWorld>();
    } else {
      world_ = std::make_unique<MemoryWorld>();
    }
  }
  World& world() { return *world_; }

 private:
  std::unique_ptr<World> world_;
};

TEST_P(PosterContract, HandsOverWhatWasAnsweredWhateverTheStatus) {
  for (const unsigned status : {200U, 404U, 409U, 422U, 500U}) {
    const auto url = world().put({status, "text/x.tlog.size", "20852163\n"});
    const auto answer = world().poster().post({url, "old 5\n\n", 100}).value();
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.content_type, "text/x.tlog.size");
    EXPECT_EQ(answer.body, "20852163\n");
    EXPECT_EQ(world().asked(), "old 5\n\n");
  }
}

TEST_P(PosterContract, LargeAndEmptyQuestionsAndAnswers) {
  const std::string large(200000, 'x');
  const auto url = world().put({200, "text/plain", large});
  EXPECT_EQ(world().poster().post({url, large, large.size()}).value().body, large);
  EXPECT_EQ(world().asked(), large);
  world().put({200, "text/plain", ""});
  EXPECT_EQ(world().poster().post({url, "", 0}).value().body, "");
  EXPECT_EQ(world().asked(), "");
}

TEST_P(PosterContract, PutsOrPosts) {
  const auto url = world().put({204, "", ""});
  EXPECT_EQ(world().poster().post({url, "body", 0}).value().status, 204U);
  EXPECT_EQ(world().method(), "POST");
  EXPECT_TRUE(world().poster().post({url, "report", 0, "application/json", HttpMethod::put}).ok());
  EXPECT_EQ(world().method(), "PUT");
  EXPECT_EQ(world().asked(), "report");
}

TEST_P(PosterContract, I04_MoreThanWasAskedFor) {
  const auto url = world().put({200, "text/plain", "12345678"});
  EXPECT_TRUE(world().poster().post({url, "", 8}).ok());
  EXPECT_EQ(world().poster().post({url, "", 7}).error().code, Code::server_sends_too_much);
}

TEST_P(PosterContract, I02_OddAddresses) {
  for (const auto* url :
       {"", "file:///etc/passwd", "ftp://host/a", "http://", "http://user@host/", "http://h/a?b"})
    EXPECT_EQ(world().poster().post({url, "", 7}).error().code, Code::url_invalid) << url;
}

INSTANTIATE_TEST_SUITE_P(Posters, PosterContract, testing::Values("memory", "curl"),
                         [](const auto& each) { return each.param; });

Code ends_with(std::function<void(HttpConnection&)> answer) {
  HttpServer server(std::move(answer));
  const auto result = CurlPoster(impatient()).post({server.url() + "/x", "body", 1000});
  EXPECT_FALSE(result.ok());
  return result.ok() ? Code::internal_error : result.error().code;
}

TEST(CurlPosterAttack, I05_SilentAndSlowServersAreGivenUp) {
  EXPECT_EQ(ends_with([](HttpConnection&) { std::this_thread::sleep_for(std::chrono::milliseconds(1300)); }),
            Code::server_too_slow);
  EXPECT_EQ(ends_with([](HttpConnection& connection) {
              connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
              for (int i = 0; i < 13 && connection.write("x") == HttpConnection::Other::listens; ++i)
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
            }),
            Code::server_too_slow);
}

TEST(CurlPosterAttack, I05_CutShortOrNoHttp) {
  EXPECT_EQ(ends_with([](HttpConnection& connection) {
              connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            }),
            Code::server_unreachable);
  EXPECT_EQ(ends_with([](HttpConnection& connection) { connection.write("hello\n"); }),
            Code::server_unreachable);
  EXPECT_EQ(ends_with([](HttpConnection&) {}), Code::server_unreachable);
}

TEST(CurlPosterAttack, I02_RedirectionIsNotFollowed) {
  EXPECT_EQ(ends_with([](HttpConnection& connection) {
              connection.reply("307 Temporary Redirect", "", "Location: /other\r\n");
            }),
            Code::server_redirects);
}

TEST(CurlPosterAttack, I04_EndlessAnswer) {
  EXPECT_EQ(ends_with([](HttpConnection& connection) {
              connection.write("HTTP/1.1 200 OK\r\n\r\n");
              const std::string part(65536, 'A');
              while (connection.write(part) == HttpConnection::Other::listens) {
              }
            }),
            Code::server_sends_too_much);
}

TEST(CurlPoster, NobodyListens) {
  std::string url;
  {
    HttpServer gone([](HttpConnection&) {});
    url = gone.url();
  }
  EXPECT_EQ(CurlPoster(impatient()).post({url + "/x", "", 7}).error().code, Code::server_unreachable);
}

}  // namespace
}  // namespace sallyport
