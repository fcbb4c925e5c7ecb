// SPDX-License-Identifier: Apache-2.0
// The members of a policy that need not be there.
#include <gtest/gtest.h>

#include "core/format/policy.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::TestKey;

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

const std::string plain = testkit::print_policy(testkit::parts());
const std::string approvals = R"("approvals":{"propose":["deploy"],"approve":["release"],"persons":2})";

std::string with_approvals(const std::string& text) {
  return replaced(plain, approvals, "\"approvals\":" + text);
}
std::string with_pool(const std::string& members) {
  return replaced(plain, approvals, approvals + "," + members);
}
std::string with_top(const std::string& members) {
  return replaced(plain, "\"name\":", members + ",\"name\":");
}
std::string with_bob(const std::string& members) {
  return replaced(plain, "{\"id\":\"bob\",", "{\"id\":\"bob\"," + members + ",");
}

// "" when the policy loads, else where it is refused.
std::string refused_at(const std::string& json) {
  const auto policy = parse_policy(as_bytes(json));
  if (policy.ok()) return "";
  EXPECT_EQ(policy.error().code, Code::policy_malformed) << json;
  return policy.error().where;
}

const Pool& pool_of(const Policy& policy) {
  return policy.pools.begin()->second;
}

std::string escaped(std::string pem) {
  for (auto at = pem.find('\n'); at != std::string::npos; at = pem.find('\n', at)) pem.replace(at, 1, "\\n");
  return pem;
}

std::string with_ends(const std::string& list) {
  return with_top("\"algorithms\":" + list);
}

TEST(PolicyRules, R09_AlgorithmsEndWhenThePolicySays) {
  const auto policy =
      parse_policy(as_bytes(with_ends(R"([{"algorithm":"RSA 4096","not_after":"2028-12-31T23:59:59Z"},)"
                                      R"({"algorithm":"Ed25519","not_after":"2030-01-01T00:00:00Z"}])")))
          .value();
  const auto& ends = policy.algorithm_ends;
  ASSERT_EQ(ends.size(), 2U);
  const auto last = Instant::parse("2028-12-31T23:59:59Z").value();
  for (const auto* name : {"RSA 3072", "RSA 4096"}) {
    EXPECT_TRUE(check_algorithm_ends(ends, name, "bob", last).ok()) << name;
    EXPECT_EQ(check_algorithm_ends(ends, name, "bob", last.plus(1)).error().code, Code::algorithm_ended)
        << name;
  }
  for (const auto* name : {"RSA 4097", "ECDSA P-256", "Ed25519"})
    EXPECT_TRUE(check_algorithm_ends(ends, name, "bob", last.plus(1)).ok()) << name;
  // Every person and intake of the test policy has an Ed25519 key; bob has two.
  EXPECT_EQ(ending_uses(policy).size(), 6U);
  EXPECT_TRUE(ending_uses(parse_policy(as_bytes(plain)).value()).empty());
}

// Each parameter set by itself, and whether or not the library of this machine has them.
TEST(PolicyRules, R09_MlDsaEndsLikeEveryOther) {
  const auto last = Instant::parse("2028-12-31T23:59:59Z").value();
  const std::vector<std::string> names{"ML-DSA-44", "ML-DSA-65", "ML-DSA-87"};
  for (const auto& ending : names) {
    const auto end = R"([{"algorithm":")" + ending + R"(","not_after":"2028-12-31T23:59:59Z"}])";
    const auto ends = parse_policy(as_bytes(with_ends(end))).value().algorithm_ends;
    for (const auto& name : names) {
      EXPECT_TRUE(check_algorithm_ends(ends, name, "bob", last).ok());
      EXPECT_EQ(check_algorithm_ends(ends, name, "bob", last.plus(1)).ok(), name != ending) << name;
    }
  }
  // Alice, carol, dave and the intake have one ML-DSA-65 key each, and so has bob.
  auto policy = testkit::make_policy(testkit::hybrid(testkit::parts()));
  for (const auto& name : names) {
    policy.algorithm_ends = {{name, last}};
    EXPECT_EQ(ending_uses(policy).size(), name == "ML-DSA-65" ? 5U : 0U) << name;
  }
}

