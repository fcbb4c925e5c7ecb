// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/format/dsse.h"
#include "core/format/order.h"
#include "core/format/stop.h"
#include "core/trust/logged.h"
#include "core/trust/recall.h"
#include "core/trust/tuf/threshold.h"
#include "roles/operator/repository.h"
#include "roles/operator/repository_files.h"
#include "roles/operator/staged.h"

namespace sallyport::operators {
namespace {

constexpr std::int64_t day_seconds = 86400;

tuf::WrittenFile written(std::uint64_t version, std::string_view content) {
  return {version, {content.size(), sha256(as_bytes(content))}};
}

Result<std::string> signed_file(const std::string& text, Signer& signer) {
  auto signature = TRY(signer.sign(as_bytes(text)));
  return tuf::print_file(text, {{signer.public_key(), std::move(signature)}});
}

// What the officers have signed: in force, and staged. Nothing of it is written before all of it was checked.
struct Signed {
  tuf::RootChain chain;       // up to the staged root
  std::optional<Bytes> root;  // staged
  tuf::Targets targets;       // staged, or the newest
  Bytes targets_bytes;
  std::optional<Bytes> policy;  // staged, with the targets
};

// The staged root, if it is one: what was cut short after the root was written is no new one.
Result<std::optional<Bytes>> staged_root(RepositoryFiles& files) {
  auto staged = TRY(files.staged("root.json"));
  const auto newest = TRY(files.newest("root"));
  if (staged.has_value() && newest != 0 && TRY(files.metadata("root", newest)) == *staged) staged.reset();
  return staged;
}

Result<tuf::RootChain> chain_with(RepositoryFiles& files, const std::optional<Bytes>& staged) {
  auto chain = TRY(files.roots());
  if (!staged.has_value()) {
    if (chain.has_value()) return *chain;
    return Error(Code::tuf_role_missing, "the repository", "a root that officers signed", "none");
  }
  if (!chain.has_value()) return tuf::RootChain::begin(*staged).within("the staged root");
  TRY(chain->extend(*staged).within("the staged root"));
  return *chain;
}

Result<tuf::Targets> staged_targets(BytesView bytes, BytesView policy, const tuf::Root& root) {
  auto targets = TRY(tuf::parse_targets(bytes));
  TRY(tuf::check_signatures(targets.signed_bytes, root.roles.at(tuf::Role::targets), "the staged targets"));
  const auto digest = sha256(policy).text();
  const auto listed = targets.files.find(policy_target);
  if (listed == targets.files.end() || listed->second.hashes.first != digest)
    return Error(Code::tuf_digest_mismatch, "the staged policy", "the one that was signed", digest);
  return targets;
}

Result<Signed> what_officers_signed(RepositoryFiles& files) {
  auto root = TRY(staged_root(files));
  auto chain = TRY(chain_with(files, root));
  auto staged = TRY(files.staged("targets.json"));
  auto policy = TRY(files.staged(policy_target));
  if (staged.has_value() && policy.has_value()) {
    auto targets = TRY(staged_targets(*staged, *policy, chain.root()));
    return Signed{std::move(chain), std::move(root), std::move(targets), std::move(*staged),
                  std::move(policy)};
  }
  const auto version = TRY(files.newest("targets"));
  if (version == 0)
    return Error(Code::tuf_role_missing, "the repository", "targets that officers signed", "none");
  auto bytes = TRY(files.metadata("targets", version));
  auto targets = TRY(tuf::parse_targets(bytes));
  return Signed{std::move(chain), std::move(root), std::move(targets), std::move(bytes), {}};
}

// What a key signs that nobody named is refused by every node: it must not become current.
Result<void> check_online_key(const Signed& officers, const PublicKey& key) {
  const auto& roles = officers.chain.root().roles;
  const auto lists = std::find_if(officers.targets.delegations.begin(), officers.targets.delegations.end(),
                                  [](const auto& role) { return role.name == deliveries_role; });
  if (names(roles.at(tuf::Role::timestamp), key) && names(roles.at(tuf::Role::snapshot), key) &&
      lists != officers.targets.delegations.end() && names(lists->authority, key))
    return {};
  return Error(Code::repository_key_unknown, "--key",
               "a key of the server: for timestamp, snapshot and what is delivered", key.id().brief());
}

Result<void> take_over_targets(RepositoryFiles& files, const Signed& officers) {
  if (!officers.policy.has_value()) return {};
  TRY(files.add_target(policy_target, MemorySource(*officers.policy)));
  return files.write_metadata(std::to_string(officers.targets.version) + ".targets.json",
                              std::string(as_text(officers.targets_bytes)));
}

Result<void> take_over_root(RepositoryFiles& files, const Signed& officers) {
  if (!officers.root.has_value()) return {};
  return files.write_metadata(std::to_string(officers.chain.root().version) + ".root.json",
                              std::string(as_text(*officers.root)));
}

Result<void> drop_what_was_staged(RepositoryFiles& files, const Signed& officers) {
  TRY(files.drop_staged("root.json"));
  if (!officers.policy.has_value()) return {};
  TRY(files.drop_staged("targets.json"));
  return files.drop_staged(policy_target);
}

// What the newest list of deliveries has.
Result<tuf::TargetsDraft> deliveries_so_far(RepositoryFiles& files, Instant expires) {
  const auto version = TRY(files.newest(deliveries_role));
  tuf::TargetsDraft draft{version + 1, expires, {}, {}};
  if (version == 0) return draft;
  const auto bytes = TRY(files.metadata(deliveries_role, version));
  const auto before = TRY(tuf::parse_targets(bytes));
  for (const auto& [path, file] : before.files) {
    const auto digest = TRY(Sha256Digest::parse(file.hashes.first));
    draft.files.emplace(path, tuf::FileDraft{file.length, digest});
  }
  return draft;
}

Result<void> add(RepositoryFiles& files, tuf::TargetsDraft& draft, const std::string& path,
                 const ByteSource& content, std::vector<std::string>& added) {
  if (draft.files.contains(path)) return {};
  draft.files.emplace(path, TRY(files.add_target(path, content)));
  added.push_back(path);
  return {};
}

// The policy that is current with what is published now.
Result<Policy> coming_policy(Disk& disk, const Signed& officers) {
  if (officers.policy.has_value()) return parse_policy(*officers.policy).within("the staged policy");
  const auto listed = officers.targets.files.find(policy_target);
  if (listed == officers.targets.files.end())
    return Error(Code::tuf_target_unknown, "the repository", policy_target, "none");
  const auto path = "targets/" + listed->second.hashes.first + "." + policy_target;
  const auto policy = TRY(disk.read_small(path, policy_size_max));
  return parse_policy(policy).within("the published policy");
}

Result<void> check_proof(const Delivery& delivery, const Policy& policy, Instant now) {
  if (!policy.log) return {};
  if (!delivery.proof)
    return Error(Code::log_proof_missing, "order", "a proof that it is in " + policy.log->origin, "none");
  const auto entry = TRY(tlog::statement_entry(delivery.order));
  Checks passed;
  TRY(trust::logged(*delivery.proof, entry, policy, now, passed).within("the proof"));
  return {};
}

// Papers are named by what they say, a package by its digest: the same thing has one name.
Result<void> add_delivery(RepositoryFiles& files, tuf::TargetsDraft& draft, const Delivery& delivery,
                          std::vector<std::string>& added) {
  const auto order_envelope = TRY(parse_envelope(delivery.order));
  const auto order = TRY(parse_order(order_envelope.payload));
  const auto verdict_envelope = TRY(parse_envelope(delivery.verdict));
  if (sha256(verdict_envelope.payload) != order.verdict)
    return Error(Code::order_other_verdict, "order", order.verdict.text(),
                 sha256(verdict_envelope.payload).text());
  if (delivery.package != nullptr) {
    const auto digest = TRY(digest_of(*delivery.package));
    if (digest != order.package)
      return Error(Code::order_other_package, "package", order.package.text(), digest.text());
    TRY(add(files, draft, "packages/" + digest.text() + ".csar", *delivery.package, added));
  }
  TRY(add(files, draft, "verdicts/" + order.verdict.text() + ".dsse", MemorySource(delivery.verdict), added));
  const auto order_path =
      "orders/" + order.pool.text() + "/" + sha256(order_envelope.payload).text() + ".dsse";
  // More signatures than when it was published first: the newer file takes the place.
  draft.files.erase(order_path);
  TRY(add(files, draft, order_path, MemorySource(delivery.order), added));
  const auto proof_path = "proofs/" + sha256(order_envelope.payload).text() + ".proof";
  draft.files.erase(proof_path);  // one that is about fewer signatures proves nothing any more
  if (!delivery.proof) return {};
  return add(files, draft, proof_path, MemorySource(*delivery.proof), added);
}

Result<void> add_stop(RepositoryFiles& files, tuf::TargetsDraft& draft, const Bytes& bytes,
                      std::vector<std::string>& added) {
  const auto envelope = TRY(parse_envelope(bytes));
  const auto stop = TRY(parse_stop(envelope.payload));
  const auto path = "stops/" + stop.pool.text() + "/" + sha256(envelope.payload).text() + ".dsse";
  return add(files, draft, path, MemorySource(bytes), added);
}

// A repository that was begun before there were recalls lets its server list none.
Result<void> check_recalls_listed(const Signed& officers) {
  for (const auto& role : officers.targets.delegations) {
    if (role.name == deliveries_role &&
        std::ranges::find(role.paths, std::string(recalls_pattern)) != role.paths.end())
      return {};
  }
  return Error(Code::tuf_target_unknown, "the repository",
               "recalls among what the server may list: have the officers sign the policy again", "none");
}

Result<void> add_recall(RepositoryFiles& files, tuf::TargetsDraft& draft, const RecallDelivery& delivery,
                        const Verified<ApprovedRecall>& approved, std::vector<std::string>& added) {
  const auto identity = approved->digest.text();
  const auto path = "recalls/" + approved->recall.pool.text() + "/" + identity + ".dsse";
  const auto proof_path = "proofs/" + identity + ".proof";
  draft.files.erase(path);  // perhaps with more signatures, and another proof
  draft.files.erase(proof_path);
  TRY(add(files, draft, path, MemorySource(delivery.recall), added));
  if (!delivery.proof) return {};
  return add(files, draft, proof_path, MemorySource(*delivery.proof), added);
}

// Each is what a node will say of it, before anything is written.
Result<void> add_recalls(Disk& disk, RepositoryFiles& files, tuf::TargetsDraft& draft,
                         const PublishRequest& request, const Signed& officers,
                         std::vector<std::string>& added) {
  if (request.recalls.empty()) return {};
  TRY(check_recalls_listed(officers));
  const auto policy = TRY(coming_policy(disk, officers));
  std::vector<Verified<ApprovedRecall>> approved;
  for (const auto& delivery : request.recalls)
    approved.push_back(TRY(trust::logged_recall(delivery.recall, delivery.proof, policy, request.now)));
  for (std::size_t i = 0; i < approved.size(); ++i)
    TRY(add_recall(files, draft, request.recalls[i], approved[i], added));
  return {};
}

// The certificates that show whose list it is stay with the next one, until others are given.
Result<void> add_issuers(RepositoryFiles& files, tuf::TargetsDraft& draft, const RevocationList& list,
                         const std::vector<Certificate>& issuers, std::vector<std::string>& added) {
  const auto is_issuer = [&](const Certificate& issuer) {
    return list.of(issuer) == RevocationList::Of::this_authority;
  };
  if (std::ranges::none_of(issuers, is_issuer)) return {};
  const auto path = "crls/" + list.series().text() + ".pem";
  std::string pem;
  for (const auto& issuer : issuers) pem += issuer.pem();
  draft.files.erase(path);
  return add(files, draft, path, MemorySource(as_bytes(pem)), added);
}

// One of each authority: the newer takes the place.
Result<void> add_list(RepositoryFiles& files, tuf::TargetsDraft& draft, const Bytes& bytes,
                      const std::vector<Certificate>& issuers, std::vector<std::string>& added) {
  const auto list = TRY(RevocationList::from_file(bytes));
  const auto path = "crls/" + list.series().text() + ".crl";
  draft.files.erase(path);
  TRY(add(files, draft, path, MemorySource(list.der()), added));
  return add_issuers(files, draft, list, issuers, added);
}

Result<std::uint64_t> newest_timestamp(Disk& disk) {
  if (!TRY(disk.find("metadata/timestamp.json")).has_value()) return std::uint64_t{0};
  const auto bytes = TRY(disk.read_small("metadata/timestamp.json", tuf::timestamp_size_max));
  return TRY(tuf::parse_timestamp(bytes)).version;
}

std::map<std::string, tuf::WrittenFile> index(const Signed& officers, const std::string& deliveries,
                                              std::uint64_t deliveries_version) {
  return {{"targets", written(officers.targets.version, as_text(officers.targets_bytes))},
          {deliveries_role, written(deliveries_version, deliveries)}};
}

}  // namespace

Result<Published> publish(Disk& disk, const PublishRequest& request, Signer& online) {
  RepositoryFiles files(disk);
  TRY(files.make_folders());
  const auto officers = TRY(what_officers_signed(files));
  TRY(check_online_key(officers, online.public_key()));
  const auto expires = request.now.plus(request.days * day_seconds);
  auto draft = TRY(deliveries_so_far(files, expires));
  Published report{officers.chain.root().version, officers.targets.version, draft.version, 0, 0, {}};
  if (!request.deliveries.empty()) {
    const auto policy = TRY(coming_policy(disk, officers));
    for (const auto& delivery : request.deliveries) TRY(check_proof(delivery, policy, request.now));
  }
  for (const auto& delivery : request.deliveries) TRY(add_delivery(files, draft, delivery, report.added));
  for (const auto& stop : request.stops) TRY(add_stop(files, draft, stop, report.added));
  TRY(add_recalls(disk, files, draft, request, officers, report.added));
  for (const auto& list : request.lists) TRY(add_list(files, draft, list, request.issuers, report.added));
  const auto deliveries = TRY(signed_file(tuf::print_targets(draft), online));
  report.snapshot = TRY(files.newest("snapshot")) + 1;
  const auto snapshot = TRY(signed_file(
      tuf::print_snapshot(report.snapshot, expires, index(officers, deliveries, draft.version)), online));
  report.timestamp = TRY(newest_timestamp(disk)) + 1;
  const auto timestamp = TRY(signed_file(
      tuf::print_timestamp(report.timestamp, request.now.plus(request.timestamp_days * day_seconds),
                           written(report.snapshot, snapshot)),
      online));
  TRY(take_over_targets(files, officers));
  TRY(files.write_metadata(std::to_string(draft.version) + "." + deliveries_role + ".json", deliveries));
  TRY(files.write_metadata(std::to_string(report.snapshot) + ".snapshot.json", snapshot));
  TRY(take_over_root(files, officers));
  TRY(files.write_metadata("timestamp.json", timestamp));
  TRY(drop_what_was_staged(files, officers));
  return report;
}

}  // namespace sallyport::operators
