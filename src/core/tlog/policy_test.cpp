// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/policy.h"

#include "testkit/tlog.h"

namespace sallyport::tlog {
namespace {

const Head some_head{5, leaf_hash({})};

Result<CheckedCheckpoint> check(const Note& note, const LogPolicy& policy) {
  return check_checkpoint(print_note(note), policy, testkit::test_time());
}

TEST(LogPolicy, PublicLogAndWitness) {
  const auto keys = lines_of(vector_file("arche2025h1.keys"));
  const auto text = vector_file("arche2025h1.checkpoint");
  const auto policy =
      parse_log_policy("log " + keys[0] + "\nwitness r " + keys[1] + " https://remora.n621.de\nquorum r\n");
  const auto checked = check_checkpoint(text, policy.value(), testkit::test_time()).value();
  EXPECT_EQ(checked.checkpoint.head.size, 1432088532U);
  ASSERT_EQ(checked.cosigners.size(), 1U);
  EXPECT_EQ(checked.cosigners[0].name, "r");
  // As of a day before it was made, the cosignature does not count.
  const auto early = check_checkpoint(text, policy.value(), Instant::parse("2026-05-22T00:00:00Z").value());
  EXPECT_EQ(early.error().code, Code::witnesses_missing);
}

TEST(LogPolicy, EveryQuorumOfThreeWitnesses) {
  for (std::uint32_t quorum = 1; quorum <= 3; ++quorum) {
    const auto policy = test_log_policy(quorum);
    for (std::size_t set = 0; set < 8; ++set) {
      std::vector<std::size_t> witnesses;
      for (std::size_t i = 0; i < 3; ++i) {
        if ((set >> i & 1U) != 0) witnesses.push_back(i);
      }
      const auto checked = check(signed_checkpoint(some_head, witnesses), policy);
      EXPECT_EQ(checked.ok(), witnesses.size() >= quorum) << quorum << " " << set;
      const auto code = checked.ok() ? Code::witnesses_missing : checked.error().code;
      EXPECT_EQ(code, Code::witnesses_missing);
    }
  }
}

TEST(LogPolicyAttack, OneWitnessCountsOnce) {
  auto note = signed_checkpoint(some_head, {1, 1, 1});
  EXPECT_EQ(check(note, test_log_policy(2)).error().code, Code::witnesses_missing);
  note.signatures.push_back(test_witness(1).cosign(note.text, testkit::test_time()));
  EXPECT_EQ(check(note, test_log_policy(2)).error().code, Code::witnesses_missing);
  EXPECT_TRUE(check(note, test_log_policy(1)).ok());
}

TEST(LogPolicyAttack, OneForgedCosignatureRefusesTheCheckpoint) {
  auto note = signed_checkpoint(some_head, {0, 1});
  note.signatures.push_back(test_witness(2).cosign("other", testkit::test_time()));
  EXPECT_EQ(check(note, test_log_policy(2)).error().code, Code::cosignature_invalid);
}

TEST(LogPolicyAttack, OtherLogsAndUnsignedCheckpoints) {
  auto note = signed_checkpoint(some_head, {0, 1});
  const auto policy = test_log_policy(2);
  auto unsigned_note = note;
  unsigned_note.signatures.erase(unsigned_note.signatures.begin());
  EXPECT_EQ(check(unsigned_note, policy).error().code, Code::log_signature_invalid);
  const Party stranger("stranger.example", KeyUse::note);
  Note other{print_checkpoint({stranger.name, some_head}), {}};
  other.signatures.push_back(stranger.sign(other.text));
  EXPECT_EQ(check(other, policy).error().code, Code::log_unknown);
  // Signed by the genuine log, but in another's name.
  other.signatures = {test_log().sign(other.text)};
  EXPECT_EQ(check(other, policy).error().code, Code::log_unknown);
  EXPECT_EQ(check_checkpoint("nothing", policy, testkit::test_time()).error().code, Code::note_malformed);
  Note no_checkpoint{"hello\n", {test_log().sign("hello\n")}};
  EXPECT_EQ(check(no_checkpoint, policy).error().code, Code::checkpoint_malformed);
}

// X: 2 of three; Y: one of two; both: the example of tlog-policy.
TEST(LogPolicy, GroupsOfGroups) {
  std::string text = "# two organisations\n\n log\t" + test_log().public_key.text() + " \n";
  for (const auto* name : {"X1", "X2", "X3", "Y1", "Y2"}) {
    text += std::string("witness ") + name + " " + Party(name, KeyUse::cosignature).public_key.text() + "\n";
  }
  text += "group X 2 X1 X2 X3\ngroup Y any Y1 Y2\ngroup both all X Y\nquorum both\n";
  const auto policy = parse_log_policy(text).value();
  const auto counted = [&](const std::set<std::size_t>& cosigned) {
    return count_witnesses(policy, cosigned) == Quorum::reached;
  };
  EXPECT_TRUE(counted({0, 1, 3}));
  EXPECT_TRUE(counted({1, 2, 4}));
  EXPECT_FALSE(counted({0, 3, 4}));
  EXPECT_FALSE(counted({0, 1, 2}));
  EXPECT_FALSE(counted({}));
}

TEST(LogPolicy, QuorumNoneCountsNobody) {
  const auto policy = parse_log_policy("log " + test_log().public_key.text() + "\nquorum none\n").value();
  EXPECT_TRUE(check(signed_checkpoint(some_head, {}), policy).ok());
}

TEST(LogPolicy, OneMeaning) {
  const auto log = "log " + test_log().public_key.text() + "\n";
  const auto w0 = "witness a " + test_witness(0).public_key.text() + "\n";
  const auto w1 = "witness b " + test_witness(1).public_key.text() + "\n";
  ASSERT_TRUE(parse_log_policy(log + w0 + w1 + "group g all a b\nquorum g\n").ok());
  for (const auto& bad :
       std::vector<std::string>{std::string(),
                                log,
                                log + "quorum a\n",
                                log + w0 + "quorum a\nquorum a\n",
                                log + w0 + "quorum a",
                                log + log + "quorum none\n",
                                w0 + "witness c " + test_witness(0).public_key.text() + "\nquorum a\n",
                                w0 + "witness a " + test_witness(1).public_key.text() + "\nquorum a\n",
                                "witness none " + test_witness(0).public_key.text() + "\nquorum none\n",
                                w0 + "group g 0 a\nquorum g\n",
                                w0 + "group g 2 a\nquorum g\n",
                                w0 + "group g 01 a\nquorum g\n",
                                w0 + "group g -1 a\nquorum g\n",
                                w0 + "group g any\nquorum g\n",
                                w0 + "group g 2 a a\nquorum g\n",
                                w0 + "group g any g\nquorum g\n",
                                w0 + "group g any none\nquorum g\n",
                                "group g any a\n" + w0 + "quorum g\n",
                                w0 + "group a any a\nquorum a\n",
                                w0 + "quorum g\n",
                                "unknown\nquorum none\n",
                                "quorum\n",
                                "log\nquorum none\n",
                                "log " + test_witness(0).public_key.text() + "\nquorum none\n",
                                "witness a " + test_log().public_key.text() + "\nquorum a\n",
                                "quorum none\r\n",
                                std::string("quorum none\n\0", 13),
                                "log x+y+z\nquorum none\n"}) {
    EXPECT_EQ(parse_log_policy(bad).error().code, Code::log_policy_malformed) << bad;
  }
}

// Two of three, at times of their own (hours before the check), 24 hours at most.
Result<CheckedCheckpoint> check_aged(const std::vector<std::int64_t>& hours) {
  auto policy = test_log_policy(2);
  policy.cosignature_age_seconds_max = 24 * 3600;
  auto note = signed_checkpoint(some_head, {});
  for (std::size_t i = 0; i < hours.size(); ++i) {
    const auto time = testkit::test_time().plus(-3600 * hours[i]);
    note.signatures.push_back(test_witness(i).cosign(note.text, time));
  }
  return check(note, policy);
}

TEST(LogPolicyAttack, F03_OldCosignaturesAreNotFresh) {
  EXPECT_TRUE(check_aged({24, 24, 900}).ok());
  EXPECT_TRUE(check_aged({900, 1, 24}).ok());
  EXPECT_EQ(check_aged({25, 25, 25}).error().code, Code::checkpoint_too_old);
  // One fresh one does not make the others fresh.
  EXPECT_EQ(check_aged({1, 25, 25}).error().code, Code::checkpoint_too_old);
  EXPECT_EQ(check_aged({1}).error().code, Code::witnesses_missing);
  // One from the future does not count, and makes nothing fresher.
  EXPECT_EQ(check_aged({-24, 1}).error().code, Code::witnesses_missing);
  EXPECT_EQ(check_aged({-24, 1, 25}).error().code, Code::checkpoint_too_old);
}

TEST(LogPolicy, TimeOfTheQuorumIsTheLatestOfAWholeOne) {
  EXPECT_EQ(check_aged({3, 2, 1}).value().quorum_time, testkit::test_time().plus(-2 * 3600));
  auto note = signed_checkpoint(some_head, {0});
  note.signatures.push_back(test_witness(1).cosign(note.text, testkit::test_time().plus(200)));
  note.signatures.push_back(test_witness(2).cosign(note.text, testkit::test_time().plus(300)));
  // Never later than the time of the check.
  EXPECT_EQ(check(note, test_log_policy(2)).value().quorum_time, testkit::test_time());
  const auto nobody = parse_log_policy("log " + test_log().public_key.text() + "\nquorum none\n").value();
  EXPECT_FALSE(check(note, nobody).value().quorum_time.has_value());
}

TEST(LogPolicy, AddressesOfWitnesses) {
  const auto policy = parse_log_policy("witness a " + test_witness(0).public_key.text() +
                                       " https://w.example/prefix\nwitness b " +
                                       test_witness(1).public_key.text() + "\nquorum none\n")
                          .value();
  EXPECT_EQ(std::get<Witness>(policy.members[0]).url, "https://w.example/prefix");
  EXPECT_FALSE(std::get<Witness>(policy.members[1]).url.has_value());
}

TEST(LogPolicy, OfOurOwnPolicyIsTheSame) {
  LogRule rule{test_log().name, test_log().key.public_key(), {}, 2};
  for (std::size_t i = 0; i < 3; ++i)
    rule.witnesses.push_back({test_witness(i).name, test_witness(i).key.public_key()});
  const auto policy = log_policy_of(rule).value();
  EXPECT_FALSE(check(signed_checkpoint(some_head, {2}), policy).ok());
  EXPECT_TRUE(check(signed_checkpoint(some_head, {0, 2}), policy).ok());
  rule.cosignature_age_hours_max = 1;
  EXPECT_EQ(log_policy_of(rule).value().cosignature_age_seconds_max, 3600);
}

// Either kind of key is one witness; where the library cannot look at a cosignature, nothing is said of the checkpoint.
TEST(LogPolicy, D19_WitnessesOfBothKinds) {
  const Party ml_dsa("w3.example/w-pq44");
  const auto text = "log " + test_log().public_key.text() + "\nwitness a " +
                    test_witness(0).public_key.text() + "\nwitness b " + ml_dsa.public_key.text() +
                    "\ngroup g all a b\nquorum g\n";
  const auto policy = parse_log_policy(text).value();
  const auto judged = [&](const Note& note) {
    const auto checked = check(note, policy);
    return checked.ok() ? std::string("accepted") : std::string(name(checked.error().code));
  };
  const auto where_possible = [](const std::string& answer) {
    return testkit::library_has_ml_dsa() ? answer : "algorithm-unavailable";
  };
  auto note = signed_checkpoint(some_head, {0});
  EXPECT_EQ(judged(note), "witnesses-missing");
  note.signatures.push_back(ml_dsa.cosign(note.text, testkit::test_time()));
  EXPECT_EQ(judged(note), where_possible("accepted"));
  std::swap(note.signatures[1], note.signatures[2]);
  EXPECT_EQ(judged(note), where_possible("accepted"));
  auto timeless = signed_checkpoint(some_head, {0});
  timeless.signatures.push_back(ml_dsa.cosign(timeless.text, Instant::from_seconds(0).value()));
  EXPECT_EQ(judged(timeless), where_possible("witnesses-missing"));
  note.signatures[1].signature.back() ^= 1U;
  EXPECT_EQ(judged(note), where_possible("cosignature-invalid"));
  EXPECT_FALSE(parse_log_policy("log " + ml_dsa.public_key.text() + "\nquorum none\n").ok());
}

// As many of the larger kind as our own policy may name fit in a checkpoint and into a proof.
TEST(LogPolicy, D19_ThirtyTwoMlDsaCosignaturesFit) {
  auto note = signed_checkpoint(some_head, {});
  for (std::size_t i = 0; i < 32; ++i) {
    const Party witness("witness-" + std::to_string(i) + ".example/w-pq44");
    note.signatures.push_back(
        {witness.name, witness.public_key.id(), print_cosignature(testkit::test_time(), Bytes(2420, 7))});
  }
  EXPECT_EQ(parse_note(print_note(note)).value().signatures.size(), 33U);
}

}  // namespace
}  // namespace sallyport::tlog
