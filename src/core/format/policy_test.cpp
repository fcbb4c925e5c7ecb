// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy.h"

#include <gtest/gtest.h>

#include <fstream>

#include "testkit/source.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::parts;
using testkit::PolicyParts;
using testkit::TestKey;

// "" when the policy loads, else where it is refused; every refusal is policy_malformed.
std::string refused_at(std::string_view json) {
  const auto policy = parse_policy(as_bytes(json));
  if (policy.ok()) return "";
  EXPECT_EQ(policy.error().code, Code::policy_malformed) << json;
  return policy.error().where;
}

template <class Change>
std::string refused_with(Change change) {
  auto all = parts();
  change(all);
  return refused_at(print_policy(all));
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

std::string key(std::string_view name) {
  return TestKey(name).public_pem();
}

TEST(Policy, ReadsEveryPart) {
  const auto json = print_policy(parts());
  const auto policy = parse_policy(as_bytes(json)).value();
  EXPECT_EQ(policy.name, "Test network");
  EXPECT_EQ(policy.version, 1U);
  EXPECT_EQ(policy.digest, sha256(as_bytes(json)));
  const auto& source = policy.sources.at(SourceId::parse("acme").value());
  EXPECT_EQ(source.products.size(), 2U);
  EXPECT_EQ(source.authority.anchors.front().subject(), "CN=Acme Test Root,O=Acme Test");
  const auto& bob = policy.persons.at(PersonId::parse("bob").value());
  EXPECT_EQ(bob.keys.size(), 2U);
  EXPECT_EQ(policy.owner_of(TestKey("bob-2").public_key().id()), &bob);
  EXPECT_EQ(policy.owner_of(TestKey("intake-1").public_key().id()), nullptr);
  EXPECT_EQ(policy.owner_of(TestKey("mallory").public_key().id()), nullptr);
  EXPECT_EQ(policy.intakes.at(IntakeId::parse("intake-1").value()).keys.front().id(),
            TestKey("intake-1").public_key().id());
  const auto& pool = policy.pools.at(PoolId::parse("mme-east").value());
  EXPECT_EQ(pool.nodes.size(), 2U);
  EXPECT_EQ(pool.approvals.approve.persons_min(), 2U);
  EXPECT_EQ(pool.approvals.propose.begin()->text(), "deploy");
  EXPECT_EQ(pool.approvals.approve.describe(), "2 of release");
  EXPECT_EQ(policy.verdicts.verdict_age_days_max, 30U);
}

TEST(Policy, OrderAndWhiteSpaceAreFree) {
  auto json = print_policy(parts());
  json = replaced(json, R"("name":"Test network","version":1)",
                  "\n  \"version\" : 1,\n  \"name\": \"Test network\"");
  EXPECT_EQ(refused_at(json), "");
}

TEST(PolicyAttack, C21_MembersAreExactlyThoseOfTheSchema) {
  const auto good = print_policy(parts());
  EXPECT_EQ(refused_at(replaced(good, "sallyport-policy/1", "sallyport-policy/2")), "schema");
  EXPECT_EQ(refused_at(replaced(good, "\"version\":1,", "")), "version");
  EXPECT_EQ(refused_at(replaced(good, "\"version\":1", "\"version\":1,\"version\":1")).substr(0, 4), "JSON");
  EXPECT_EQ(refused_at(replaced(good, "\"version\":1", "\"version\":1,\"gate\":\"off\"")), "gate");
  EXPECT_EQ(refused_at(replaced(good, "\"persons\":2", "\"persons\":2,\"skip\":1")),
            "pools[0].approvals.skip");
  EXPECT_EQ(refused_at(replaced(good, "\"id\":\"bob\"", "\"id\":\"bob\",\"mail\":\"x\"")), "persons[1].mail");
  EXPECT_EQ(refused_at(replaced(good, "\"id\":\"acme\"", "\"id\":\"acme\",\"x\":1")), "sources[0].x");
}

TEST(PolicyAttack, D22_EmptyTrustDoesNotLoad) {
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.sources.clear(); }), "sources");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.sources[0].anchors.clear(); }), "sources[0].anchors");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.sources[0].products.clear(); }), "sources[0].products");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.intakes.clear(); }), "intakes");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.intakes[0].key = ""; }), "intakes[0].key");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.sources[0].anchors[0] = "not a certificate"; }),
            "sources[0].anchors[0]");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.sources[0].anchors.push_back(""); }),
            "sources[0].anchors[1]");
}