TEST(PolicyRules, R09_EndsThatSayNothingDoNotLoad) {
  const std::string time = R"(,"not_after":"2028-12-31T23:59:59Z"})";
  EXPECT_EQ(refused_at(with_ends("[]")), "algorithms");
  for (const auto* name : {"MD5", "", "RSA", "RSA ", "RSA 03072", "RSA -1", "RSA 3072 ", "ed25519", "ECDSA",
                           "ML-DSA", "ML-DSA-43"})
    EXPECT_EQ(refused_at(with_ends("[{\"algorithm\":\"" + std::string(name) + "\"" + time + "]")),
              "algorithms[0].algorithm")
        << name;
  const auto one = R"({"algorithm":"ECDSA P-384")" + time;
  EXPECT_EQ(refused_at(with_ends("[" + one + "]")), "");
  EXPECT_EQ(refused_at(with_ends("[" + one + "," + one + "]")), "algorithms[1].algorithm");
  EXPECT_EQ(refused_at(with_ends(R"([{"algorithm":"Ed25519"}])")), "algorithms[0].not_after");
}

TEST(PolicyRules, AbsentMembersRestrictAndPermitNothing) {
  const auto policy = parse_policy(as_bytes(plain)).value();
  EXPECT_FALSE(policy.officers);
  EXPECT_TRUE(policy.apart.empty());
  EXPECT_FALSE(pool_of(policy).break_glass);
  EXPECT_FALSE(pool_of(policy).timetable);
  EXPECT_FALSE(pool_of(policy).window_hours_max);
  EXPECT_TRUE(pool_of(policy).approvals.veto.empty());
  const auto& bob = policy.persons.at(PersonId::parse("bob").value());
  EXPECT_FALSE(bob.revoked_at);
  EXPECT_EQ(bob.keys[0].use, KeyUse::orders);
  EXPECT_EQ(bob.keys[0].validity, Validity{});
}

TEST(PolicyRules, ARuleIsABooleanOverRoles) {
  const auto json = with_approvals(
      R"({"propose":["deploy"],"rule":{"any":[{"roles":["release"],"persons":2},)"
      R"({"all":[{"roles":["release"],"persons":1},{"roles":["audit"],"persons":1}]}]},"veto":["audit"]})");
  const auto policy = parse_policy(as_bytes(json)).value();
  EXPECT_EQ(pool_of(policy).approvals.approve.describe(), "2 of release, or 1 of release and 1 of audit");
  EXPECT_EQ(pool_of(policy).approvals.veto.begin()->text(), "audit");
}

TEST(PolicyRulesAttack, G23_RulesThatMeanNothingDoNotLoad) {
  const auto rule = [](const std::string& text) {
    return refused_at(with_approvals(R"({"propose":["deploy"],"rule":)" + text + "}"));
  };
  const std::string one = R"({"roles":["release"],"persons":1})";
  EXPECT_EQ(rule(one), "");
  EXPECT_EQ(rule("{}"), "pools[0].approvals.rule.roles");
  EXPECT_EQ(rule(R"({"all":[]})"), "pools[0].approvals.rule.all");
  EXPECT_EQ(rule(R"({"any":[]})"), "pools[0].approvals.rule.any");
  EXPECT_EQ(rule(R"({"roles":["release"],"persons":0})"), "pools[0].approvals.rule.persons");
  EXPECT_EQ(rule(R"({"roles":["release"],"persons":"2"})"), "pools[0].approvals.rule.persons");
  EXPECT_EQ(rule(R"({"roles":[],"persons":1})"), "pools[0].approvals.rule.roles");
  EXPECT_EQ(rule(R"({"roles":["release","release"],"persons":1})"), "pools[0].approvals.rule.roles[1]");
  EXPECT_EQ(rule("{\"all\":[" + one + "],\"any\":[" + one + "]}"), "pools[0].approvals.rule.any");
  EXPECT_EQ(rule("{\"all\":[" + one + "],\"persons\":1}"), "pools[0].approvals.rule.persons");
  EXPECT_EQ(rule(R"({"roles":["nobody-has-it"],"persons":1})"), "pools.mme-east.approvals.approve");
  EXPECT_EQ(refused_at(with_approvals(R"({"propose":["deploy"],"approve":["release"],"persons":1,"rule":)" +
                                      one + "}")),
            "pools[0].approvals.approve");
}

