// SPDX-License-Identifier: Apache-2.0
#include "core/trust/attestations.h"

#include <gtest/gtest.h>

#include "core/format/dsse.h"
#include "core/format/json_writer.h"
#include "testkit/package.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::Members;
using testkit::PackageParts;
using testkit::TestKey;

const std::string slsa = "https://slsa.dev/provenance/v1";
const std::string vulnerabilities = "https://in-toto.io/attestation/vulns/v0.2";
const std::string by_builder = R"({"runDetails":{"builder":{"id":"https://builder.example/1"}},"cvss":7.5})";

struct Subject {
  std::string name;
  std::string sha256;
};

std::string statement(const std::vector<Subject>& subjects, const std::string& type = slsa,
                      const std::string& predicate = by_builder) {
  JsonWriter writer;
  writer.begin_object().text("_type", "https://in-toto.io/Statement/v1").key("subject").begin_array();
  for (const auto& [name, sha256] : subjects) {
    writer.begin_object().text("name", name).key("digest").begin_object();
    writer.text(sha256.empty() ? "sha1" : "sha256", sha256).end_object().end_object();
  }
  writer.end_array().text("predicateType", type).key("predicate").raw(predicate).end_object();
  return writer.take();
}

struct Signing {
  std::string hint;
  Bytes signature;
};

std::string envelope(const std::string& payload, const std::vector<Signing>& signings) {
  JsonWriter writer;
  writer.begin_object().text("payload", base64(as_bytes(payload)));
  writer.text("payloadType", statement_payload_type).key("signatures").begin_array();
  for (const auto& [hint, signature] : signings) {
    writer.begin_object().text("keyid", hint).text("sig", base64(signature)).text("cert", "").end_object();
  }
  writer.end_array().end_object();
  return writer.take();
}

Bytes signed_by(const TestKey& key, const std::string& payload) {
  return key.sign(pre_authentication_encoding(statement_payload_type, as_bytes(payload)));
}

std::string envelope_by(const std::string& key, const std::string& payload, const std::string& hint = "") {
  return envelope(payload, {{hint, signed_by(TestKey(key), payload)}});
}

std::string rule(const std::string& type, const std::vector<std::string>& pems,
                 const std::vector<std::string>& builders = {}) {
  JsonWriter writer;
  writer.begin_object().text("predicate_type", type).key("keys").begin_array();
  for (const auto& pem : pems) writer.text(pem);
  writer.end_array();
  if (!builders.empty()) {
    writer.key("builders").begin_array();
    for (const auto& builder : builders) writer.text(builder);
    writer.end_array();
  }
  writer.end_object();
  return writer.take();
}

std::string key_pem(const std::string& name) {
  return TestKey(name).public_pem();
}

// The policy that asks for these, and more members behind them.
Policy asking(const std::string& rules, const std::string& more = {}) {
  std::string text = testkit::print_policy(testkit::parts(testkit::acme().anchor_pem()));
  const auto at = text.find("\"anchors\"");
  if (!rules.empty()) text.insert(at, "\"attestations\":[" + rules + "],");
  text.insert(1, more);
  return parse_policy(as_bytes(text)).value();
}
Policy asking_slsa() {
  return asking(rule(slsa, {key_pem("builder"), key_pem("builder-2")}));
}

std::string release_of(const Members& members) {
  for (const auto& member : members) {
    if (member.name == "Artifacts/tree.json") return sha256(member.content).text();
  }
  return {};
}

// A package with these in Files/Attestations, each made from what is going to be signed.
using Make = std::function<std::string(const Members&)>;
Bytes package_with(const std::vector<std::pair<std::string, Make>>& attestations) {
  PackageParts parts;
  parts.edit_members = [&](Members& members) {
    std::size_t at = 5;  // behind the bill of materials
    for (const auto& [name, make] : attestations) {
      const auto content = copy(as_bytes(make(members)));
      members.insert(members.begin() + static_cast<std::ptrdiff_t>(at++),
                     {"Files/Attestations/" + name + ".dsse.json", content});
    }
  };
  return testkit::make_package(parts);
}
Bytes package_with(const std::string& attestation) {
  return package_with({{"build", [&](const Members&) { return attestation; }}});
}

