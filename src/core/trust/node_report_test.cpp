// SPDX-License-Identifier: Apache-2.0
#include "core/trust/node_report.h"

#include <gtest/gtest.h>

#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::make_envelope;
using testkit::test_time;
using testkit::TestKey;
using testkit::to_bytes;

std::string report() {
  const auto digest = sha256(as_bytes("x"));
  return print_node_report({NodeId::parse("mme-1").value(),
                            PoolId::parse("mme-east").value(),
                            test_time(),
                            digest,
                            3,
                            {},
                            {},
                            ReportedGate::enforce,
                            0,
                            {},
                            12,
                            digest});
}

std::string refusal_of(BytesView envelope, const std::string& key = "mme-1") {
  const auto proof = trust::node_report(envelope, TestKey(key).public_key(), test_time());
  return proof.ok() ? "" : std::string(name(proof.error().code));
}

TEST(NodeReportProof, IsSignedByTheKeyThatIsGiven) {
  const auto good = to_bytes(make_envelope(report(), {"mme-1"}, node_report_payload_type));
  const auto proof = trust::node_report(good, TestKey("mme-1").public_key(), test_time()).value();
  EXPECT_EQ(proof->node.text(), "mme-1");
  EXPECT_EQ(proof.evidence().policy_version, 3U);
  EXPECT_EQ(refusal_of(good, "mme-2"), "signature-invalid");
  // Whose key the envelope says it is changes nothing.
  auto lying = make_envelope(report(), {"mme-2"}, node_report_payload_type);
  lying.signatures[0].key = TestKey("mme-1").public_key().id();
  EXPECT_EQ(refusal_of(to_bytes(lying)), "signature-invalid");
}

TEST(NodeReportProofAttack, Q12_IsNoOtherStatementAndHasOneSignature) {
  EXPECT_EQ(refusal_of(to_bytes(make_envelope(report(), {"mme-1"}, statement_payload_type))),
            "statement-type-mismatch");
  auto relabelled = make_envelope(report(), {"mme-1"}, statement_payload_type);
  relabelled.payload_type = node_report_payload_type;
  EXPECT_EQ(refusal_of(to_bytes(relabelled)), "signature-invalid");
  for (const auto* other : {"mme-1", "mme-2"})
    EXPECT_EQ(refusal_of(to_bytes(make_envelope(report(), {"mme-1", other}, node_report_payload_type))),
              "envelope-malformed");
  EXPECT_EQ(refusal_of(as_bytes("no envelope")), "envelope-malformed");
}

TEST(NodeReportProofAttack, Q12_NothingIsParsedBeforeTheSignatureHolds) {
  auto garbage = make_envelope("no report", {"mme-1"}, node_report_payload_type);
  EXPECT_EQ(refusal_of(to_bytes(garbage)), "statement-malformed");
  garbage.signatures[0].signature[0] ^= 1U;
  EXPECT_EQ(refusal_of(to_bytes(garbage)), "signature-invalid");
}

}  // namespace
}  // namespace sallyport