// Three of release with two who stay, or the same person wanted twice.
TEST(PolicyRulesAttack, G23_RulesThatNobodyCanReachDoNotLoad) {
  const auto all = [](const std::string& text) {
    return refused_at(with_approvals(R"({"propose":["deploy"],"rule":{"all":[)" + text + "]}}"));
  };
  const std::string one = R"({"roles":["release"],"persons":1})";
  EXPECT_EQ(all(one + "," + one), "");
  EXPECT_EQ(all(one + "," + one + "," + one), "pools.mme-east.approvals.rule");
  EXPECT_EQ(all(R"({"roles":["deploy"],"persons":1})"),
            "pools.mme-east.approvals.persons");  // the proposer alone
}

TEST(PolicyRulesAttack, G24_NestingHasAnEnd) {
  std::string rule = R"({"roles":["release"],"persons":1})";
  for (int depth = 0; depth < 5; ++depth) rule = "{\"all\":[" + rule + "]}";
  EXPECT_NE(refused_at(with_approvals(R"({"propose":["deploy"],"rule":)" + rule + "}")), "");
  std::string wide = R"({"any":[)";
  for (int i = 0; i < 9; ++i) wide += std::string(i == 0 ? "" : ",") + R"({"roles":["release"],"persons":1})";
  wide += "]}";
  EXPECT_NE(
      refused_at(with_approvals(R"({"propose":["deploy"],"rule":{"all":[)" + wide + "," + wide + "]}}")), "");
}

TEST(PolicyRules, KeysAndRolesHaveTheirTime) {
  const auto key = escaped(TestKey("bob-3").public_pem());
  auto json = replaced(plain, "{\"id\":\"bob\",\"roles\":[\"release\"],\"keys\":[",
                       R"({"id":"bob","revoked_at":"2027-01-01T00:00:00Z","roles":[{"role":"release",)"
                       R"("not_after":"2026-12-01T00:00:00Z"}],"keys":[{"key":")" +
                           key +
                           R"(","use":"break-glass","not_before":"2026-01-01T00:00:00Z",)"
                           R"("revoked_at":"2026-06-01T00:00:00Z"},)");
  json = replaced(json, R"("persons":2)", R"("persons":1)");
  const auto policy = parse_policy(as_bytes(json)).value();
  const auto& bob = policy.persons.at(PersonId::parse("bob").value());
  const auto& [_, use, validity] = bob.keys[0];
  EXPECT_EQ(use, KeyUse::break_glass);
  EXPECT_EQ(describe(validity), "from 2026-01-01T00:00:00Z, revoked at 2026-06-01T00:00:00Z");
  EXPECT_EQ(bob.roles_at(testkit::test_time()).size(), 1U);
  EXPECT_TRUE(bob.roles_at(Instant::parse("2026-12-01T00:00:01Z").value()).empty());
  EXPECT_EQ(policy.owner_of(TestKey("bob-3").public_key().id()), &bob);
}

// G09: whoever is revoked, or will be, is not somebody on whom a threshold can rest.
TEST(PolicyRulesAttack, G09_RevokedPersonsReachNothing) {
  EXPECT_EQ(refused_at(with_bob(R"("revoked_at":"2030-01-01T00:00:00Z")")),
            "pools.mme-east.approvals.persons");
  EXPECT_EQ(refused_at(with_bob(R"("revoked_at":"tomorrow")")), "persons[1].revoked_at");
  EXPECT_EQ(refused_at(with_bob(R"("revoked_at":"")")), "persons[1].revoked_at");
}