std::string about_release(const Members& members) {
  return statement({{"tree.json", release_of(members)}});
}
Bytes good_package() {
  return package_with({{"build", [](const Members& m) { return envelope_by("builder", about_release(m)); }}});
}

std::string sha256_of(const std::string& path) {
  return sha256(as_bytes(PackageParts().files.at(path).content)).text();
}

Result<Verified<Package>> check(const Bytes& package, const Policy& policy) {
  InlineWorkers workers;
  return trust::package(MemorySource(package), policy, testkit::test_time(), workers);
}
std::string outcome(const Bytes& package, const Policy& policy) {
  const auto proof = check(package, policy);
  if (!proof.ok()) return std::string(name(proof.error().code));
  std::string text;
  for (const auto& record : proof.value()->attestations) text += (text.empty() ? "" : "; ") + record.about;
  return text;
}

TEST(Attestations, AcceptedOnesArePartOfTheProof) {
  const auto proof = check(good_package(), asking_slsa());
  ASSERT_TRUE(proof.ok()) << name(proof.error().code) << " " << proof.error().where;
  ASSERT_EQ(proof.value()->attestations.size(), 1U);
  const auto& record = proof.value()->attestations.front();
  EXPECT_EQ(record.predicate_type, slsa);
  EXPECT_EQ(record.maker, "https://builder.example/1");
  EXPECT_EQ(record.key, TestKey("builder").public_key().id());
  EXPECT_EQ(record.about, "the release");
  EXPECT_EQ(proof.value().evidence().checks.back().name, "attestation");
}

TEST(Attestations, AreNotLookedAtWhereThePolicyAsksForNone) {
  EXPECT_EQ(outcome(good_package(), asking("")), "");
  EXPECT_EQ(outcome(package_with("nonsense"), asking("")), "");
}

TEST(Attestations, FilesAreKnownByTheirContent) {
  const auto of = [](const std::vector<Subject>& subjects) {
    return outcome(package_with(envelope_by("builder-2", statement(subjects))), asking_slsa());
  };
  EXPECT_EQ(of({{"mme", sha256_of("usr/bin/mme")}}), "1 of 5 files");
  EXPECT_EQ(of({{"./usr/bin/mme", sha256_of("usr/bin/mme")}, {"/etc/mme.conf", sha256_of("etc/mme.conf")}}),
            "2 of 5 files");
  EXPECT_EQ(of({{"table", sha256_of("usr/lib/mme/table")}}), "2 of 5 files");  // two have this content
  EXPECT_EQ(of({{"mme", sha256_of("usr/bin/mme")}, {"registry.example/image", std::string(64, 'a')}}),
            "1 of 5 files");
}

// policy-controller CVE-2022-35930: no attestation of the type at hand meant that all was well.
TEST(AttestationsAttack, C22_NoneOfTheKindIsNotEnough) {
  EXPECT_EQ(outcome(testkit::make_package(), asking_slsa()), "attestation-missing");
  const auto scan = [](const Members& members) {
    return envelope_by("builder", statement({{"tree.json", release_of(members)}}, vulnerabilities, "{}"));
  };
  EXPECT_EQ(outcome(package_with({{"scan", scan}}), asking_slsa()), "attestation-missing");
  const auto both = rule(slsa, {key_pem("builder")}) + "," + rule(vulnerabilities, {key_pem("builder")});
  EXPECT_EQ(outcome(good_package(), asking(both)), "attestation-missing");
}

