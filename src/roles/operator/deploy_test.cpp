// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "roles/operator/approve.h"
#include "roles/operator/propose.h"
#include "roles/operator/review.h"
#include "testkit/foreign_verdict.h"
#include "testkit/package.h"
#include "testkit/signer.h"

namespace sallyport::deploy {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

PersonId person(std::string_view name) {
  return PersonId::parse(name).value();
}

class Deploy : public testing::Test {
 protected:
  Deploy() {
    const auto checked = trust::package(file_, policy_, now_, workers_);
    CHECK(checked.ok());
    auto verdict = testkit::make_verdict(policy_, *checked.value());
    verdict_ = testkit::sign_statement(print_verdict(verdict), {"intake-1"});
  }

  Proposal proposal() {
    return {.file = file_,
            .package_name = "mme-1.0.csar",
            .verdict = verdict_,
            .policy = policy_,
            .pool = PoolId::parse("mme-east").value(),
            .nodes = {},
            .from = {},
            .until = {},
            .person = person("alice"),
            .reason = "quarterly update",
            .sequence = {},
            .now = now_,
            .milliseconds = 7};
  }
  Result<Proposed> propose_by(const std::string& key, const Proposal& proposal) {
    testkit::TestSigner signer(key);
    auto result = propose(proposal, signer, workers_);
    if (!result.ok()) {
      EXPECT_EQ(signer.signatures(), 0);
    }
    return result;
  }
  std::string proposed() { return propose_by("alice-1", proposal()).value().envelope; }

  Result<Answered> approve_by(const std::string& name, const std::string& key, const std::string& order) {
    testkit::TestSigner signer(key);
    auto result = approve_order({as_bytes(order), policy_, person(name), now_}, signer);
    if (!result.ok()) {
      EXPECT_EQ(signer.signatures(), 0);
    }
    return result;
  }
  Result<Answered> refuse_by(const std::string& name, const std::string& key, const std::string& order) {
    testkit::TestSigner signer(key);
    return refuse_order({as_bytes(order), policy_, person(name), now_}, signer);
  }
  template <class T>
  static Code code(const Result<T>& result) {
    EXPECT_FALSE(result.ok());
    return result.ok() ? Code::internal_error : result.error().code;
  }