TEST(PolicyRulesAttack, G27_AKeyInTheLongFormHasOneOwnerToo) {
  const auto key = escaped(TestKey("carol-1").public_pem());
  EXPECT_EQ(refused_at(replaced(plain, "{\"id\":\"bob\",\"roles\":[\"release\"],\"keys\":[",
                                R"({"id":"bob","roles":["release"],"keys":[{"key":")" + key + R"("},)")),
            "persons.carol.keys[0]");
}

TEST(PolicyRules, BreakGlassIsReachableByItsKeys) {
  const std::string rule =
      R"("break_glass":{"propose":["deploy"],"approve":["release"],"persons":1,"window_hours_max":12})";
  EXPECT_EQ(refused_at(with_pool(rule)), "pools.mme-east.break_glass.persons");  // nobody has such a key
  auto json = with_pool(rule);
  for (const auto* name : {"alice-1", "bob-1"}) {
    const auto key = escaped(TestKey(name).public_pem());
    json = replaced(json, "\"" + key + "\"", R"({"key":")" + key + R"(","use":"break-glass"})");
  }
  json = replaced(json, R"("persons":2)", R"("persons":1)");
  EXPECT_EQ(refused_at(json),
            "pools.mme-east.approvals.persons");  // alice, the only proposer, has no other key
  const auto more = escaped(TestKey("alice-3").public_pem());
  json = replaced(json, "{\"id\":\"alice\",\"roles\":[\"deploy\",\"release\"],\"keys\":[",
                  R"({"id":"alice","roles":["deploy","release"],"keys":[")" + more + R"(",)");
  EXPECT_EQ(refused_at(json), "");
  EXPECT_EQ(parse_policy(as_bytes(json)).value().pools.begin()->second.break_glass->window_hours_max, 12U);
  EXPECT_EQ(refused_at(replaced(json, "\"window_hours_max\":12", "\"window_hours_max\":73")),
            "pools[0].break_glass.window_hours_max");
}

TEST(PolicyRules, WindowsOfAPool) {
  const auto json =
      with_pool(R"("window_hours_max":48,"windows":[{"days":["sun","mon"],"from":"22:00","until":"04:00"}])");
  const auto policy = parse_policy(as_bytes(json)).value();
  EXPECT_EQ(pool_of(policy).window_hours_max, 48U);
  EXPECT_EQ(describe(*pool_of(policy).timetable), "mon, sun from 22:00 to 04:00 of the next day UTC");
  EXPECT_EQ(refused_at(with_pool(R"("windows":[])")), "pools[0].windows");
  EXPECT_EQ(refused_at(with_pool(R"("windows":[{"days":[],"from":"22:00","until":"04:00"}])")),
            "pools[0].windows[0].days");
  EXPECT_EQ(refused_at(with_pool(R"("windows":[{"days":["sun","sun"],"from":"22:00","until":"04:00"}])")),
            "pools[0].windows[0].days[1]");
  EXPECT_EQ(refused_at(with_pool(R"("windows":[{"days":["sun"],"from":"22h","until":"04:00"}])")),
            "pools[0].windows[0].from");
  EXPECT_EQ(refused_at(with_pool(R"("window_hours_max":0)")), "pools[0].window_hours_max");
}