TEST(AttestationsAttack, SignedByNobodyWhoCounts) {
  const auto by = [](const std::string& key, const std::string& hint) {
    const auto made = [&](const Members& members) { return envelope_by(key, about_release(members), hint); };
    return outcome(package_with({{"build", made}}), asking_slsa());
  };
  const auto id = TestKey("builder").public_key().id().text();
  EXPECT_EQ(by("builder", id), "the release");
  EXPECT_EQ(by("builder", "whatever the tool calls it"), "the release");
  EXPECT_EQ(by("stranger", ""), "attestation-signer-unknown");
  EXPECT_EQ(by("stranger", TestKey("stranger").public_key().id().text()), "attestation-signer-unknown");
  EXPECT_EQ(by("stranger", id), "attestation-signature-invalid");
  EXPECT_EQ(by("builder-2", id), "attestation-signature-invalid");
}

// A signature that names a key of the rule and is not by it is a lie, whoever else has signed beside it.
TEST(AttestationsAttack, OneInvalidSignatureRefusesAGoodOneBesideIt) {
  const auto with = [](const std::string& hint) {
    const auto made = [&](const Members& members) {
      const auto payload = about_release(members);
      return envelope(payload, {{hint, signed_by(TestKey("stranger"), payload)},
                                {"", signed_by(TestKey("builder"), payload)}});
    };
    return outcome(package_with({{"build", made}}), asking_slsa());
  };
  EXPECT_EQ(with("of no concern"), "the release");
  EXPECT_EQ(with(TestKey("builder-2").public_key().id().text()), "attestation-signature-invalid");
}

// What was built and what was looked through are two questions, each with an answer of its own.
TEST(AttestationsAttack, TheAnswerToOneRuleIsNoneToTheOther) {
  const auto rules = rule(slsa, {key_pem("builder")}) + "," + rule(vulnerabilities, {key_pem("builder")});
  const auto scan_of = [](const std::string& digest) {
    return [digest](const Members& members) {
      const auto of = digest.empty() ? release_of(members) : digest;
      return envelope_by("builder", statement({{"tree.json", of}}, vulnerabilities, "{}"));
    };
  };
  const auto build = [](const Members& m) { return envelope_by("builder", about_release(m)); };
  EXPECT_EQ(outcome(package_with({{"a-build", build}, {"b-scan", scan_of("")}}), asking(rules)),
            "the release; the release");
  EXPECT_EQ(
      outcome(package_with({{"a-build", build}, {"b-scan", scan_of(std::string(64, 'a'))}}), asking(rules)),
      "attestation-other-subject");
}

// A key counts for the kinds that the policy names it for.
TEST(AttestationsAttack, SignedByTheBuilderOfAnotherKind) {
  const auto rules = rule(slsa, {key_pem("builder-2")}) + "," + rule(vulnerabilities, {key_pem("builder")});
  EXPECT_EQ(outcome(good_package(), asking(rules)), "attestation-signer-unknown");
}

