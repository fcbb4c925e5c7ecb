// SPDX-License-Identifier: Apache-2.0
#include "core/format/verdict.h"

#include <gtest/gtest.h>

#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::make_policy;
using testkit::make_verdict;

std::string refusal_of(std::string_view payload) {
  const auto verdict = parse_verdict(as_bytes(payload));
  return verdict.ok() ? "accepted" : std::string(name(verdict.error().code));
}

template <class Change>
std::string refusal_with(Change change) {
  auto verdict = make_verdict(make_policy());
  change(verdict);
  return refusal_of(print_verdict(verdict));
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

Finding eicar() {
  return {"malware-found", "usr/bin/mme", FileDigest::parse(std::string(64, 'a')).value(),
          "Eicar-Test-Signature"};
}

TEST(Verdict, HasTheSpellingOfTheSpecification) {
  auto verdict = make_verdict(make_policy());
  verdict.policy = sha256(as_bytes("a policy"));
  verdict.outcome = Outcome::not_clean;
  verdict.findings = {eicar()};
  EXPECT_EQ(
      print_verdict(verdict),
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"test-product-1.0.csar","digest":)"
      R"({"sha256":")" +
          verdict.package.text() +
          R"("}}],"predicateType":"urn:sallyport:verdict:v1","predicate":{"release":")" +
          verdict.release.text() +
          R"(","product":"test-product","version":"1.0","counter":7,"source":"acme",)"
          R"("signer":"CN=Acme Release 2026,O=Acme","policy":")" +
          verdict.policy.text() +
          R"(","policy_version":1,"intake":"intake-1","time":"2026-11-21T21:00:00Z","files_total":3,)"
          R"("bytes_total":4096,"engines":[{"engine":"clamd","version":"ClamAV 1.4.6","database":"27800",)"
          R"("database_time":"2026-11-20T21:00:00Z","files_scanned":3,"bytes_scanned":4096}],)"
          R"("outcome":"not-clean","findings":[{"code":"malware-found","where":"usr/bin/mme","digest":")" +
          std::string(64, 'a') + R"(","detail":"Eicar-Test-Signature"}]}})" + "\n");
}

TEST(Verdict, ReadsWhatItPrints) {
  auto verdict = make_verdict(make_policy());
  verdict.outcome = Outcome::not_clean;
  verdict.findings = {eicar(), eicar()};
  verdict.engines.push_back(verdict.engines.front());
  const auto text = print_verdict(verdict);
  const auto again = parse_verdict(as_bytes(text)).value();
  EXPECT_EQ(print_verdict(again), text);
  EXPECT_EQ(again.findings[1].detail, "Eicar-Test-Signature");
  EXPECT_EQ(again.outcome, Outcome::not_clean);
}

TEST(VerdictAttack, C13_EveryOtherSpellingIsRefused) {
  const auto good = print_verdict(make_verdict(make_policy()));
  ASSERT_EQ(refusal_of(good), "accepted");
  for (const auto& bad :
       {good.substr(0, good.size() - 1), good + "\n", replaced(good, ":[{", ": [{"),
        replaced(good, R"("outcome":"clean","findings":[])", R"("findings":[],"outcome":"clean")"),
        replaced(good, "clean", "Clean"), replaced(good, "\"clean\"", "\"\"")}) {
    EXPECT_EQ(refusal_of(bad), "statement-malformed") << bad;
  }
}

TEST(VerdictAttack, C21_UnknownAndMissingMembersAreRefused) {
  const auto good = print_verdict(make_verdict(make_policy()));
  for (const auto* what : {"\"outcome\"", "\"engine\"", "\"database_time\""}) {
    EXPECT_EQ(refusal_of(replaced(good, what, std::string("\"skip\":\"x\",") + what)), "statement-malformed");
  }
  EXPECT_EQ(refusal_of(replaced(good, "\"files_total\":3,", "")), "statement-malformed");
  EXPECT_EQ(refusal_of(replaced(good, ",\"findings\":[]", "")), "statement-malformed");
}