TEST(PolicyAttack, G22_EmptyListsOfPeopleDoNotLoad) {
  EXPECT_EQ(refused_at(""), "JSON at byte 0");
  EXPECT_EQ(refused_at("{}"), "schema");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.persons.clear(); }), "persons");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.persons[0].keys.clear(); }), "persons[0].keys");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.persons[0].roles.clear(); }), "persons[0].roles");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.pools.clear(); }), "pools");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.pools[0].nodes.clear(); }), "pools[0].nodes");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.pools[0].products.clear(); }), "pools[0].products");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.pools[0].propose.clear(); }), "pools[0].approvals.propose");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.pools[0].approve.clear(); }), "pools[0].approvals.approve");
}

TEST(PolicyAttack, D16_ThresholdsThatMeanNothingDoNotLoad) {
  const auto good = print_policy(parts());
  ASSERT_EQ(refused_at(good), "");
  for (const auto* bad : {"0", "\"2\"", "true", "null", "[2]", "1001", "4294967298"}) {
    EXPECT_EQ(refused_at(replaced(good, "\"persons\":2", std::string("\"persons\":") + bad)),
              "pools[0].approvals.persons")
        << bad;
  }
  for (const auto* bad : {"-1", "2.0", "2e0", "02", "1e400"}) {
    EXPECT_NE(refused_at(replaced(good, "\"persons\":2", std::string("\"persons\":") + bad)), "") << bad;
  }
  EXPECT_EQ(refused_at(replaced(good, ",\"persons\":2", "")), "pools[0].approvals.persons");
}

// Three have the approving role, but one of them has to propose: three approvals can never come together.
TEST(PolicyAttack, G23_ThresholdsThatNobodyCanReachDoNotLoad) {
  const auto where = "pools.mme-east.approvals.persons";
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.pools[0].persons = 2; }), "");
  EXPECT_EQ(refused_with([&](PolicyParts& p) { p.pools[0].persons = 3; }), where);
  EXPECT_EQ(refused_with([](PolicyParts& p) {
              p.pools[0].persons = 3;
              p.persons[3].roles.push_back("deploy");
            }),
            "");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.persons.erase(p.persons.begin() + 1); }), where);
}

TEST(PolicyAttack, G23_MembersOfAListCountOnce) {
  EXPECT_EQ(refused_with([](PolicyParts& p) {
              p.pools[0].approve = {"release", "release"};
            }),
            "pools[0].approvals.approve[1]");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.pools[0].nodes.push_back("mme-1"); }), "pools[0].nodes[2]");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.persons[1].roles.push_back("release"); }),
            "persons[1].roles[1]");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.sources[0].products.push_back("mme"); }),
            "sources[0].products[2]");
  EXPECT_EQ(refused_with([](PolicyParts& p) {
              p.persons.push_back({"bob", {"release"}, {key("bob-3")}});
            }),
            "persons[4].id");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.pools.push_back(p.pools[0]); }), "pools[1].id");
}

TEST(PolicyAttack, G27_AKeyHasOneOwner) {
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.persons[2].keys[0] = key("bob-2"); }),
            "persons.carol.keys[0]");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.persons[1].keys[1] = key("bob-1"); }), "persons.bob.keys[1]");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.intakes[0].key = key("alice-1"); }), "intakes.intake-1.key");
  EXPECT_EQ(refused_with([](PolicyParts& p) {
              p.intakes.push_back({"intake-2", p.intakes[0].key});
            }),
            "intakes.intake-2.key");
}