TEST(AttestationsAttack, AnotherPayloadUnderTheSignature) {
  const auto made = [](const Members& members) {
    const auto payload = about_release(members);
    return envelope(statement({{"tree.json", release_of(members)}}, slsa,
                              R"({"runDetails":{"builder":{"id":"https://other.example"}}})"),
                    {{"", signed_by(TestKey("builder"), payload)}});
  };
  EXPECT_EQ(outcome(package_with({{"build", made}}), asking_slsa()), "attestation-signer-unknown");
}

// A key of a service that builds for many signs for all of them.
TEST(AttestationsAttack, MadeByABuilderThatIsNotNamed) {
  const auto asking_for = [](const std::vector<std::string>& builders) {
    return asking(rule(slsa, {key_pem("builder")}, builders));
  };
  EXPECT_EQ(outcome(good_package(), asking_for({"https://builder.example/1"})), "the release");
  EXPECT_EQ(outcome(good_package(), asking_for({"https://other.example", "https://builder.example/1"})),
            "the release");
  for (const std::string other :
       {"https://builder.example/", "https://builder.example/11", "builder.example/1",
        "https://BUILDER.example/1", "https://builder.example/1 "})
    EXPECT_EQ(outcome(good_package(), asking_for({other})), "attestation-builder-refused") << other;
  // What it is signed by is asked first, and another one of the kind may be the one that counts.
  const Make by_other = [](const Members& m) {
    return envelope_by("builder", statement({{"tree.json", release_of(m)}}, slsa,
                                            R"({"runDetails":{"builder":{"id":"https://other.example"}}})"));
  };
  const Make good = [](const Members& m) { return envelope_by("builder", about_release(m)); };
  const Make by_stranger = [](const Members& m) { return envelope_by("stranger", about_release(m)); };
  const auto policy = asking_for({"https://builder.example/1"});
  EXPECT_EQ(outcome(package_with({{"a", by_other}}), policy), "attestation-builder-refused");
  EXPECT_EQ(outcome(package_with({{"a", by_other}, {"b", good}}), policy), "the release");
  EXPECT_EQ(outcome(package_with({{"a", by_stranger}}), policy), "attestation-signer-unknown");
  // A scan that says nothing about who made it is by nobody who is named.
  const Make scan = [](const Members& m) {
    return envelope_by("builder", statement({{"tree.json", release_of(m)}}, vulnerabilities, "{}"));
  };
  EXPECT_EQ(outcome(package_with({{"scan", scan}}),
                    asking(rule(vulnerabilities, {key_pem("builder")}, {"pkg:generic/scanner"}))),
            "attestation-builder-refused");
}

TEST(AttestationsAttack, AboutSomethingElse) {
  const auto of = [](const std::vector<Subject>& subjects) {
    return outcome(package_with(envelope_by("builder", statement(subjects))), asking_slsa());
  };
  const std::string other(64, 'a');
  EXPECT_EQ(of({{"tree.json", other}}), "attestation-other-subject");
  EXPECT_EQ(of({{"usr/bin/mme", other}}), "attestation-other-subject");
  EXPECT_EQ(of({{"usr/bin/mme", ""}}), "attestation-other-subject");
  EXPECT_EQ(of({{"etc/mme.conf", sha256_of("etc/mme.conf")}, {"./usr/bin/mme", other}}),
            "attestation-other-subject");
  EXPECT_EQ(of({{"etc/mme.conf", sha256_of("etc/mme.conf")}, {"/usr/bin/mme", other}}),
            "attestation-other-subject");
  // One file as it is does not make up for another that is not.
  EXPECT_EQ(of({{"etc/mme.conf", sha256_of("etc/mme.conf")}, {"usr/bin/mme", other}}),
            "attestation-other-subject");
  EXPECT_EQ(of({{"etc/mme.conf", sha256_of("etc/mme.conf")}, {"Files/ChangeLog.txt", other}}),
            "attestation-other-subject");
  // A member of the package is nothing that was built.
  EXPECT_EQ(of({{"Files/ChangeLog.txt", sha256(as_bytes("1.0\n")).text()}}), "attestation-other-subject");
}

// The release digest does not make up for a file that is named and is another.
TEST(AttestationsAttack, AboutTheReleaseAndAFileThatItHasNot) {
  const auto made = [](const Members& members) {
    return envelope_by(
        "builder", statement({{"tree.json", release_of(members)}, {"usr/bin/mme", std::string(64, 'a')}}));
  };
  EXPECT_EQ(outcome(package_with({{"build", made}}), asking_slsa()), "attestation-other-subject");
}

TEST(Attestations, OneThatCountsIsEnoughOfSeveral) {
  const Make old = [](const Members&) {
    return envelope_by("builder", statement({{"tree.json", std::string(64, 'a')}}));
  };
  const Make foreign = [](const Members& m) { return envelope_by("stranger", about_release(m)); };
  const Make good = [](const Members& m) { return envelope_by("builder", about_release(m)); };
  EXPECT_EQ(outcome(package_with({{"a", foreign}, {"b", old}, {"c", good}}), asking_slsa()), "the release");
  EXPECT_EQ(outcome(package_with({{"a", foreign}, {"b", old}}), asking_slsa()), "attestation-other-subject");
  const Make broken = [](const Members&) { return std::string("{}"); };
  EXPECT_EQ(outcome(package_with({{"a", broken}, {"c", good}}), asking_slsa()), "attestation-malformed");
}

// ECDSA signatures of other tools have either of the two values of s.
TEST(Attestations, SignaturesNeedNotHaveOurForm) {
  const auto key = TestKey::random_p256();
  const auto policy = asking(rule(slsa, {key.public_pem()}));
  for (const bool twin : {false, true}) {
    const auto made = [&](const Members& members) {
      const auto payload = about_release(members);
      const auto signature = signed_by(key, payload);
      return envelope(payload, {{"", twin ? testkit::twin_of(signature) : signature}});
    };
    EXPECT_EQ(outcome(package_with({{"build", made}}), policy), "the release") << twin;
  }
}

// Keys that this library cannot check do not keep one that it can from counting; alone they are a fault, not a no.
TEST(Attestations, KeysThatTheLibraryDoesNotKnow) {
  if (testkit::library_has_ml_dsa()) GTEST_SKIP() << "this library has ML-DSA";
  EXPECT_EQ(outcome(good_package(), asking(rule(slsa, {key_pem("builder-pq"), key_pem("builder")}))),
            "the release");
  const Make by_it = [](const Members& m) { return envelope_by("builder-pq", about_release(m)); };
  const auto unknown = asking(rule(slsa, {key_pem("builder-pq")}));
  EXPECT_EQ(outcome(package_with({{"build", by_it}}), unknown), "algorithm-unavailable");
  EXPECT_EQ(outcome(good_package(), unknown), "attestation-signer-unknown");  // it has not even the length
  const Make by_both = [](const Members& m) {
    const auto payload = about_release(m);
    return envelope(payload, {{"", signed_by(TestKey("builder-pq"), payload)},
                              {"", signed_by(TestKey("builder"), payload)}});
  };
  EXPECT_EQ(outcome(package_with({{"build", by_both}}),
                    asking(rule(slsa, {key_pem("builder-pq"), key_pem("builder")}))),
            "the release");
}

TEST(AttestationsAttack, KeysWhoseAlgorithmHasEnded) {
  const auto rules = rule(slsa, {key_pem("builder")});
  const auto until = [&](const std::string& time) {
    const std::string end = R"("algorithms":[{"algorithm":"Ed25519","not_after":")" + time + "\"}],";
    return outcome(good_package(), asking(rules, end));
  };
  EXPECT_EQ(until(testkit::test_time().print()), "the release");
  EXPECT_EQ(until(testkit::test_time().plus(-1).print()), "algorithm-ended");
}

// They stand in one place, in one order, under names of one form.
TEST(AttestationsAttack, MembersOutOfPlace) {
  const Make good = [](const Members& m) { return envelope_by("builder", about_release(m)); };
  const auto policy = asking_slsa();
  EXPECT_EQ(outcome(package_with({{"a", good}, {"b", good}}), policy), "the release");
  EXPECT_EQ(outcome(package_with({{"b", good}, {"a", good}}), policy), "package-layout-invalid");
  EXPECT_EQ(outcome(package_with({{"a/b", good}}), policy), "package-layout-invalid");
  EXPECT_EQ(outcome(package_with({{"A", good}}), policy), "package-layout-invalid");
  EXPECT_EQ(outcome(package_with({{"", good}}), policy), "package-layout-invalid");
  std::vector<std::pair<std::string, Make>> many;
  for (int i = 10; i < 42; ++i) many.emplace_back("a" + std::to_string(i), good);
  EXPECT_EQ(outcome(package_with(many), policy), "the release");
  many.emplace_back("b", good);
  EXPECT_EQ(outcome(package_with(many), policy), "package-layout-invalid");
}

}  // namespace
}  // namespace sallyport