  Instant now_ = testkit::test_time();
  Policy policy_ = testkit::make_policy(testkit::acme().anchor_pem());
  Bytes package_ = testkit::make_package();
  MemorySource file_{package_};
  Bytes verdict_;
  InlineWorkers workers_;
};

TEST_F(Deploy, OrderSaysWhatWasAskedAndFillsInTheRest) {
  const auto result = propose_by("alice-1", proposal());
  ASSERT_TRUE(result.ok()) << result.error().where;
  const auto& order = result.value().order;
  EXPECT_EQ(order.package, sha256(package_));
  EXPECT_EQ(order.nodes.size(), 2U);
  EXPECT_EQ(order.from, now_);
  EXPECT_EQ(order.until, now_.plus(7 * 86400));
  EXPECT_EQ(order.sequence, static_cast<std::uint64_t>(now_.seconds()) * 1000 + 7);
  auto later = proposal();
  later.milliseconds = 8;
  EXPECT_GT(propose_by("alice-1", later).value().order.sequence, order.sequence);
}

TEST_F(Deploy, TwoOthersGrant) {
  const auto one = approve_by("bob", "bob-1", proposed());
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(one.value().ballot.standing, approve::Standing::open);
  const auto two = approve_by("carol", "carol-1", one.value().envelope);
  ASSERT_TRUE(two.ok());
  EXPECT_EQ(two.value().ballot.standing, approve::Standing::granted);
  EXPECT_TRUE(trust::order(as_bytes(two.value().envelope), policy_, now_).ok());
}

TEST_F(Deploy, ProposalThatWouldBeRefusedLaterIsRefusedNow) {
  const auto with = [&](auto edit) {
    auto changed = proposal();
    edit(changed);
    return code(propose_by("alice-1", changed));
  };
  EXPECT_EQ(code(propose_by("bob-1", proposal())), Code::person_key_mismatch);
  EXPECT_EQ(with([](Proposal& p) { p.person = person("bob"); }), Code::person_key_mismatch);
  EXPECT_EQ(with([](Proposal& p) { p.person = person("nobody"); }), Code::person_key_mismatch);
  EXPECT_EQ(with([](Proposal& p) { p.pool = PoolId::parse("mme-west").value(); }), Code::pool_unknown);
  EXPECT_EQ(with([](Proposal& p) { p.nodes = {NodeId::parse("mme-9").value()}; }), Code::node_unknown);
  EXPECT_EQ(with([](Proposal& p) {
              p.until = p.now;
              p.from = p.now.plus(-9);
            }),
            Code::order_expired);
  EXPECT_EQ(with([](Proposal& p) { p.until = p.now; }), Code::usage_error);
  EXPECT_EQ(with([](Proposal& p) { p.reason = "two\nlines"; }), Code::usage_error);
  EXPECT_EQ(with([](Proposal& p) { p.reason = std::string(1001, 'x'); }), Code::usage_error);
  EXPECT_EQ(with([](Proposal& p) { p.now = p.now.plus(40 * 86400); }), Code::verdict_stale);
  auto by_bob = proposal();
  by_bob.person = person("bob");
  EXPECT_EQ(code(propose_by("bob-1", by_bob)), Code::proposer_not_authorised);
}

TEST_F(Deploy, ProposalNeedsTheVerdictOfThisPackage) {
  const auto other = testkit::make_package(testkit::next_release());
  const MemorySource other_file(other);
  const auto good = proposal();
  const Proposal changed{other_file, good.package_name, good.verdict, policy_,       good.pool, {},       {},
                         {},         good.person,       good.reason,  good.sequence, good.kind, good.now, 0};
  EXPECT_EQ(code(propose_by("alice-1", changed)), Code::verdict_other_package);
}

TEST_F(Deploy, ProposalNeedsACleanVerdict) {
  const auto checked = trust::package(file_, policy_, now_, workers_).value();
  auto verdict = testkit::make_verdict(policy_, *checked);
  verdict.outcome = Outcome::not_clean;
  verdict.findings = {{"malware-found", "usr/bin/mme", checked->tree.objects.front().digest, "Test.Eicar"}};
  const auto file = testkit::sign_statement(print_verdict(verdict), {"intake-1"});
  auto changed = proposal();
  changed.verdict = file;
  EXPECT_EQ(code(propose_by("alice-1", changed)), Code::verdict_not_clean);
}

TEST_F(Deploy, ApprovalByTheWrongPersonIsRefusedBeforeTheKeyIsUsed) {
  const auto order = proposed();
  EXPECT_EQ(code(approve_by("alice", "alice-1", order)), Code::approver_is_proposer);
  EXPECT_EQ(code(approve_by("dave", "dave-1", order)), Code::approver_not_authorised);
  EXPECT_EQ(code(approve_by("bob", "carol-1", order)), Code::person_key_mismatch);
  EXPECT_EQ(code(approve_by("bob", "stranger", order)), Code::person_key_mismatch);
  const auto once = approve_by("bob", "bob-1", order).value().envelope;
  EXPECT_EQ(code(approve_by("bob", "bob-1", once)), Code::approver_counted_twice);
  EXPECT_EQ(code(approve_by("bob", "bob-2", once)), Code::approver_counted_twice);
}

TEST_F(Deploy, NobodySignsAnOrderThatIsOver) {
  const auto order = proposed();
  now_ = now_.plus(8 * 86400);
  EXPECT_EQ(code(approve_by("bob", "bob-1", order)), Code::order_expired);
}

TEST_F(Deploy, OneRefusalStopsTheOrder) {
  const auto granted = approve_by("carol", "carol-1", approve_by("bob", "bob-1", proposed()).value().envelope)
                           .value()
                           .envelope;
  const auto vetoed = refuse_by("bob", "bob-2", granted);
  ASSERT_TRUE(vetoed.ok()) << vetoed.error().where;
  EXPECT_EQ(vetoed.value().ballot.standing, approve::Standing::vetoed);
  EXPECT_EQ(code(trust::order(as_bytes(vetoed.value().envelope), policy_, now_)), Code::order_vetoed);
  EXPECT_EQ(code(approve_by("carol", "carol-1", vetoed.value().envelope)), Code::order_vetoed);
  EXPECT_EQ(code(refuse_by("dave", "dave-1", granted)), Code::approver_not_authorised);
}

TEST_F(Deploy, TamperedOrderIsNotSigned) {
  auto envelope = parse_envelope(as_bytes(proposed())).value();
  std::string payload(as_text(envelope.payload));
  payload.replace(payload.find("quarterly"), 9, "Quarterly");
  envelope.payload = copy(as_bytes(payload));
  EXPECT_EQ(code(approve_by("bob", "bob-1", print_envelope(envelope))), Code::order_signature_invalid);
}

// Every value of a JSON text that is no name of a member.
std::vector<std::string> leaves(const std::string& json) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < json.size();) {
    std::size_t end = i + 1;
    if (json[i] == '"') {
      end = json.find('"', i + 1) + 1;
      if (json[end] != ':') values.push_back(json.substr(i + 1, end - i - 2));
    } else if (json[i] >= '0' && json[i] <= '9') {
      end = json.find_first_not_of("0123456789", i);
      values.push_back(json.substr(i, end - i));
    }
    i = end;
  }
  return values;
}