TEST(PolicyAttack, E21_AnAnchorIsNobodyElsesKey) {
  EXPECT_EQ(refused_with([](PolicyParts& p) {
              p.sources.push_back({"other", {"hss"}, {testkit::other_anchor_pem()}});
            }),
            "");
  EXPECT_EQ(refused_with([](PolicyParts& p) {
              p.sources.push_back({"other", {"hss"}, p.sources[0].anchors});
            }),
            "sources.other.anchors[0]");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.sources[0].anchors.push_back(p.sources[0].anchors[0]); }),
            "sources.acme.anchors[1]");
}

TEST(PolicyAttack, G24_RolesAndNodesExistOnce) {
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.pools[0].propose = {"deploi"}; }),
            "pools.mme-east.approvals.propose");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.pools[0].approve.push_back("security"); }),
            "pools.mme-east.approvals.approve");
  EXPECT_EQ(refused_with([](PolicyParts& p) {
              p.pools.push_back({"mme-west", {"mme"}, {"mme-2"}, {"deploy"}, {"release"}, 1});
            }),
            "pools.mme-west.nodes");
}

TEST(PolicyAttack, C19_IdentifiersAreNoPaths) {
  for (const std::string& bad :
       std::vector<std::string>{"../x", "/etc/x", "?", "", "A", "a b", std::string(65, 'a')}) {
    EXPECT_EQ(refused_with([&](PolicyParts& p) { p.persons[0].id = bad; }), "persons[0].id") << bad;
    EXPECT_EQ(refused_with([&](PolicyParts& p) { p.pools[0].id = bad; }), "pools[0].id") << bad;
    EXPECT_EQ(refused_with([&](PolicyParts& p) { p.pools[0].nodes[1] = bad; }), "pools[0].nodes[1]") << bad;
    EXPECT_EQ(refused_with([&](PolicyParts& p) { p.sources[0].products[0] = bad; }), "sources[0].products[0]")
        << bad;
    EXPECT_EQ(refused_with([&](PolicyParts& p) { p.persons[0].roles[0] = bad; }), "persons[0].roles[0]")
        << bad;
  }
}

TEST(Policy, AgesAreBounded) {
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.verdict_age_days_max = 0; }),
            "verdicts.verdict_age_days_max");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.verdict_age_days_max = 3651; }),
            "verdicts.verdict_age_days_max");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.database_age_days_max = 0; }),
            "verdicts.database_age_days_max");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.database_age_days_max = 3650; }), "");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.version = 0; }), "version");
}

// Each line: what the policy says, a tab, and the engines, or where it is refused.
TEST(Policy, H13_VectorsOfWantedEnginesAreUnderstoodOrRefused) {
  const auto text = print_policy(parts());
  const std::string begin = R"("verdicts":)";
  const auto at = text.find(begin) + begin.size();
  const auto end = text.find('}', at) + 1;
  std::ifstream file(source_file("tests/vectors/policy_engines.txt"));
  int lines = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    ++lines;
    const auto tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    const auto policy = parse_policy(as_bytes(text.substr(0, at) + line.substr(0, tab) + text.substr(end)));
    std::string found = policy.ok() ? "" : "refused: " + policy.error().where;
    if (policy.ok())
      for (const auto& engine : policy.value().verdicts.engines)
        found += (found.empty() ? "" : ", ") + engine;
    EXPECT_EQ(found, line.substr(tab + 1)) << line;
  }
  EXPECT_GE(lines, 8);
}

