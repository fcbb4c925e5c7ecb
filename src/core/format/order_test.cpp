// SPDX-License-Identifier: Apache-2.0
#include "core/format/order.h"

#include <gtest/gtest.h>

#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::make_order;
using testkit::make_policy;
using testkit::make_verdict;

Order good_order() {
  const auto policy = make_policy();
  return make_order(policy, make_verdict(policy));
}

std::string refusal_of(std::string_view payload) {
  const auto order = parse_order(as_bytes(payload));
  return order.ok() ? "accepted" : std::string(name(order.error().code));
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

TEST(Order, HasTheSpellingOfTheSpecification) {
  auto order = good_order();
  order.policy = sha256(as_bytes("a policy"));
  order.verdict = sha256(as_bytes("a verdict"));
  EXPECT_EQ(
      print_order(order),
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"test-product-1.0.csar","digest":)"
      R"({"sha256":")" +
          order.package.text() + R"("}}],"predicateType":"urn:sallyport:order:v1","predicate":{"release":")" +
          order.release.text() + R"(","product":"test-product","version":"1.0","counter":7,"verdict":")" +
          order.verdict.text() + R"(","policy":")" + order.policy.text() +
          R"(","policy_version":1,"pool":"mme-east","nodes":["mme-1","mme-2"],"sequence":1,)"
          R"("from":"2026-11-21T21:00:00Z","until":"2026-11-22T22:00:00Z","proposer":"alice",)"
          R"("reason":"Roll out 1.0"}})"
          "\n");
}

TEST(Order, ReadsWhatItPrints) {
  auto order = good_order();
  order.reason = "quotes \" \\ and é";
  const auto text = print_order(order);
  const auto again = parse_order(as_bytes(text)).value();
  EXPECT_EQ(print_order(again), text);
  EXPECT_EQ(again.nodes, order.nodes);
  EXPECT_EQ(again.until, order.until);
  EXPECT_EQ(predicate_type_of(as_bytes(text)).value(), order_predicate_type);
}

TEST(OrderAttack, C13_EveryOtherSpellingIsRefused) {
  const auto good = print_order(good_order());
  ASSERT_EQ(refusal_of(good), "accepted");
  for (const auto& bad :
       {good.substr(0, good.size() - 1), good + " ", " " + good, replaced(good, ",\"pool\"", ", \"pool\""),
        replaced(good, "\"counter\":7", "\"counter\":07"), replaced(good, "Roll", "\\u0052oll"),
        replaced(good, R"("version":"1.0","counter":7)", R"("counter":7,"version":"1.0")"),
        replaced(good, "21:00:00Z", "21:00:00+00:00"), replaced(good, "21:00:00Z", "21:00:00.0Z")}) {
    EXPECT_EQ(refusal_of(bad), "statement-malformed") << bad;
  }
}

TEST(OrderAttack, C21_UnknownMembersAreRefused) {
  const auto good = print_order(good_order());
  for (const auto* what : {"\"reason\"", "\"predicate\"", "\"name\"", "\"sha256\""}) {
    EXPECT_EQ(refusal_of(replaced(good, what, std::string("\"critical\":\"x\",") + what)),
              "statement-malformed");
  }
}

// What would let an order speak for itself has no place in the format.
TEST(OrderAttack, G28_NoMemberAuthorises) {
  const auto good = print_order(good_order());
  for (const auto* extra : {R"("approved":"true",)", R"("approvals":["bob","carol"],)", R"("threshold":0,)",
                            R"("force":"yes",)", R"("emergency":"yes",)"}) {
    EXPECT_EQ(refusal_of(replaced(good, "\"reason\"", extra + std::string("\"reason\""))),
              "statement-malformed");
  }
}

TEST(OrderAttack, C19_IdentifiersAreNoPaths) {
  const auto good = print_order(good_order());
  for (const std::string bad : {"../x", "/etc/x", "?", "#", "", "a..b", "A", "x/y", "a\\u0000"}) {
    for (const std::string member :
         {R"("pool":"mme-east")", R"("product":"test-product")", R"("proposer":"alice")"}) {
      const auto name = member.substr(0, member.find(':') + 1);
      EXPECT_EQ(refusal_of(replaced(good, member, name + "\"" + bad + "\"")), "statement-malformed") << bad;
    }
    EXPECT_EQ(refusal_of(replaced(good, "\"mme-1\"", "\"" + bad + "\"")), "statement-malformed") << bad;
  }
  EXPECT_EQ(refusal_of(replaced(good, "mme-east", std::string(65, 'a'))), "statement-malformed");
}

TEST(OrderAttack, C06_DigestsAreWholeAndLowerCase) {
  const auto order = good_order();
  const auto good = print_order(order);
  for (const auto& digest : {order.package, order.release, order.verdict, order.policy}) {
    for (const auto& bad :
         {std::string(), digest.text().substr(1), digest.text() + "00", std::string(64, 'A')}) {
      EXPECT_EQ(refusal_of(replaced(good, digest.text(), bad)), "statement-malformed") << bad;
    }
  }
  EXPECT_EQ(refusal_of(replaced(good, "\"sha256\"", "\"sha1\"")), "statement-malformed");
}

TEST(OrderAttack, C22_EmptySetsMeanNothing) {
  auto order = good_order();
  order.nodes.clear();
  EXPECT_EQ(refusal_of(print_order(order)), "statement-malformed");
  const auto good = print_order(good_order());
  EXPECT_EQ(
      refusal_of(replaced(good, good.substr(good.find("[{"), good.find("}]") + 2 - good.find("[{")), "[]")),
      "statement-malformed");
}

TEST(Order, NodesAreSortedAndEachOnce) {
  auto order = good_order();
  order.nodes = {order.nodes[1], order.nodes[0]};
  EXPECT_EQ(refusal_of(print_order(order)), "statement-malformed");
  order.nodes = {order.nodes[0], order.nodes[0]};
  EXPECT_EQ(refusal_of(print_order(order)), "statement-malformed");
}

TEST(Order, WindowIsNotEmptyAndNumbersBeginAtOne) {
  const auto refusal_with = [](auto change) {
    auto order = good_order();
    change(order);
    return refusal_of(print_order(order));
  };
  EXPECT_EQ(refusal_with([](Order& o) { o.until = o.from; }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Order& o) { o.until = o.from.plus(-1); }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Order& o) { o.until = o.from.plus(1); }), "accepted");
  EXPECT_EQ(refusal_with([](Order& o) { o.sequence = 0; }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Order& o) { o.counter = 0; }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Order& o) { o.policy_version = 0; }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Order& o) { o.sequence = (1ULL << 53U) + 1; }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Order& o) { o.reason = std::string(1000, 'x'); }), "accepted");
  EXPECT_EQ(refusal_with([](Order& o) { o.reason = std::string(1001, 'x'); }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Order& o) { o.reason = "two\nlines"; }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Order& o) { o.package_name = ""; }), "statement-malformed");
}

TEST(Order, AnotherStatementIsSaidToBeAnother) {
  const auto verdict = print_verdict(make_verdict(make_policy()));
  EXPECT_EQ(refusal_of(verdict), "statement-type-mismatch");
  EXPECT_EQ(refusal_of(replaced(print_order(good_order()), "Statement/v1", "Statement/v0.1")),
            "statement-malformed");
}

}  // namespace
}  // namespace sallyport