TEST_F(Deploy, ScreenShowsEveryValueThatIsSigned) {
  const auto order = proposed();
  const auto payload = std::string(as_text(parse_envelope(as_bytes(order)).value().payload));
  const auto screen = review({as_bytes(order), policy_, now_, {}, nullptr, nullptr}, workers_);
  ASSERT_TRUE(screen.ok());
  std::string shown;
  for (const auto& field : screen.value().order) shown += field.value + "\n";
  const std::set<std::string> frame = {"https://in-toto.io/Statement/v1", "urn:sallyport:order:v1"};
  const auto values = leaves(payload);
  EXPECT_GE(values.size(), 16U + 1U);  // every field, one more node
  for (const auto& value : values) {
    if (!frame.contains(value)) {
      EXPECT_THAT(shown, testing::HasSubstr(value));
    }
  }
}

TEST_F(Deploy, ReviewTellsWhoHasSignedAndWhatIntakeSaid) {
  const auto order = approve_by("bob", "bob-1", proposed()).value().envelope;
  const auto screen = review({as_bytes(order), policy_, now_, verdict_, &file_, nullptr}, workers_);
  ASSERT_TRUE(screen.ok()) << screen.error().where;
  const auto& standing = screen.value().standing;
  EXPECT_EQ(standing.word, "open");
  EXPECT_EQ(standing.window, "open");
  EXPECT_EQ(standing.proposer, "alice");
  EXPECT_THAT(standing.approved, ElementsAre("bob"));
  EXPECT_THAT(standing.refused, IsEmpty());
  EXPECT_EQ(standing.required, 2U);
  ASSERT_TRUE(screen.value().verdict.has_value());
  EXPECT_THAT(*screen.value().verdict, Contains(testing::Field(&Field::value, "clean")));
  ASSERT_TRUE(screen.value().changes.has_value());
  EXPECT_THAT(screen.value().changes->running, IsEmpty());
  EXPECT_THAT(screen.value().changes->whole, testing::Not(IsEmpty()));
  EXPECT_THAT(screen.value().changes->diff.rises, Contains(testing::Field(&Rise::kind, RiseKind::service)));
}

TEST_F(Deploy, ReviewComparesWithWhatRuns) {
  const auto upgrade = testkit::make_package(testkit::next_release());
  const auto running = trust::package(MemorySource(upgrade), policy_, now_, workers_).value();
  const auto order = proposed();
  const auto screen = review({as_bytes(order), policy_, now_, {}, &file_, &running->tree}, workers_);
  ASSERT_TRUE(screen.ok());
  const auto& diff = screen.value().changes->diff;
  EXPECT_EQ(diff.files.added, 1U);    // usr/lib/mme/table-again
  EXPECT_EQ(diff.files.removed, 1U);  // usr/lib/mme/more
  EXPECT_EQ(diff.files.changed, 1U);  // usr/bin/mme
  EXPECT_THAT(screen.value().changes->running, testing::HasSubstr("1.1"));
  EXPECT_THAT(screen.value().changes->whole, IsEmpty());
}

TEST_F(Deploy, ReviewRefusesFilesThatTheOrderIsNotAbout) {
  const auto order = proposed();
  const auto upgrade = testkit::make_package(testkit::next_release());
  const MemorySource other(upgrade);
  EXPECT_EQ(code(review({as_bytes(order), policy_, now_, {}, &other, nullptr}, workers_)),
            Code::order_other_package);
  const auto other_package = trust::package(other, policy_, now_, workers_).value();
  const auto other_verdict =
      testkit::sign_statement(print_verdict(testkit::make_verdict(policy_, *other_package)), {"intake-1"});
  EXPECT_EQ(code(review({as_bytes(order), policy_, now_, other_verdict, nullptr, nullptr}, workers_)),
            Code::order_other_verdict);
}

// Whatever package it comes with: its verdict says that nothing can be installed by it, and what to do.
TEST_F(Deploy, PackagesOfOtherToolsAreNotProposed) {
  const auto foreign =
      testkit::sign_statement(print_foreign_verdict(testkit::make_foreign_verdict(policy_)), {"intake-1"});
  const auto bytes = testkit::make_foreign();
  const MemorySource theirs(bytes);
  const auto proposed_with = [&](const ByteSource& file, BytesView verdict) {
    const auto like = proposal();
    return propose_by("alice-1", {.file = file,
                                  .package_name = like.package_name,
                                  .verdict = verdict,
                                  .policy = policy_,
                                  .pool = like.pool,
                                  .nodes = {},
                                  .from = {},
                                  .until = {},
                                  .person = like.person,
                                  .reason = like.reason,
                                  .sequence = {},
                                  .now = now_});
  };
  for (const ByteSource* const file :
       {static_cast<const ByteSource*>(&file_), static_cast<const ByteSource*>(&theirs)}) {
    const auto refused = proposed_with(*file, foreign);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Code::package_foreign);
  }
  // With a verdict about a release it is no package of ours.
  EXPECT_EQ(code(proposed_with(theirs, verdict_)), Code::package_member_missing);
}

}  // namespace
}  // namespace sallyport::deploy
