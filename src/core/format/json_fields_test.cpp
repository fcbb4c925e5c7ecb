// SPDX-License-Identifier: Apache-2.0
// G20, R13: what is signed is shown. The walks here go through the text character by character and know nothing of
// the code that makes the fields.
#include "core/format/json_fields.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/format/stop.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

std::string unescaped(std::string text) {
  for (auto at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at))
    text.replace(at, 2, "\n");
  return text;
}

// Every string and every number of a compact JSON text that is a value, not a name.
std::vector<std::string> values_of(std::string_view json) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '"') {
      const auto end = json.find('"', i + 1);
      const bool is_name = end + 1 < json.size() && json[end + 1] == ':';
      if (!is_name) values.push_back(unescaped(std::string(json.substr(i + 1, end - i - 1))));
      i = end;
    } else if (json[i] >= '0' && json[i] <= '9') {
      const auto end = json.find_first_not_of("0123456789", i);
      values.emplace_back(json.substr(i, end - i));
      i = end - 1;
    }
  }
  return values;
}

bool shows(const std::vector<Field>& fields, const std::string& value) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const Field& field) { return field.value.find(value) != std::string::npos; });
}

std::string with_every_member() {
  auto text = testkit::print_policy(testkit::parts());
  const std::string name = "\"name\":";
  text.replace(
      text.find(name), name.size(),
      R"("officers":{"roles":["release"],"persons":3},"apart":[{"roles":["deploy","audit"]}],"name":)");
  const std::string persons = "\"persons\":2}";
  text.replace(text.find(persons), persons.size(),
               R"("persons":2,"veto":["audit"]},"window_hours_max":77,)"
               R"("windows":[{"days":["sun"],"from":"22:11","until":"04:44"}])");
  const std::string bob = "\"id\":\"bob\",\"roles\":[\"release\"]";
  text.replace(text.find(bob), bob.size(),
               R"("id":"bob","roles":[{"role":"release","not_after":"2029-01-01T00:00:00Z"}])");
  return text;
}

TEST(ScreenAttack, G20_EveryValueOfAPolicyIsShown) {
  const auto text = with_every_member();
  ASSERT_TRUE(parse_policy(as_bytes(text)).ok()) << parse_policy(as_bytes(text)).error().where;
  const auto fields = json_fields(as_bytes(text), policy_size_max, Code::policy_malformed).value();
  const auto values = values_of(text);
  EXPECT_GT(values.size(), 40U);
  EXPECT_EQ(fields.size(), values.size());
  for (const auto& value : values) EXPECT_TRUE(shows(fields, value)) << value;
  EXPECT_TRUE(shows(fields, "2029-01-01T00:00:00Z"));
}

// The frame of a statement says nothing but its kind.
void expect_shown(const std::string& statement, std::vector<Field> shown, const std::string& type) {
  for (const auto& value : values_of(statement)) {
    if (value == "https://in-toto.io/Statement/v1" || value == type) continue;
    EXPECT_TRUE(shows(shown, value)) << value;
  }
  const auto fields = json_fields(as_bytes(statement), 1U << 20U, Code::statement_malformed).value();
  for (const auto& [name, value] : fields) {
    if (name == "_type" || name == "predicateType") continue;
    EXPECT_TRUE(shows(shown, value)) << name;
  }
}

TEST(ScreenAttack, G20_EveryValueOfAnOrderIsShown) {
  const auto policy = testkit::make_policy();
  auto order = testkit::make_order(policy, testkit::make_verdict(policy));
  expect_shown(print_order(order), order_fields(order), std::string(order_predicate_type));
  order.kind = OrderKind::break_glass;
  expect_shown(print_order(order), order_fields(order), std::string(break_glass_predicate_type));
  EXPECT_EQ(order_fields(order).front().value, "break-glass");
}

TEST(ScreenAttack, G20_EveryValueOfAStopOrderIsShown) {
  const StopOrder stop{"mme-1.0.csar",
                       sha256(as_bytes("p")),
                       sha256(as_bytes("o")),
                       PoolId::parse("mme-east").value(),
                       7,
                       PersonId::parse("alice").value(),
                       testkit::test_time(),
                       "the wrong build"};
  expect_shown(print_stop(stop), stop_fields(stop), std::string(stop_predicate_type));
  EXPECT_EQ(print_stop(parse_stop(as_bytes(print_stop(stop))).value()), print_stop(stop));
}

TEST(ScreenAttack, G20_LookAlikesArePointedOut) {
  const std::vector<Field> fields{
      {"version", "1.\xd0\xb0"}, {"name", "plain"}, {"reason", "\xc3\x9c and \xf0\x9f\x9a\xa2"}};
  EXPECT_EQ(odd_letters(fields), (std::vector<std::string>{"version: U+0430", "reason: U+00DC, U+1F6A2"}));
}

TEST(JsonFields, ChangesAreToldByName) {
  const auto fields = [](std::string_view text) {
    return json_fields(as_bytes(text), 1000, Code::json_malformed).value();
  };
  const auto changes = diff_fields(fields(R"({"a":[{"id":"x","n":1},{"id":"y","n":2}],"b":[]})"),
                                   fields(R"({"a":[{"id":"y","n":3}],"b":[],"c":"new"})"));
  ASSERT_EQ(changes.size(), 4U);
  EXPECT_EQ(changes[0].name + *changes[0].before + *changes[0].after, "a.y.n23");
  EXPECT_EQ(changes[1].name + *changes[1].after, "cnew");
  EXPECT_EQ(changes[2].name, "a.x.id");
  EXPECT_FALSE(changes[2].after);
  EXPECT_EQ(changes[3].name, "a.x.n");
}

}  // namespace
}  // namespace sallyport