TEST(PolicyRules, SettingsOfTheKernelThatAPoolAllows) {
  EXPECT_TRUE(pool_of(parse_policy(as_bytes(plain)).value()).sysctls.empty());
  const auto json = with_pool(R"("sysctls":["net.core.somaxconn","kernel.sem"])");
  EXPECT_EQ(pool_of(parse_policy(as_bytes(json)).value()).sysctls,
            (std::set<std::string>{"kernel.sem", "net.core.somaxconn"}));
  EXPECT_EQ(refused_at(with_pool(R"("sysctls":[])")), "pools[0].sysctls");
  EXPECT_EQ(refused_at(with_pool(R"("sysctls":["kernel.sem","kernel.sem"])")), "pools[0].sysctls[1]");
  for (const char* name : {"vm.swappiness", "net.*", "*", "net.core/../../vm", ""}) {
    EXPECT_EQ(refused_at(with_pool(std::string(R"("sysctls":[")") + name + "\"]")), "pools[0].sysctls[0]")
        << name;
  }
}

// Every pool with a rule of many compositions that nobody reaches, and many persons to search among.
std::string large(std::size_t persons, std::size_t pools) {
  auto parts = testkit::parts();
  for (std::size_t i = 0; i < persons; ++i) {
    const auto id = "p" + std::to_string(i);
    parts.persons.push_back({id, {"release"}, {TestKey(id).public_pem()}});
  }
  const auto pool = parts.pools[0];
  for (std::size_t i = 0; i < pools; ++i) {
    parts.pools.push_back(pool);
    parts.pools.back().id = "pool-" + std::to_string(i);
    parts.pools.back().nodes = {"node-" + std::to_string(i)};
  }
  std::string eight;
  for (int i = 0; i < 8; ++i)
    eight += std::string(i == 0 ? "" : ",") + R"({"roles":["release","deploy"],"persons":30})";
  const auto rule = R"("approvals":{"propose":["deploy"],"rule":{"all":[{"any":[)" + eight +
                    R"(]},{"any":[)" + eight + R"(]}]}})";
  auto text = testkit::print_policy(parts);
  for (auto at = text.find(approvals); at != std::string::npos; at = text.find(approvals, at + 1))
    text.replace(at, approvals.size(), rule);
  return text;
}

TEST(PolicyRulesAttack, G23_RulesThatTakeLongToCountDoNotLoad) {
  EXPECT_EQ(refused_at(large(120, 200)), "pools");
  EXPECT_EQ(refused_at(large(60, 20)), "");
  EXPECT_EQ(refused_at(large(50, 20)),
            "pools.mme-east.approvals.rule");  // 60 approvers and a proposer: too few
}

// The proposer takes no place of the rule, whoever else could.
TEST(PolicyRulesAttack, G23_TheProposerIsOneMoreThanTheRule) {
  const auto rule = [](int operations, int deploys) {
    return with_approvals(R"({"propose":["deploy"],"rule":{"all":[{"roles":["release"],"persons":)" +
                          std::to_string(operations) + R"(},{"roles":["deploy","audit"],"persons":)" +
                          std::to_string(deploys) + "}]}}");
  };
  EXPECT_EQ(refused_at(rule(2, 1)), "");  // alice proposes; bob, carol; dave
  EXPECT_EQ(refused_at(rule(3, 1)), "pools.mme-east.approvals.rule");
  EXPECT_EQ(refused_at(rule(2, 2)), "pools.mme-east.approvals.rule");
}

