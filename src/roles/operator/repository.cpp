// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/repository.h"

#include <algorithm>

#include "core/format/policy.h"
#include "roles/operator/repository_files.h"
#include "roles/operator/staged.h"

namespace sallyport::operators {
namespace {

constexpr std::int64_t day_seconds = 86400;

std::string new_root(const Keepers& keepers, std::uint64_t version, const StageRequest& request) {
  const tuf::RoleDraft officers{keepers.officers, keepers.threshold};
  const tuf::RoleDraft online{keepers.online, 1};
  tuf::RootDraft draft{version, request.now.plus(request.days * day_seconds), {}};
  draft.roles.emplace(tuf::Role::root, officers);
  draft.roles.emplace(tuf::Role::targets, officers);
  draft.roles.emplace(tuf::Role::snapshot, online);
  draft.roles.emplace(tuf::Role::timestamp, online);
  return tuf::print_file(tuf::print_root(draft), {});
}

// The online keys that were staged last, as the role that lists deliveries needs them.
Result<tuf::DelegationDraft> deliveries_role_of(RepositoryFiles& files) {
  tuf::DelegationDraft draft{
      deliveries_role,
      {{}, 1},
      {"packages/*", "verdicts/*", "orders/*/*", "proofs/*", "stops/*/*", "crls/*", recalls_pattern}};
  const auto keys = TRY(files.staged("online.pem"));
  if (!keys.has_value()) return Error(Code::file_missing, "staged/online.pem", "the online keys", "none");
  std::string_view rest = as_text(*keys);
  while (!rest.empty()) {
    const auto end = rest.find("-----END PUBLIC KEY-----\n");
    if (end == std::string_view::npos) break;
    const auto size = end + std::string_view("-----END PUBLIC KEY-----\n").size();
    draft.who.keys.push_back(TRY(PublicKey::from_pem(rest.substr(0, size))));
    rest.remove_prefix(size);
  }
  return draft;
}

// TUF names no post-quantum algorithm that its clients know.
Result<void> check_repository_keys(const Keepers& keepers) {
  for (const auto* const keys : {&keepers.officers, &keepers.online}) {
    for (const auto& key : *keys) {
      if (key.kind() == SignatureKind::classical) continue;
      return Error(Code::signature_algorithm_refused, "key " + key.id().brief(),
                   "a classical key for the repository", key.algorithm());
    }
  }
  return {};
}

Result<void> keep_online_keys(RepositoryFiles& files, const Keepers& keepers) {
  std::string all;
  for (const auto& key : keepers.online) all += key.pem();
  return files.write_staged("online.pem", as_bytes(all));
}

Result<tuf::TargetsDraft> new_targets(RepositoryFiles& files, const StageRequest& request) {
  const auto version = TRY(files.newest("targets")) + 1;
  auto deliveries = TRY(deliveries_role_of(files));
  tuf::TargetsDraft draft{version, request.now.plus(request.days * day_seconds), {}, {}};
  draft.files.emplace(policy_target, tuf::FileDraft{request.policy.size(), sha256(request.policy)});
  draft.delegations.push_back(std::move(deliveries));
  return draft;
}

// Whether a root with these keepers waits for signatures already.
bool keeps(const std::optional<Bytes>& staged_root, const Keepers& keepers) {
  if (!staged_root.has_value()) return false;
  const auto root = tuf::parse_root(*staged_root);
  return root.ok() && kept_by(root.value(), keepers);
}

Result<void> stage(RepositoryFiles& files, const StageRequest& request) {
  const auto staged_policy = TRY(files.staged(policy_target));
  const auto staged_targets = TRY(files.staged("targets.json"));
  const auto staged_root = TRY(files.staged("root.json"));
  const bool same_policy =
      staged_policy.has_value() && staged_targets.has_value() && *staged_policy == request.policy;
  const bool same_keepers = !request.keepers.has_value() || keeps(staged_root, *request.keepers);
  if (same_policy && same_keepers) return {};
  const auto chain = TRY(files.roots());
  if (!same_keepers) {
    TRY(check_repository_keys(*request.keepers));
    const std::uint64_t version = chain.has_value() ? chain->root().version + 1 : 1;
    TRY(keep_online_keys(files, *request.keepers));
    TRY(files.write_staged("root.json", as_bytes(new_root(*request.keepers, version, request))));
  } else if (!chain.has_value() && !staged_root.has_value()) {
    return Error(Code::usage_error, "the first policy", "--officer, --threshold and --online", "none");
  }
  TRY(files.write_staged(policy_target, request.policy));
  const auto targets = tuf::print_file(tuf::print_targets(TRY(new_targets(files, request))), {});
  return files.write_staged("targets.json", as_bytes(targets));
}

// With this signer's signature, in the place of whatever stands under its key; the text is one that was printed here.
Result<tuf::FileParts> signed_by(BytesView file, Signer& signer) {
  auto parts = TRY(tuf::take_apart(file));
  const auto keyid = tuf::keyid_of(signer.public_key());
  std::erase_if(parts.signatures, [&](const auto& signature) { return signature.keyid == keyid; });
  const auto signature = TRY(signer.sign(as_bytes(parts.text)));
  parts.signatures.push_back({keyid, hex(signature)});
  return parts;
}

Error no_officer(const PublicKey& key) {
  return {Code::person_key_mismatch, "--key", "a key of an officer", key.id().brief()};
}

// The root in force once what is staged is published.
Result<tuf::Root> root_to_come(RepositoryFiles& files, const std::optional<tuf::RootChain>& chain) {
  const auto staged = TRY(files.staged("root.json"));
  if (staged.has_value()) return tuf::parse_root(*staged);
  CHECK(chain.has_value());
  return chain->root();
}

}  // namespace

Result<std::vector<StagedFile>> sign_policy(Disk& disk, const StageRequest& request, Signer& officer) {
  TRY(parse_policy(request.policy));
  RepositoryFiles files(disk);
  TRY(files.make_folders());
  TRY(stage(files, request));
  const auto chain = TRY(files.roots());
  const auto coming = TRY(root_to_come(files, chain));
  const auto key = officer.public_key();
  const bool old_officer = chain.has_value() && names(chain->root().roles.at(tuf::Role::root), key);
  const bool new_officer = names(coming.roles.at(tuf::Role::root), key);
  if (!old_officer && !new_officer) return no_officer(key);
  const auto root = TRY(files.staged("root.json"));
  const auto targets = TRY(files.staged("targets.json"));
  // Looked at before anything is signed, and again with the signature, to count.
  const auto root_as_staged = [&](BytesView bytes) -> Result<StagedFile> {
    const auto parsed = TRY(tuf::parse_root(bytes));
    return look_at_root(parsed, chain.has_value() ? chain->root().version + 1 : 1, request.now);
  };
  const auto draft = TRY(new_targets(files, request));
  if (root.has_value()) TRY(root_as_staged(*root));
  TRY(look_at_targets(*targets, draft, coming, request.now));
  std::vector<StagedFile> report;
  if (root.has_value()) {
    const auto file = tuf::put_together(TRY(signed_by(*root, officer)));
    TRY(files.write_staged("root.json", as_bytes(file)));
    report.push_back(TRY(root_as_staged(as_bytes(file))));
  }
  if (new_officer) {
    const auto file = tuf::put_together(TRY(signed_by(*targets, officer)));
    TRY(files.write_staged("targets.json", as_bytes(file)));
    report.push_back(TRY(look_at_targets(as_bytes(file), draft, coming, request.now)));
  }
  return report;
}

}  // namespace sallyport::operators
