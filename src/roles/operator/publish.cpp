// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/format/dsse.h"
#include "core/format/order.h"
#include "core/format/stop.h"
#include "core/trust/logged.h"
#include "core/trust/tuf/threshold.h"
#include "roles/operator/repository.h"
#include "roles/operator/repository_files.h"

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

Result<void> take_over_root(RepositoryFiles& files) {
  const auto staged = TRY(files.staged("root.json"));
  if (!staged.has_value()) return {};
  auto chain = TRY(files.roots());
  if (chain.has_value()) {
    TRY(chain->extend(*staged).within("the staged root"));
  } else {
    chain = TRY(tuf::RootChain::begin(*staged).within("the staged root"));
  }
  TRY(files.write_metadata(std::to_string(chain->root().version) + ".root.json",
                           std::string(as_text(*staged))));
  return files.drop_staged("root.json");
}

Result<void> take_over_targets(RepositoryFiles& files, const tuf::Root& root) {
  const auto staged = TRY(files.staged("targets.json"));
  const auto policy = TRY(files.staged(policy_target));
  if (!staged.has_value() || !policy.has_value()) return {};
  const auto targets = TRY(tuf::parse_targets(*staged));
  TRY(tuf::check_signatures(targets.signed_bytes, root.roles.at(tuf::Role::targets), "the staged targets"));
  const auto added = TRY(files.add_target(policy_target, MemorySource(*policy)));
  const auto listed = targets.files.find(policy_target);
  if (listed == targets.files.end() || listed->second.hashes.first != added.digest.text())
    return Error(Code::tuf_digest_mismatch, "the staged policy", "the one that was signed",
                 added.digest.text());
  TRY(files.write_metadata(std::to_string(targets.version) + ".targets.json", std::string(as_text(*staged))));
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

// The policy as it stands in the repository now.
Result<Policy> current_policy(Disk& disk, RepositoryFiles& files) {
  const auto version = TRY(files.newest("targets"));
  if (version == 0)
    return Error(Code::tuf_role_missing, "the repository", "targets that officers signed", "none");
  const auto bytes = TRY(files.metadata("targets", version));
  const auto targets = TRY(tuf::parse_targets(bytes));
  const auto listed = targets.files.find(policy_target);
  if (listed == targets.files.end())
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
    const auto path = "packages/" + order.package.text() + ".csar";
    TRY(add(files, draft, path, *delivery.package, added));
    if (draft.files.at(path).digest != order.package)
      return Error(Code::order_other_package, "package", order.package.text(),
                   draft.files.at(path).digest.text());
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

Result<std::map<std::string, tuf::WrittenFile>> index(RepositoryFiles& files, const std::string& deliveries,
                                                      std::uint64_t deliveries_version) {
  const auto version = TRY(files.newest("targets"));
  if (version == 0)
    return Error(Code::tuf_role_missing, "the repository", "targets that officers signed", "none");
  const auto targets = TRY(files.metadata("targets", version));
  std::map<std::string, tuf::WrittenFile> roles;
  roles.emplace("targets", written(version, as_text(targets)));
  roles.emplace(deliveries_role, written(deliveries_version, deliveries));
  return roles;
}

}  // namespace

Result<Published> publish(Disk& disk, const PublishRequest& request, Signer& online) {
  RepositoryFiles files(disk);
  TRY(files.make_folders());
  TRY(take_over_root(files));
  const auto chain = TRY(files.roots());
  if (!chain.has_value())
    return Error(Code::tuf_role_missing, "the repository", "a root that officers signed", "none");
  TRY(take_over_targets(files, chain->root()));
  const auto expires = request.now.plus(request.days * day_seconds);
  auto draft = TRY(deliveries_so_far(files, expires));
  Published report{chain->root().version, 0, draft.version, 0, 0, {}};
  if (!request.deliveries.empty()) {
    const auto policy = TRY(current_policy(disk, files));
    for (const auto& delivery : request.deliveries) TRY(check_proof(delivery, policy, request.now));
  }
  for (const auto& delivery : request.deliveries) TRY(add_delivery(files, draft, delivery, report.added));
  for (const auto& stop : request.stops) TRY(add_stop(files, draft, stop, report.added));
  for (const auto& list : request.lists) TRY(add_list(files, draft, list, request.issuers, report.added));
  const auto deliveries = TRY(signed_file(tuf::print_targets(draft), online));
  const auto roles = TRY(index(files, deliveries, draft.version));
  report.targets = roles.at("targets").version;
  report.snapshot = TRY(files.newest("snapshot")) + 1;
  const auto snapshot = TRY(signed_file(tuf::print_snapshot(report.snapshot, expires, roles), online));
  report.timestamp = TRY(newest_timestamp(disk)) + 1;
  const auto timestamp = TRY(signed_file(
      tuf::print_timestamp(report.timestamp, request.now.plus(request.timestamp_days * day_seconds),
                           written(report.snapshot, snapshot)),
      online));
  TRY(files.write_metadata(std::to_string(draft.version) + "." + deliveries_role + ".json", deliveries));
  TRY(files.write_metadata(std::to_string(report.snapshot) + ".snapshot.json", snapshot));
  TRY(files.write_metadata("timestamp.json", timestamp));
  return report;
}

}  // namespace sallyport::operators
