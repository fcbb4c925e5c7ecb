// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/entry.h"

#include "core/format/recall.h"
#include "core/format/stop.h"
#include "testkit/code_signer.h"
#include "testkit/revocation.h"
#include "testkit/tlog.h"

namespace sallyport::tlog {
namespace {

struct Papers {
  Policy policy = testkit::make_policy();
  Verdict verdict = testkit::make_verdict(policy);
  Order order = testkit::make_order(policy, verdict);
};

TEST(Entry, OfAnOrderBindsItsPayloadAndEverySignature) {
  const Papers papers;
  const auto envelope = testkit::sign_statement(print_order(papers.order), {"alice-1", "bob-1", "carol-1"});
  const auto entry = statement_entry(envelope).value();
  EXPECT_EQ(entry.kind, EntryKind::order);
  EXPECT_EQ(entry.digest, sha256(as_bytes(print_order(papers.order))));
  EXPECT_EQ(entry.file, sha256(envelope));
  EXPECT_EQ(entry.package, papers.order.package);
  EXPECT_EQ(entry.verdict, papers.order.verdict);
  EXPECT_EQ(entry.policy, papers.policy.digest);
  EXPECT_EQ(parse_entry(as_bytes(print_entry(entry))).value(), entry);
  const auto fewer = testkit::sign_statement(print_order(papers.order), {"alice-1", "bob-1"});
  EXPECT_NE(print_entry(statement_entry(fewer).value()), print_entry(entry));
}

TEST(Entry, OfVerdictsPackagesAndPolicies) {
  const Papers papers;
  const auto envelope = testkit::sign_statement(print_verdict(papers.verdict), {"intake-1"});
  const auto verdict = statement_entry(envelope).value();
  EXPECT_EQ(verdict.kind, EntryKind::verdict);
  EXPECT_EQ(verdict.package, papers.verdict.package);
  const auto text = testkit::print_policy(testkit::parts());
  const auto policy = policy_entry(as_bytes(text)).value();
  EXPECT_EQ(policy.digest, sha256(as_bytes(text)));
  const auto package = package_entry(sha256({}));
  for (const auto& entry : {verdict, policy, package}) {
    EXPECT_EQ(parse_entry(as_bytes(print_entry(entry))).value(), entry);
  }
  EXPECT_EQ(print_entry(package), R"({"schema":"sallyport-log-entry/1","kind":"package","digest":)"
                                  R"("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"})");
}

TEST(Entry, OfAStopOrderNamesWhatItStops) {
  const Papers papers;
  const auto order = sha256(as_bytes(print_order(papers.order)));
  const StopOrder stop{"mme-1.0.csar",       papers.order.package,  order,
                       papers.order.pool,    papers.order.sequence, papers.order.proposer,
                       testkit::test_time(), "a crash in the field"};
  const auto envelope = testkit::sign_statement(print_stop(stop), {"alice-1"});
  const auto entry = statement_entry(envelope).value();
  EXPECT_EQ(entry.kind, EntryKind::stop);
  EXPECT_EQ(entry.order, order);
  EXPECT_EQ(entry.file, sha256(envelope));
  EXPECT_EQ(parse_entry(as_bytes(print_entry(entry))).value(), entry);
  EXPECT_EQ(print_entry(entry).find("crash"), std::string::npos);
}

TEST(Entry, OfARecallSaysNothingOfWhatItNames) {
  const Recall recall{{},
                      {{"mme-1.0.csar", sha256(as_bytes("a package"))}},
                      PoolId::parse("mme-east").value(),
                      1,
                      {},
                      {},
                      testkit::test_time(),
                      PersonId::parse("alice").value(),
                      "malware"};
  const auto envelope = testkit::sign_statement(print_recall(recall), {"alice-1", "bob-1", "carol-1"});
  const auto entry = statement_entry(envelope).value();
  EXPECT_EQ(print_entry(entry), R"({"schema":"sallyport-log-entry/1","kind":"recall","digest":")" +
                                    sha256(as_bytes(print_recall(recall))).text() + R"(","file":")" +
                                    sha256(envelope).text() + "\"}");
  EXPECT_EQ(parse_entry(as_bytes(print_entry(entry))).value(), entry);
  auto other = entry;
  other.package = sha256({});
  EXPECT_EQ(parse_entry(as_bytes(print_entry(other))).error().code, Code::log_entry_malformed);
}

// Everybody who reads the log sees that it was an emergency.
TEST(Entry, OfABreakGlassOrderIsAKindOfItsOwn) {
  Papers papers;
  papers.order.kind = OrderKind::break_glass;
  papers.order.reason = "the site is down";
  const auto entry = statement_entry(testkit::sign_statement(print_order(papers.order), {"alice-1"})).value();
  EXPECT_EQ(word(entry.kind), "break-glass");
  EXPECT_EQ(parse_entry(as_bytes(print_entry(entry))).value(), entry);
  auto other = entry;
  other.kind = EntryKind::order;
  EXPECT_NE(print_entry(other), print_entry(entry));
}

TEST(Entry, OfASignedPolicyBindsItsSignatures) {
  const auto text = testkit::print_policy(testkit::parts());
  const auto envelope = testkit::to_bytes(testkit::make_envelope(text, {"alice-1"}, policy_payload_type));
  const auto entry = statement_entry(envelope).value();
  EXPECT_EQ(entry.kind, EntryKind::policy);
  EXPECT_EQ(entry.digest, sha256(as_bytes(text)));
  EXPECT_EQ(entry.file, sha256(envelope));
  EXPECT_EQ(parse_entry(as_bytes(print_entry(entry))).value(), entry);
}

TEST(Entry, OfARevocationListIsTheSameWhateverItsForm) {
  const auto list = testkit::acme().revocation_list(7, testkit::CodeSigner::Lists::the_leaf);
  const auto entry = revocations_entry(list).value();
  EXPECT_EQ(entry.digest, sha256(list));
  EXPECT_EQ(revocations_entry(as_bytes(testkit::list_pem(list))).value(), entry);
  EXPECT_EQ(parse_entry(as_bytes(print_entry(entry))).value(), entry);
  EXPECT_EQ(revocations_entry({}).error().code, Code::crl_malformed);
}

TEST(Entry, WordsOfKinds) {
  for (const auto* text :
       {"package", "verdict", "order", "policy", "stop", "break-glass", "revocations", "recall"})
    EXPECT_EQ(word(entry_kind(text).value()), text);
  EXPECT_FALSE(entry_kind("Order").has_value());
  EXPECT_FALSE(entry_kind("").has_value());
}

TEST(Entry, OnlyOfWhatItKnows) {
  EXPECT_EQ(statement_entry(as_bytes("{}")).error().code, Code::envelope_malformed);
  EXPECT_EQ(policy_entry(as_bytes("{}")).error().code, Code::policy_malformed);
  const auto other = testkit::to_bytes(testkit::make_envelope("{}", {"alice-1"}, "text/plain"));
  EXPECT_EQ(statement_entry(other).error().code, Code::statement_type_mismatch);
}

TEST(EntryAttack, N08_OneSpellingAndNoTextOfOthers) {
  const auto good = print_entry(package_entry(sha256({})));
  const auto replaced = [&](const std::string& from, const std::string& to) {
    auto text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const auto& bad :
       {std::string(), good + "\n", " " + good, replaced("package", "order"), replaced("package", "malware"),
        replaced("\"kind\"", "\"note\":\"\\u001b[2J\",\"kind\""), replaced("/1", "/2"),
        replaced("e3b0", "E3B0"), replaced("e3b0", ""), replaced(",", ", "),
        replaced("}", ",\"file\":\"" + sha256({}).text() + "\"}")}) {
    EXPECT_EQ(parse_entry(as_bytes(bad)).error().code, Code::log_entry_malformed) << bad;
  }
}

}  // namespace
}  // namespace sallyport::tlog
