// SPDX-License-Identifier: Apache-2.0
#include "roles/server/motions.h"

#include <algorithm>

#include "roles/server/problem.h"

namespace sallyport::server {
namespace {

constexpr std::uint64_t number_max = std::uint64_t{1} << 53U;

bool has(const Envelope& envelope, const EnvelopeSignature& wanted) {
  return std::any_of(envelope.signatures.begin(), envelope.signatures.end(), [&](const auto& one) {
    return one.key == wanted.key && one.signature == wanted.signature;
  });
}

}  // namespace

const std::vector<std::string_view> envelope_types = {"application/json",
                                                      "application/vnd.dsse.envelope+json"};

Result<JoinedMotion> join(World& world, const Motion& motion) {
  JoinedMotion stored{TRY(parse_envelope(as_bytes(motion.envelope))), 0};
  for (const auto& signature : TRY(world.db.list_signatures(motion.digest))) {
    const auto key = TRY(KeyId::parse(signature.key));
    auto bytes = TRY(parse_base64(signature.signature, envelope_size_max));
    stored.envelope.signatures.push_back({key, std::move(bytes)});
    stored.added = signature.position + 1;
  }
  return stored;
}

std::optional<WebAnswer> check_owner(World& world, const Call& call, const KeyId& key) {
  const auto* const owner = world.policy.owner_of(key);
  if (owner != nullptr && call.account.person && owner->id == *call.account.person) return std::nullopt;
  return answer_with(Trouble::not_allowed, "the signature is not by the account's person");
}

namespace {

// All that is new in it, before any of it is kept: what is refused has left nothing.
Result<std::optional<WebAnswer>> check_all(World& world, const Call& call, const Motion& motion,
                                           const Envelope& brought, const CheckSignatures& check) {
  auto all = TRY(join(world, motion)).envelope;
  if (brought.payload_type != all.payload_type || brought.payload != all.payload)
    return std::optional(answer_with(Trouble::digest_mismatch, "the envelope is about something else"));
  const auto before = all.signatures.size();
  for (const auto& one : brought.signatures) {
    if (has(all, one)) continue;
    if (auto refusal = check_owner(world, call, one.key)) return refusal;
    all.signatures.push_back(one);
  }
  if (all.signatures.size() > before) TRY(check(as_bytes(print_envelope(all))));
  return std::optional<WebAnswer>();
}

}  // namespace

Result<WebAnswer> add_signatures(World& world, const Call& call, const Motion& motion, BytesView body,
                                 const CheckSignatures& check) {
  const auto brought = TRY(parse_envelope(body));
  if (auto refusal = TRY(check_all(world, call, motion, brought, check))) return std::move(*refusal);
  while (true) {
    auto stored = TRY(join(world, motion));
    const auto next = std::find_if(brought.signatures.begin(), brought.signatures.end(),
                                   [&](const auto& one) { return !has(stored.envelope, one); });
    if (next == brought.signatures.end()) return answer_json(200, print_envelope(stored.envelope));
    stored.envelope.signatures.push_back(*next);
    const auto text = print_envelope(stored.envelope);
    TRY(check(as_bytes(text)));
    TRY(world.db.add_signature({motion.digest, stored.added, next->key.text(), base64(next->signature),
                                call.account.name, call.now.seconds()}));
  }
}

std::string_view word(approve::Standing standing) {
  switch (standing) {
    case approve::Standing::open:
      return "open";
    case approve::Standing::granted:
      return "granted";
    case approve::Standing::vetoed:
      return "vetoed";
  }
  CHECK(false);
}

std::optional<std::uint64_t> number_after(const Target& target) {
  const auto* const text = target.find("after");
  std::uint64_t number = 0;
  if (text == nullptr) return number;
  if (text->empty()) return std::nullopt;
  for (const char c : *text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
    if (number > number_max) return std::nullopt;
  }
  return number;
}

}  // namespace sallyport::server
