// SPDX-License-Identifier: Apache-2.0
#include "core/format/json.h"

#include <gtest/gtest.h>

#include "core/format/json_writer.h"

namespace sallyport {
namespace {

Result<JsonDocument> parse(std::string_view text) {
  return JsonDocument::parse(as_bytes(text), 1U << 20U, Code::json_malformed);
}

TEST(Json, ReadsWhatItIsAskedFor) {
  const auto document = parse(R"({"name":"x","count":3,"list":["a","b"],"inner":{"pem":"a\nb"}})").value();
  auto top = document.object().value();
  EXPECT_EQ(top.text("name", 10).value(), "x");
  EXPECT_EQ(top.number("count", 3).value(), 3U);
  const auto list = top.array("list", 2).value();
  EXPECT_EQ(list.text(1, 5).value(), "b");
  auto inner = top.object("inner").value();
  EXPECT_EQ(inner.lines("pem", 10).value(), "a\nb");
  EXPECT_TRUE(inner.finish().ok());
  EXPECT_TRUE(top.finish().ok());
}

TEST(Json, RefusesWhatNobodyAskedFor) {
  const auto document = parse(R"({"a":"1","b":"2"})").value();
  auto top = document.object().value();
  EXPECT_TRUE(top.text("a", 5).ok());
  EXPECT_EQ(top.finish().error().where, "b");
  EXPECT_FALSE(top.text("c", 5).ok());
  EXPECT_FALSE(top.number("a", 5).ok());
  EXPECT_FALSE(top.text("b", 0).ok());
}

TEST(Json, TellsOfASlipOfThePen) {
  const auto found = [](std::string_view text) {
    const auto document = parse(text).value();
    auto top = document.object().value();
    return top.text("listen", 100).error().found;
  };
  for (const auto* slip : {"lissten", "isten", "lisren", "lisetn", "Listen", "listens"})
    EXPECT_EQ(found(std::string(R"({"a":1,")") + slip + R"(":"x"})"), std::string("none, but ") + slip);
  for (const auto* other : {"", "ls", "listening", "nelsti", "database"})
    EXPECT_EQ(found(std::string(R"({"a":1,")") + other + R"(":"x"})"), "none") << other;
}

TEST(Json, C12_HasOneReadingOnly) {
  for (const std::string bad : {R"({"a":1,"a":2})",
                                R"({"a":{"b":1,"c":2,"b":3}})",
                                R"({"a":1,"\u0061":2})",
                                R"({"a":1.5})",
                                R"({"a":1e3})",
                                R"({"a":-1})",
                                R"({"a":-0})",
                                R"({"a":01})",
                                R"({"a":9007199254740993})",
                                R"({"a":1e400})",
                                R"({"a":NaN})",
                                R"({"a":1,})",
                                R"({"a":1}x)",
                                R"({"a":1}{})",
                                R"(/*c*/{"a":1})",
                                "\xef\xbb\xbf{}",
                                "",
                                "{",
                                R"({"a":"\ud800"})",
                                "{\"a\":\"\xff\"}",
                                "{\"a\":\"\n\"}"}) {
    EXPECT_FALSE(parse(bad).ok()) << bad;
  }
}

TEST(JsonAttack, P02_DepthAndSizeHaveBounds) {
  EXPECT_TRUE(parse(std::string(32, '[') + std::string(32, ']')).ok());
  EXPECT_FALSE(parse(std::string(33, '[') + std::string(33, ']')).ok());
  EXPECT_FALSE(parse(std::string(1000000, '[')).ok());
  EXPECT_TRUE(JsonDocument::parse(as_bytes("{\"a\":1}"), 7, Code::json_malformed).ok());
  EXPECT_FALSE(JsonDocument::parse(as_bytes("{\"a\":1}"), 6, Code::json_malformed).ok());
}

TEST(Json, C14_TextWithHiddenCharactersIsRefused) {
  const auto document = parse(R"({"a":"x\u0000y","b":"\u202e","c":"a\nb"})").value();
  auto top = document.object().value();
  for (const auto* name : {"a", "b", "c"}) EXPECT_FALSE(top.text(name, 10).ok()) << name;
}

TEST(JsonWriter, WritesOneSpelling) {
  JsonWriter writer;
  writer.begin_object()
      .text("a", "q\"\\\n\t\x01/é")
      .number("n", 7)
      .key("l")
      .begin_array()
      .text("x")
      .number(1)
      .boolean(true)
      .null();
  writer.end_array().key("e").begin_object().end_object().end_object();
  const auto text = writer.take();
  EXPECT_EQ(text, "{\"a\":\"q\\\"\\\\\\n\\t\\u0001/é\",\"n\":7,\"l\":[\"x\",1,true,null],\"e\":{}}");
  EXPECT_TRUE(parse(text).ok());
}

TEST(JsonWriter, IndentsForPeople) {
  EXPECT_EQ(indent_json(R"({"a":["x","y,\"{"],"b":{},"c":[]})"),
            "{\n  \"a\": [\n    \"x\",\n    \"y,\\\"{\"\n  ],\n  \"b\": {},\n  \"c\": []\n}\n");
}

TEST(JsonWriter, BytesThatAreNoTextDoNotBreakIt) {
  JsonWriter writer;
  writer.begin_object().text("a", "\xff").end_object();
  EXPECT_TRUE(parse(writer.take()).ok());
}

}  // namespace
}  // namespace sallyport