TEST(VerdictAttack, C22_NothingScannedIsNotClean) {
  EXPECT_EQ(refusal_with([](Verdict& v) { v.engines.clear(); }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Verdict& v) { v.files_total = 0; }), "statement-malformed");
}

AttestationRecord provenance() {
  return {"https://slsa.dev/provenance/v1", "https://builder.example",
          KeyId::parse(std::string(64, 'b')).value(), "the release"};
}

TEST(Verdict, AttestationsAreTheLastMemberAndMayBeAbsent) {
  auto verdict = make_verdict(make_policy());
  const auto without = print_verdict(verdict);
  EXPECT_EQ(without.find("attestations"), std::string::npos);
  verdict.attestations = {provenance()};
  const auto text = print_verdict(verdict);
  EXPECT_EQ(text,
            replaced(without, "\"findings\":[]",
                     R"("findings":[],"attestations":[{"predicate_type":"https://slsa.dev/provenance/v1",)"
                     R"("maker":"https://builder.example","key":")" +
                         std::string(64, 'b') + R"(","about":"the release"}])"));
  const auto again = parse_verdict(as_bytes(text)).value();
  EXPECT_EQ(describe(again.attestations.at(0)),
            "SLSA provenance v1 by https://builder.example, about the release, key bbbbbbbbbbbb");
}

TEST(VerdictAttack, C21_AttestationsOfAnotherFormAreRefused) {
  const auto with = [](auto change) {
    return refusal_with([&](Verdict& v) {
      v.attestations = {provenance()};
      change(v.attestations);
    });
  };
  EXPECT_EQ(with([](auto&) {}), "accepted");
  EXPECT_EQ(with([](auto& all) { all[0].maker = ""; }), "accepted");
  EXPECT_EQ(with([](auto& all) { all[0].about = ""; }), "statement-malformed");
  EXPECT_EQ(with([](auto& all) { all[0].predicate_type = "provenance"; }), "statement-malformed");
  EXPECT_EQ(with([](auto& all) { all.resize(16, all[0]); }), "accepted");
  EXPECT_EQ(with([](auto& all) { all.resize(17, all[0]); }), "statement-malformed");
  const auto good = print_verdict(make_verdict(make_policy()));
  EXPECT_EQ(refusal_of(replaced(good, "\"findings\":[]", R"("findings":[],"attestations":[])")),
            "statement-malformed");
}

TEST(Verdict, OutcomeAndFindingsAgree) {
  EXPECT_EQ(refusal_with([](Verdict& v) { v.findings = {eicar()}; }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Verdict& v) { v.outcome = Outcome::not_clean; }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Verdict& v) {
              v.outcome = Outcome::not_clean;
              v.findings = {eicar()};
            }),
            "accepted");
  EXPECT_EQ(refusal_with([](Verdict& v) {
              v.outcome = Outcome::not_clean;
              v.findings = {eicar()};
              v.findings[0].code = "all-is-well";
            }),
            "statement-malformed");
}

TEST(Verdict, ListsAndTextsAreBounded) {
  EXPECT_EQ(refusal_with([](Verdict& v) { v.engines.resize(16, v.engines.front()); }), "accepted");
  EXPECT_EQ(refusal_with([](Verdict& v) { v.engines.resize(17, v.engines.front()); }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Verdict& v) { v.signer = std::string(4097, 'x'); }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Verdict& v) { v.signer = "CN=\xe2\x80\xae"; }), "statement-malformed");
  EXPECT_EQ(refusal_with([](Verdict& v) { v.engines[0].database = ""; }), "statement-malformed");
}

TEST(Verdict, AnotherStatementIsSaidToBeAnother) {
  const auto policy = make_policy();
  EXPECT_EQ(refusal_of(print_order(testkit::make_order(policy, make_verdict(policy)))),
            "statement-type-mismatch");
  EXPECT_EQ(refusal_of("{}"), "statement-malformed");
  EXPECT_EQ(refusal_of("[]"), "statement-malformed");
}

}  // namespace
}  // namespace sallyport