// Ends of the day, the whole day, none of it: what a window may say, and what it may not.
TEST(PolicyRules, OddWindows) {
  const auto window = [](const std::string& from, const std::string& until) {
    return with_pool(R"("windows":[{"days":["sat"],"from":")" + from + R"(","until":")" + until + "\"}]");
  };
  const auto open = [&](const std::string& from, const std::string& until, const char* at) {
    const auto policy = parse_policy(as_bytes(window(from, until))).value();
    return hour_at(*pool_of(policy).timetable, Instant::parse(at).value()) == Hour::open;
  };
  const char* friday_last = "2026-11-20T23:59:59Z";
  const char* saturday_first = "2026-11-21T00:00:00Z";
  const char* saturday_last = "2026-11-21T23:59:59Z";
  const char* sunday_first = "2026-11-22T00:00:00Z";
  const char* sunday_last = "2026-11-22T23:59:59Z";
  EXPECT_TRUE(open("00:00", "24:00", saturday_first));
  EXPECT_TRUE(open("00:00", "24:00", saturday_last));
  EXPECT_FALSE(open("00:00", "24:00", friday_last));
  EXPECT_FALSE(open("00:00", "24:00", sunday_first));
  EXPECT_TRUE(open("23:59", "00:01", saturday_last));  // over midnight
  EXPECT_TRUE(open("23:59", "00:01", sunday_first));
  EXPECT_FALSE(open("23:59", "00:01", saturday_first));  // that is the end of Friday's, and there is none
  EXPECT_FALSE(open("23:59", "00:01", "2026-11-22T00:01:00Z"));
  EXPECT_TRUE(open("22:00", "22:00", "2026-11-22T21:59:59Z"));  // a day long
  EXPECT_FALSE(open("22:00", "22:00", "2026-11-22T22:00:00Z"));
  EXPECT_FALSE(open("24:00", "24:00", saturday_last));  // the day after
  EXPECT_TRUE(open("24:00", "24:00", sunday_last));
  for (const auto* wrong : {"24:01", "7:00", "07:60", "-1:00", "07:00 ", "０７:00", "", "25:00"})
    EXPECT_EQ(refused_at(window(wrong, "08:00")), "pools[0].windows[0].from") << wrong;
}

// One spelling of a name: escapes, other forms of the letters and other cases are the same member, or none.
TEST(PolicyRulesAttack, G24_NamesThatDifferByTheirSpellingAlone) {
  EXPECT_NE(refused_at(replaced(plain, "{\"id\":\"bob\",", R"({"id":"bob","\u0069d":"carl",)")), "");
  EXPECT_EQ(refused_at(with_top(R"("offi\u0063ers":{"roles":["release"],"persons":2})")), "");
  for (const auto* name : {"Bob",
                           "b\xc3\xb6"
                           "b",
                           "bo\xcc\x88"
                           "b",
                           "\xd0\xb1"
                           "ob",
                           "bob\xe2\x80\x8b", "bob ", "ｂob"})
    EXPECT_NE(refused_at(replaced(plain, "\"id\":\"bob\"", "\"id\":\"" + std::string(name) + "\"")), "")
        << name;
  for (const auto* role : {"Release",
                           "rel\xc3\xa9"
                           "ase",
                           "release\xe2\x80\xae"})
    EXPECT_NE(refused_at(
                  replaced(plain, R"("approve":["release"])", "\"approve\":[\"" + std::string(role) + "\"]")),
              "")
        << role;
}

TEST(PolicyRules, OfficersChangeThePolicy) {
  const auto policy =
      parse_policy(as_bytes(with_top(R"("officers":{"roles":["release"],"persons":2})"))).value();
  EXPECT_EQ(policy.officers->describe(), "2 of release");
  EXPECT_EQ(refused_at(with_top(R"("officers":{"roles":["release"],"persons":4})")), "officers.persons");
  EXPECT_EQ(refused_at(with_top(R"("officers":{"roles":["officer"],"persons":1})")), "officers.roles");
  EXPECT_EQ(refused_at(with_top(R"("officers":{"roles":["release"],"persons":0})")), "officers.persons");
  EXPECT_EQ(refused_at(with_top(R"("officers":{})")), "officers.roles");
}

TEST(PolicyRules, RolesThatAreApart) {
  EXPECT_EQ(refused_at(with_top(R"("apart":[{"roles":["deploy","audit"]}])")), "");
  EXPECT_EQ(refused_at(with_top(R"("apart":[{"roles":["deploy","release"]}])")), "persons.alice.roles");
  EXPECT_EQ(refused_at(with_top(R"("apart":[{"roles":["deploy"]}])")), "apart[0]");
  EXPECT_EQ(refused_at(with_top(R"("apart":[{"roles":["deploy","typo"]}])")), "apart[0]");
}

}  // namespace
}  // namespace sallyport
