// SPDX-License-Identifier: Apache-2.0
#include "roles/node/books.h"

#include "core/format/json_writer.h"
#include "roles/node/quarantine.h"

namespace sallyport::node {
namespace {

constexpr std::uint64_t identity_size_max = 4096;

Result<install::Checkpoint> read_checkpoint(Disk& disk, const std::string& name) {
  const auto bytes = disk.read_small(name, install::checkpoint_size_max);
  if (bytes.ok()) return install::parse_checkpoint(bytes.value()).within(name);
  const Code code = bytes.error().code;
  if (code != Code::file_missing && code != Code::truncated) return bytes.error();
  return Error(Code::node_state_damaged, name, "a copy of the state", "none");
}

Result<Bytes> read_pinned(Disk& disk, const std::string& name, std::uint64_t size_max) {
  auto bytes = disk.read_small(name, size_max);
  if (bytes.ok()) return bytes;
  const Code code = bytes.error().code;
  if (code == Code::io_failed || code == Code::permission_missing) return bytes;
  return Error(Code::trust_file_damaged, name, "the file that was pinned", "none, or another");
}

std::string policy_path(const Sha256Digest& digest) {
  return std::string(paths::policies) + "/" + digest.text() + ".json";
}

Result<Bytes> read_policy_file(Disk& disk, const std::string& path, const Sha256Digest& pinned) {
  auto bytes = TRY(read_pinned(disk, path, policy_size_max));
  const auto digest = sha256(bytes);
  if (digest == pinned) return bytes;
  return Error(Code::trust_file_damaged, path, pinned.text(), digest.text());
}

// A change that was cut short behind the journal's record has left the policy before in policy.json.
Result<Bytes> read_policy_in_force(Disk& disk, const std::vector<Sha256Digest>& policies) {
  auto current = read_policy_file(disk, paths::policy, policies.back());
  if (current.ok() || policies.size() == 1) return current;
  const auto before = policies[policies.size() - 2];
  if (!read_policy_file(disk, paths::policy, before).ok()) return current;
  return read_policy_file(disk, policy_path(policies.back()), policies.back());
}

Result<void> check_identity(Disk& disk, const install::Initialised& pinned) {
  const auto bytes = TRY(read_pinned(disk, paths::identity, identity_size_max));
  if (as_text(bytes) == print_identity(pinned)) return {};
  return Error(Code::trust_file_damaged, paths::identity, "node " + pinned.node.text(), "another content");
}

}  // namespace

std::string print_identity(const install::Initialised& identity) {
  JsonWriter json;
  json.begin_object();
  json.text("node", identity.node.text());
  json.text("pool", identity.pool.text());
  json.text("policy", identity.policy.text());
  json.end_object();
  return json.take() + "\n";
}

Books::Books(Disk& disk, Policy policy, install::Journal journal, install::State state,
             install::Compared compared)
    : disk_(&disk),
      policy_(std::move(policy)),
      journal_(std::move(journal)),
      state_(std::move(state)),
      floors_(std::move(compared.floors)),
      findings_(std::move(compared.findings)) {}

std::optional<std::uint64_t> journal_size(Disk& disk) {
  const auto found = disk.find(paths::journal);
  if (!found.ok() || !found.value()) return std::nullopt;
  return found.value()->size;
}

Result<Books> Books::open(Disk& disk) {
  return look_again(
      disk, [&] { return read(disk); }, [](const Result<Books>& books) { return !books.ok(); });
}

Result<Books> Books::read(Disk& disk) {
  if (!TRY(disk.find(paths::identity)) && !TRY(disk.find(paths::journal))) {
    return Error(Code::node_not_initialised, "the node's root", "node.json and journal", "neither");
  }
  const auto bytes = disk.read_small(paths::journal, install::journal_size_max);
  if (!bytes.ok() && bytes.error().code == Code::file_missing) {
    return Error(Code::node_state_damaged, paths::journal, "the journal", "none");
  }
  if (!bytes.ok()) return bytes.error();
  auto journal = TRY(install::parse_journal(bytes.value()));
  auto state = TRY(install::fold(journal));
  auto compared = TRY(
      install::compare(journal, state, read_checkpoint(disk, "state.a"), read_checkpoint(disk, "state.b")));
  TRY(check_identity(disk, state.identity));
  const auto policy_bytes = TRY(read_policy_in_force(disk, state.policies));
  auto policy = TRY(parse_policy(policy_bytes));
  Books books(disk, std::move(policy), std::move(journal), std::move(state), std::move(compared));
  TRY(books.read_lists());
  return books;
}

// A list that is gone or damaged is missed where it is needed: the floor of its number stays.
Result<void> Books::read_lists() {
  policy_.delivered_lists.clear();
  policy_.list_floors = floors_.lists;
  if (!TRY(disk_->find(paths::lists))) return {};
  for (const auto& name : TRY(disk_->list(paths::lists))) {
    if (!name.ends_with(".crl")) continue;
    const auto path = std::string(paths::lists) + "/" + name;
    const auto bytes = TRY(disk_->read_small(path, revocation_list_size_max));
    auto list = RevocationList::from_der(bytes);
    if (list.ok()) {
      policy_.delivered_lists.push_back(std::move(list).value());
    } else {
      findings_.push_back(std::move(list).within(path).take_error());
    }
  }
  return {};
}

Result<void> Books::keep_list(const RevocationList& list, Instant now) {
  const auto series = list.series();
  TRY(disk_->ensure_folder(paths::lists));
  TRY(disk_->sync_folder(""));
  TRY(disk_->replace_file(std::string(paths::lists) + "/" + series.text() + ".crl", list.der(), 0600));
  const auto floor = floors_.lists.find(series);
  if (floor == floors_.lists.end() || floor->second < list.number())
    TRY(append({now, install::ListSeen{series, list.number()}}));
  return read_lists();
}

Result<void> Books::write_checkpoint() {
  const auto copy = install::print_checkpoint(install::checkpoint_of(state_, floors_));
  return disk_->replace_file(install::checkpoint_name(state_.records), as_bytes(copy), 0600);
}

Result<Policy> Books::policy_of(const install::Generation& generation) const {
  return policy_of(generation.policy);
}

Result<Policy> Books::policy_of(const Sha256Digest& policy) const {
  if (policy == policy_.digest) return policy_;
  const auto bytes = TRY(read_policy_file(*disk_, policy_path(policy), policy));
  return parse_policy(bytes);
}

Result<void> Books::keep_policy(const Sha256Digest& digest, BytesView bytes) {
  TRY(disk_->ensure_folder(paths::policies));
  TRY(disk_->sync_folder(""));  // the folder itself has to survive, too
  return disk_->replace_file(policy_path(digest), bytes, 0600);
}

Result<void> Books::change_policy(const Policy& next, BytesView bytes,
                                  const std::vector<PolicyEvidence>& evidence, Instant now) {
  const auto before = TRY(read_policy_file(*disk_, paths::policy, policy_.digest));
  TRY(keep_policy(policy_.digest, before));
  TRY(keep_policy(next.digest, bytes));
  for (const auto& [suffix, content] : evidence) {
    const auto path = std::string(paths::policies) + "/" + next.digest.text() + suffix;
    TRY(disk_->replace_file(path, content, 0600));
  }
  TRY(append({now, install::PolicyChanged{next.version, next.digest}}));
  policy_ = next;
  TRY(read_lists());
  return disk_->replace_file(paths::policy, bytes, 0600);
}

Result<void> Books::mend() {
  if (!read_policy_file(*disk_, paths::policy, policy_.digest).ok()) {
    const auto bytes = TRY(read_policy_file(*disk_, policy_path(policy_.digest), policy_.digest));
    TRY(disk_->replace_file(paths::policy, bytes, 0600));
  }
  if (journal_.torn_size != 0) {
    TRY(disk_->truncate(paths::journal, journal_.valid_size));
    journal_.torn_size = 0;
  }
  const auto current = read_checkpoint(*disk_, install::checkpoint_name(state_.records));
  if (current.ok() && current.value().records == state_.records) return {};
  return write_checkpoint();
}

Result<void> Books::append(const install::Record& record) {
  CHECK(journal_.torn_size == 0);
  const auto line = install::print_record(record, state_.records + 1, state_.link);
  auto next = state_;
  TRY(install::apply(next, record, line.link));
  TRY(disk_->append(paths::journal, as_bytes(line.text)));
  journal_.records.push_back(record);
  journal_.links.push_back(line.link);
  journal_.valid_size += line.text.size();
  state_ = std::move(next);
  floors_ = install::higher(floors_, install::floors_of(state_));
  return write_checkpoint();
}

std::optional<Error> left_out(const Policy& policy, const PoolId& pool, const NodeId& node) {
  const auto found = policy.pools.find(pool);
  if (found == policy.pools.end())
    return Error(Code::pool_unknown, "pool", "a pool of the policy", pool.text());
  if (found->second.nodes.contains(node)) return std::nullopt;
  return Error(Code::node_unknown, "node", "a node of pool " + pool.text(), node.text());
}

Result<install::Found> look(Disk& disk) {
  install::Found found;
  const auto link = TRY(disk.find(paths::active));
  if (link && link->type == FileType::link) found.active = TRY(disk.read_link(paths::active));
  if (link && link->type != FileType::link) found.active = "";  // something else is in its place
  for (auto& name : TRY(disk.list(paths::generations))) found.generations.insert(std::move(name));
  for (const auto& name : TRY(disk.list(""))) {
    if (name == paths::incoming || name.ends_with(".next")) found.leftovers.insert(name);
  }
  for (auto& path : TRY(quarantine_surplus(disk))) found.leftovers.insert(std::move(path));
  return found;
}

}  // namespace sallyport::node
