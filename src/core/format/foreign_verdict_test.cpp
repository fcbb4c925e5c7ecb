// SPDX-License-Identifier: Apache-2.0
#include "core/format/foreign_verdict.h"

#include <gtest/gtest.h>

#include "core/format/describe_foreign.h"
#include "testkit/foreign_verdict.h"

namespace sallyport {
namespace {

using testkit::make_foreign_verdict;
using testkit::make_policy;
using testkit::replaced;

std::string refusal_of(std::string_view payload) {
  const auto verdict = parse_foreign_verdict(as_bytes(payload));
  return verdict.ok() ? "accepted" : std::string(name(verdict.error().code));
}

TEST(ForeignVerdict, HasTheSpellingOfTheSpecification) {
  auto verdict = make_foreign_verdict(make_policy());
  verdict.policy = sha256(as_bytes("a policy"));
  EXPECT_EQ(
      print_foreign_verdict(verdict),
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"vendor.csar","digest":{"sha256":")" +
          verdict.package.text() +
          R"("}}],"predicateType":"urn:sallyport:foreign-verdict:v1","predicate":{"option":"option 1",)"
          R"("product":"mme","name":"MME","version":"1.0","provider":"Acme","source":"acme",)"
          R"("signer":"CN=Acme Release 2026,O=Acme","policy":")" +
          verdict.policy.text() +
          R"(","policy_version":1,"intake":"intake-1","time":"2026-11-21T21:00:00Z","files_total":3,)"
          R"("bytes_total":4096,"engines":[{"engine":"clamd","version":"ClamAV 1.4.6","database":"27800",)"
          R"("database_time":"2026-11-20T21:00:00Z","files_scanned":3,"bytes_scanned":4096}],)"
          R"("outcome":"clean","findings":[],"tolerated":[{"name":"key-case","where":"manifest line 9","count":3},)"
          R"({"name":"product-names","where":"the product's name in the manifest","count":1}]}})" +
          "\n");
  EXPECT_EQ(refusal_of(print_foreign_verdict(verdict)), "accepted");
}

TEST(ForeignVerdict, ReadsWhatItPrints) {
  auto verdict = make_foreign_verdict(make_policy());
  verdict.option = SecurityOption::option_2;
  verdict.outcome = Outcome::not_clean;
  verdict.findings = {{"malware-found", "mme.csar: Artifacts/image.bin",
                       FileDigest::parse(std::string(64, 'a')).value(), "Eicar-Test-Signature"}};
  const auto text = print_foreign_verdict(verdict);
  const auto again = parse_foreign_verdict(as_bytes(text)).value();
  EXPECT_EQ(print_foreign_verdict(again), text);
  EXPECT_EQ(again.tolerated.size(), 2U);
  EXPECT_EQ(again.tolerated[0].what, Tolerance::key_case);
  EXPECT_EQ(again.tolerated[0].count, 3U);
}

TEST(ForeignVerdict, C13_EveryOtherSpellingIsRefused) {
  const auto good = print_foreign_verdict(make_foreign_verdict(make_policy()));
  const std::string first = R"({"name":"key-case","where":"manifest line 9","count":3})";
  const std::string second =
      R"({"name":"product-names","where":"the product's name in the manifest","count":1})";
  for (const auto& bad :
       {good.substr(0, good.size() - 1), good + "\n", replaced(good, ":[{", ": [{"),
        replaced(good, "\"option 1\"", "\"option 3\""), replaced(good, "\"option 1\"", "\"Option 1\""),
        replaced(good, "\"key-case\"", "\"everything\""), replaced(good, "\"key-case\"", "\"\""),
        replaced(good, "\"manifest line 9\"", "\"\""), replaced(good, "\"count\":3", "\"count\":0"),
        replaced(good, first + "," + second, second + "," + first), replaced(good, second, first),
        replaced(good, ",\"tolerated\":[" + first + "," + second + "]", ""),
        replaced(good, "\"findings\":[]", "\"findings\":[{}]"),
        replaced(good, "\"files_total\":3", "\"files_total\":0"),
        replaced(good, "\"findings\":[]", "\"more\":1,\"findings\":[]"),
        replaced(good, "\"name\":\"MME\"", "\"name\":\"\""),
        replaced(good, "\"name\":\"MME\"", "\"name\":\"" + std::string(foreign_label_max + 1, 'x') + "\"")}) {
    EXPECT_EQ(refusal_of(bad), "statement-malformed") << bad;
  }
}

// Nothing runs by it, so nothing is excepted in it.
TEST(ForeignVerdict, H09_KnowsNoExceptions) {
  auto verdict = make_foreign_verdict(make_policy());
  verdict.outcome = Outcome::not_clean;
  verdict.findings = {{"malware-found", "mme.csar", FileDigest::parse(std::string(64, 'a')).value(), "x"}};
  EXPECT_EQ(refusal_of(print_foreign_verdict(verdict)), "accepted");
  verdict.outcome = Outcome::excepted;
  EXPECT_EQ(refusal_of(print_foreign_verdict(verdict)), "statement-malformed");
}

// Each of the two is a type that nobody takes for the other.
TEST(ForeignVerdict, IsNoVerdictAboutARelease) {
  const auto policy = make_policy();
  const auto foreign = print_foreign_verdict(make_foreign_verdict(policy));
  const auto own = print_verdict(testkit::make_verdict(policy));
  EXPECT_EQ(refusal_of(own), "statement-type-mismatch");
  EXPECT_EQ(parse_verdict(as_bytes(foreign)).error().code, Code::statement_type_mismatch);
  // With the other's type it has not the other's members.
  EXPECT_EQ(parse_verdict(as_bytes(replaced(foreign, foreign_verdict_predicate_type, verdict_predicate_type)))
                .error()
                .code,
            Code::statement_malformed);
}

TEST(ForeignVerdict, IsShownWithWhatWasToleratedAndHowOften) {
  std::string text;
  for (const auto& field : foreign_verdict_fields(make_foreign_verdict(make_policy())))
    text += field.name + ": " + field.value + "\n";
  EXPECT_NE(text.find("form: SOL004 option 1, of another tool\n"), std::string::npos) << text;
  EXPECT_NE(text.find("tolerated: key-case, manifest line 9 and 2 more\n"), std::string::npos) << text;
  EXPECT_NE(text.find("tolerated: product-names, the product's name in the manifest\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("outcome: clean\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace sallyport
