// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <array>

#include "adapters/callbacks/address.h"
#include "adapters/callbacks/curl.h"
#include "adapters/callbacks/curl_fetcher.h"

namespace sallyport {
namespace {

Reach reach(const std::string& text) {
  std::array<std::uint8_t, 16> bytes{};
  const bool is_v4 = text.find(':') == std::string::npos;
  CHECK(::inet_pton(is_v4 ? AF_INET : AF_INET6, text.c_str(), bytes.data()) == 1);
  return reach_of(std::span<const std::uint8_t>(bytes).first(is_v4 ? 4 : 16));
}

TEST(CallbackAddress, Q13_WhatAStrangerMustNotReach) {
  for (const auto* text :
       {"0.0.0.0",      "10.0.0.1",      "10.255.255.255",   "100.64.0.1",      "100.127.255.255",
        "127.0.0.1",    "127.9.9.9",     "169.254.169.254",  "172.16.0.1",      "172.31.255.255",
        "192.168.1.1",  "198.18.0.1",    "224.0.0.1",        "255.255.255.255", "192.0.2.1",
        "::",           "::1",           "fc00::1",          "fd12::1",         "fe80::1",
        "fec0::1",      "ff02::1",       "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::127.0.0.1",
        "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1",    "2001::1",         "2001:db8::1",
        "::127.0.0.1",  "100::1",        "3fff::1"})
    EXPECT_EQ(reach(text), Reach::special) << text;
  for (const auto* text :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1",
        "192.167.1.1", "198.20.0.1", "223.255.255.255", "2a00::1", "2606::1", "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1", "2002:101:101::", "2001:200::1"})
    EXPECT_EQ(reach(text), Reach::anybody) << text;
  EXPECT_EQ(reach_of({}), Reach::special);
}

Code refusal(const std::string& url) {
  const auto callbacks =
      CurlCallbacks::of({{"NFVO.example:443", "nfvo.example:80", "127.0.0.1:1", "[::1]:1"}, {}, {}, {}, {}})
          .value();
  const auto fetcher =
      CurlFetcher::of({{"NFVO.example:443", "nfvo.example:80", "127.0.0.1:1", "[::1]:1"}, {}, {}, {}, {}})
          .value();
  const auto said = callbacks.check(url);
  const auto of_the_other = fetcher.check(url);
  EXPECT_EQ(said.ok(), of_the_other.ok()) << url;
  return said.ok() ? Code::internal_error : said.error().code;
}

class Nowhere final : public Fetched {
 public:
  Result<void> take(BytesView) override { return {}; }
  bool goes_on() override { return goes; }
  bool goes = true;
};

TEST(Callbacks, Q13_OnlyListedHostsOverHttps) {
  for (const auto* good :
       {"https://nfvo.example/", "https://nfvo.example:443/a?b=c", "https://NFVO.EXAMPLE/x",
        "https://127.0.0.1:1/", "https://[::1]:1/x", "https://127.1:1/"})
    EXPECT_EQ(refusal(good), Code::internal_error) << good;
  for (const auto* bad :
       {"", "nfvo.example", "http://nfvo.example/", "file:///etc/passwd", "ftp://nfvo.example/",
        "https://nfvo.example:8443/", "https://nfvo.example.evil/", "https://evil/nfvo.example",
        "https://a@nfvo.example/", "https://nfvo.example@evil/", "https://nfvo.example#@evil/",
        "https://nfvo.example/#x", "https://evil\\@nfvo.example/", "https://nfvo.example./",
        "https://nfvo.example:443@evil/", "https://[::1%25lo]:1/", "https://nfvo.example/\n"})
    EXPECT_EQ(refusal(bad), Code::url_not_allowed) << bad;
}

TEST(Callbacks, Q13_AListedNameThatLeadsToAPrivateAddressIsNotAsked) {
  const auto open = CurlCallbacks::of({{"localhost:1", "127.0.0.1:1"}, {}, {}, {}, {}}).value();
  for (const auto* url : {"https://localhost:1/", "https://127.0.0.1:1/"})
    EXPECT_EQ(open.look(url).error().code, Code::url_not_allowed) << url;
  Nowhere nowhere;
  const auto fetcher = CurlFetcher::of({{"localhost:1", "127.0.0.1:1"}, {}, {}, {}, {}}).value();
  for (const auto* url : {"https://localhost:1/", "https://127.0.0.1:1/"})
    EXPECT_EQ(fetcher.fetch(url, 1000, nowhere).error().code, Code::url_not_allowed) << url;
  const auto listed = CurlCallbacks::of({{"127.0.0.1:1"}, {"127.0.0.1"}, {}, {}, {}}).value();
  EXPECT_EQ(listed.look("https://127.0.0.1:1/").error().code, Code::server_unreachable);  // nobody listens
}

TEST(Callbacks, TheListIsReadStrictly) {
  for (const auto* host : {"", "nfvo", "nfvo:0x1bb", "https://nfvo:1", "nfvo:1/x", "a@nfvo:1", "nfvo:1 "})
    EXPECT_EQ(CurlCallbacks::of({{host}, {}, {}, {}, {}}).error().code, Code::usage_error) << host;
  for (const auto* address : {"", "10.0.0", "localhost", "10.0.0.0/8"})
    EXPECT_EQ(CurlCallbacks::of({{}, {address}, {}, {}, {}}).error().code, Code::usage_error) << address;
}

}  // namespace
}  // namespace sallyport
