// SPDX-License-Identifier: Apache-2.0
// Genuine policies, verdicts and orders for tests, signed by keys that follow from their names alone.
//
//   const Policy policy = make_policy();
//   Verdict verdict = make_verdict(policy);             // change any field, then sign
//   const Order order = make_order(policy, verdict);
//   const Bytes verdict_file = sign_statement(print_verdict(verdict), {"intake-1"});
//   const Bytes order_file = sign_statement(print_order(order), {"alice-1", "bob-1", "carol-1"});
//
// The policy that parts() describes: source `acme` may sign `mme` and `test-product`; alice (deploy, release), bob
// and carol (release; bob has two keys) and dave (audit); pool `mme-east` with nodes `mme-1` and `mme-2`: proposed by
// deploy, approved by two of release.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/dsse.h"
#include "core/format/order.h"
#include "core/format/policy.h"
#include "core/format/verdict.h"
#include "core/trust/package.h"

namespace sallyport::testkit {

// An Ed25519 key whose seed is the SHA-256 of its name, or of ML-DSA-65 where the name ends in "-pq", of ML-DSA-44
// where it ends in "-pq44"; or a new one of ECDSA P-256. Where the library has no ML-DSA the key has its right form,
// and signatures by it nothing but their right length: nothing there can tell.
class TestKey {
 public:
  explicit TestKey(std::string_view name);
  static TestKey random_p256();
  std::string private_pem() const;  // PKCS#8
  std::string public_pem() const;
  PublicKey public_key() const;
  Bytes sign(BytesView message) const;

 private:
  explicit TestKey(void* key);
  std::shared_ptr<void> key_;                      // null: no library for it
  std::shared_ptr<const PublicKey> made_up_ = {};  // then
};
bool library_has_ml_dsa();

// The other encoding of an ECDSA signature: r and n - s, for P-256.
Bytes twin_of(BytesView signature);

struct SourcePart {
  std::string id;
  std::vector<std::string> products;
  std::vector<std::string> anchors;  // PEM
};
struct PersonPart {
  std::string id;
  std::vector<std::string> roles;
  std::vector<std::string> keys;  // PEM
  std::string revoked_at = {};    // not at all
};
struct OfficersPart {
  std::vector<std::string> roles;
  std::uint64_t persons;
};
struct IntakePart {
  std::string id;
  std::string key;                     // PEM
  std::vector<std::string> keys = {};  // instead
};
struct HoursPart {
  std::vector<std::string> days;
  std::string from;
  std::string until;
};
struct GatePart {
  std::string mode;
  std::vector<std::string> closed = {};
  std::string observe_until = {};
  std::string scope = {};
  std::string host_observe_until = {};
};
struct PoolPart {
  std::string id;
  std::vector<std::string> products;
  std::vector<std::string> nodes;
  std::vector<std::string> propose;
  std::vector<std::string> approve;
  std::uint64_t persons;
  std::vector<std::string> sysctls = {};
  std::uint64_t window_hours_max = 0;  // 0: any
  std::vector<HoursPart> windows = {};
  std::optional<GatePart> gate = {};
};
struct LogPart {
  struct Witness {
    std::string name;
    std::string key;  // PEM
    std::optional<std::string> url = {};
  };
  std::string origin;
  std::string key;  // PEM
  std::vector<Witness> witnesses;
  std::uint64_t quorum;
  std::optional<std::uint64_t> age_hours_max = {};
};
struct PolicyParts {
  std::string name;
  std::uint64_t version;
  std::vector<SourcePart> sources;
  std::vector<PersonPart> persons;
  std::vector<IntakePart> intakes;
  std::vector<PoolPart> pools;
  std::uint64_t verdict_age_days_max;
  std::uint64_t database_age_days_max;
  std::optional<LogPart> log = {};
  std::optional<OfficersPart> officers = {};
  std::vector<std::string> statements = {};  // kinds of signatures that are asked for
  std::vector<std::string> packages = {};
};

// The same with a second key of everybody, NAME-pq, and both kinds of signatures asked for on statements.
PolicyParts hybrid(PolicyParts parts);
PolicyParts parts(const std::string& anchor_pem);
PolicyParts parts();  // with an anchor that signs nothing
std::string print_policy(const PolicyParts& parts);
Policy make_policy(const PolicyParts& parts);
Policy make_policy(const std::string& anchor_pem);
Policy make_policy();

// The log `log.example/packages` and the witnesses `w0.example` to `w2.example`, two of which are needed; their keys
// follow from their names.
LogPart log_part();

std::string idle_anchor_pem();  // a certificate whose private key is gone
std::string other_anchor_pem();

Instant test_time();  // 2026-11-21T22:00:00Z

// Clean, complete, issued an hour before test_time() by `intake-1`.
Verdict make_verdict(const Policy& policy);
Verdict make_verdict(const Policy& policy, const Package& package);

// By alice, for both nodes of `mme-east`, sequence 1, from an hour before test_time() to a day after it.
Order make_order(const Policy& policy, const Verdict& verdict);

// An envelope signed by these test keys, in this order.
Envelope make_envelope(std::string_view payload, const std::vector<std::string>& key_names,
                       std::string_view payload_type = statement_payload_type);
// One more signature, under this payload type (refusal_payload_type: a veto).
void add_signature(Envelope& envelope, const std::string& key_name,
                   std::string_view payload_type = statement_payload_type);
Bytes to_bytes(const Envelope& envelope);
Bytes sign_statement(std::string_view payload, const std::vector<std::string>& key_names);

}  // namespace sallyport::testkit