TEST(Policy, KeysAreOfAnAcceptedKind) {
  // RSA of 2048 bits.
  constexpr auto weak =
      "-----BEGIN PUBLIC KEY-----\n"
      "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqjoeCgg+r93Guhd4FGpj\n"
      "wWKx//Dnt2+Vbrk5GY63Es5/Hh3sCOH18e6fqEV1c9MncZvE+5NbCp5H/iXMaa1W\n"
      "Xv4/EP5rMyjhxZ9b34ner96X8X3mjNMFvHcX7ITvbrmLUcRLyw6VD2tp6MMT0Fwa\n"
      "97OXzeW2n8ni+iK0LbHXBpjuTaz/5rMQSwUJ6bM5pZfDAIb3RyPWXiCFQugMcYN/\n"
      "Tz/A996ZxVrdgP05PSw641s9z0raCBd4BKgcy0grDz98dIvbDG83U7CW99ieP/w+\n"
      "sV/rImnSRGNzwm2W9EDRvaQZfE+VVtqDMafJLvXRX5hQSps4rCAaEwwufn53E6te\n"
      "qwIDAQAB\n"
      "-----END PUBLIC KEY-----\n";
  EXPECT_EQ(refused_with([&](PolicyParts& p) { p.persons[0].keys[0] = weak; }), "persons[0].keys[0]");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.persons[0].keys[0] = TestKey("alice-1").private_pem(); }),
            "persons[0].keys[0]");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.persons[0].keys[0] += key("alice-2"); }),
            "persons[0].keys[0]");
}

TEST(PolicyAttack, D20_CountsAndSizesAreBounded) {
  EXPECT_EQ(refused_with([](PolicyParts& p) {
              for (int i = 0; i < 16; ++i) p.persons[0].keys.push_back(key("k" + std::to_string(i)));
            }),
            "persons[0].keys");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.sources[0].anchors.resize(17, p.sources[0].anchors[0]); }),
            "sources[0].anchors");
  EXPECT_EQ(refused_with([](PolicyParts& p) { p.intakes[0].key += std::string(20000, '\n'); }),
            "intakes[0].key");
  EXPECT_EQ(refused_at(std::string(policy_size_max + 1, ' ')), "JSON");
}

TEST(Policy, AsksForKindsOfSignatures) {
  const auto plain = testkit::make_policy();
  EXPECT_TRUE(plain.signatures.statements.any_one() && plain.signatures.packages.any_one());
  const auto policy = testkit::make_policy(testkit::hybrid(testkit::parts()));
  EXPECT_EQ(policy.signatures.statements.describe(), "classical and post-quantum");
  EXPECT_TRUE(policy.signatures.packages.any_one());
  EXPECT_EQ(policy.intakes.begin()->second.keys.size(), 2U);
}

TEST(PolicyAttack, D19_KindsThatNobodyCanMeetDoNotLoad) {
  const auto hybrid_with = [](auto change) {
    return refused_with([&](PolicyParts& parts) {
      parts = testkit::hybrid(parts);
      change(parts);
    });
  };
  EXPECT_EQ(hybrid_with([](PolicyParts&) {}), "");
  EXPECT_EQ(hybrid_with([](PolicyParts& p) {
              p.statements = {"classical", "classical"};
            }),
            "signatures.statements[1]");
  EXPECT_EQ(hybrid_with([](PolicyParts& p) { p.statements[0] = "quantum"; }), "signatures.statements[0]");
  EXPECT_EQ(hybrid_with([](PolicyParts& p) { p.statements.push_back("classical"); }),
            "signatures.statements");
  EXPECT_EQ(hybrid_with([](PolicyParts& p) { p.intakes[0].keys.pop_back(); }), "intakes[0].keys");
  EXPECT_EQ(hybrid_with([](PolicyParts& p) { p.intakes[0].keys[1] = key("intake-9"); }),
            "intakes.intake-1.keys");
  EXPECT_EQ(hybrid_with([](PolicyParts& p) { p.intakes[0].keys[1] = key("alice-pq"); }),
            "intakes.intake-1.keys[1]");
  EXPECT_EQ(hybrid_with([](PolicyParts& p) { p.persons[2].keys.pop_back(); }),
            "pools.mme-east.approvals.persons");
  EXPECT_EQ(hybrid_with([](PolicyParts& p) {
              p.packages = {"classical", "post-quantum"};
            }),
            "sources.acme.anchors");
}

}  // namespace
}  // namespace sallyport
