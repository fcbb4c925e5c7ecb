// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/bundle.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "core/format/zip.h"
#include "core/trust/logged.h"
#include "core/trust/order.h"
#include "core/trust/package.h"
#include "core/trust/recall.h"
#include "core/trust/stop.h"
#include "core/trust/tuf/hashes.h"
#include "core/trust/tuf/paths.h"
#include "core/trust/tuf/trusted_set.h"
#include "core/trust/verdict.h"

namespace sallyport::auditor {
namespace {

constexpr std::uint64_t part_size = 1ULL << 20U;
constexpr std::uint64_t roots_max = 1024;
const tuf::Edge deliveries{"targets", "deliveries"};

// A member as a file of its own.
class Window final : public ByteSource {
 public:
  Window(const ByteSource& file, const ZipMember& member) : file_(file), member_(member) {}
  std::uint64_t size() const override { return member_.size; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    if (offset > member_.size || into.size() > member_.size - offset)
      return Error(Code::truncated, member_.name.text(),
                   "bytes up to " + std::to_string(offset + into.size()),
                   std::to_string(member_.size) + " bytes");
    return file_.read_at(member_.data_offset + offset, into);
  }

 private:
  const ByteSource& file_;
  const ZipMember& member_;
};

class Bundle {
 public:
  Bundle(const ByteSource& file, ZipDirectory directory, const Policy& policy, Instant at, Workers& workers)
      : file_(file), directory_(std::move(directory)), policy_(policy), at_(at), workers_(workers) {}

  Result<Verification> verify() {
    auto set = TRY(metadata());
    for (const auto& edge : {tuf::targets_edge(), deliveries}) {
      const auto wanted = TRY(set.targets_wanted(edge.role));
      const auto bytes = TRY(read_metadata(tuf::metadata_file(set.root(), edge.role, wanted.version)));
      TRY(set.offer_targets(edge, bytes));
    }
    TRY(check_policy(set));
    for (const auto& [path, target] : set.targets(deliveries.role).files)
      TRY(note(path, check_delivery(set.root(), path, target).within(path)));
    std::vector<Field> facts{
        {"packages", std::to_string(packages_)}, {"packages left out", std::to_string(packages_left_out_)},
        {"orders", std::to_string(orders_)},     {"verdicts", std::to_string(verdicts_)},
        {"stop orders", std::to_string(stops_)}, {"recalls", std::to_string(recalls_)},
        {"proofs", std::to_string(proofs_)}};
    std::move(unusable_.begin(), unusable_.end(), std::back_inserter(facts));
    return Verification{FileKind::bundle,
                        {{"repository", "root " + std::to_string(set.root().version) + ", snapshot " +
                                            std::to_string(set.snapshot_wanted().version) +
                                            ", current; a node compares it with the root that it has"},
                         {"policy", "version " + std::to_string(policy_.version) + ", the one given"},
                         {"contents", "every verdict, order, stop order, recall, proof and package in it"}},
                        std::move(facts)};
  }

 private:
  // A repository lists what was delivered long ago, too: a verdict that is stale by now is told and is no forgery.
  Result<void> note(const std::string& path, Result<void> checked) {
    if (checked.ok() || info(checked.error().code).exit != Exit::policy) return checked;
    unusable_.push_back({path, "cannot be used: " + std::string(name(checked.error().code))});
    return {};
  }
  Result<const ZipMember*> member(const std::string& name) const {
    const auto* const found = directory_.find(name);
    if (found == nullptr) return Error(Code::server_file_missing, name, "a file of the bundle", "none");
    return found;
  }
  Result<Bytes> read_metadata(const std::string& name) const {
    const auto* const found = TRY(member("metadata/" + name));
    return read_member(file_, *found, tuf::targets_size_max);
  }

  Result<tuf::TrustedSet> metadata() const {
    const auto first = TRY(read_metadata("1.root.json"));
    auto chain = TRY(tuf::RootChain::begin(first));
    for (std::uint64_t version = 2; version < roots_max; ++version) {
      const auto name = std::to_string(version) + ".root.json";
      if (directory_.find("metadata/" + name) == nullptr) break;
      const auto next = TRY(read_metadata(name));
      TRY(chain.extend(next).within(name));
    }
    auto set = TRY(tuf::TrustedSet::begin(chain, at_));
    const auto timestamp = TRY(read_metadata("timestamp.json"));
    TRY(set.offer_timestamp(timestamp));
    const auto snapshot =
        TRY(read_metadata(tuf::metadata_file(set.root(), "snapshot", set.snapshot_wanted().version)));
    TRY(set.offer_snapshot(snapshot));
    return set;
  }

  Result<const ZipMember*> checked_target(const tuf::Root& root, const std::string& path,
                                          const tuf::TargetFile& target) const {
    const auto* const found = TRY(member("targets/" + tuf::target_file(root, path, target)));
    tuf::TargetCheck check(target, path);
    for (std::uint64_t offset = 0; offset < found->size; offset += part_size) {
      const auto size = std::min(part_size, found->size - offset);
      const auto part = TRY(file_.read(found->data_offset + offset, size, part_size));
      TRY(check.feed(part));
    }
    TRY(check.finish());
    return found;
  }

  Result<void> check_policy(const tuf::TrustedSet& set) const {
    const auto& files = set.targets("targets").files;
    const auto listed = files.find("policy.json");
    if (listed == files.end()) return Error(Code::tuf_target_unknown, "policy.json", "a policy", "none");
    const auto* const found = TRY(checked_target(set.root(), "policy.json", listed->second));
    const auto bytes = TRY(read_member(file_, *found, policy_size_max));
    if (sha256(bytes) == policy_.digest) return {};
    return Error(Code::policy_mismatch, "the bundle's policy", policy_.digest.text(), sha256(bytes).text());
  }

  Result<void> check_delivery(const tuf::Root& root, const std::string& path, const tuf::TargetFile& target) {
    const bool package = path.starts_with("packages/");
    if (package && directory_.find("targets/" + tuf::target_file(root, path, target)) == nullptr) {
      ++packages_left_out_;
      return {};
    }
    const auto* const found = TRY(checked_target(root, path, target));
    if (package) {
      ++packages_;
      TRY(trust::package(Window(file_, *found), policy_, at_, workers_));
      return {};
    }
    const auto bytes = TRY(read_member(file_, *found, tlog::proof_size_max + envelope_size_max));
    if (path.starts_with("verdicts/")) return check_verdict(bytes);
    if (path.starts_with("orders/")) return check_order(bytes);
    if (path.starts_with("stops/")) return check_stop(bytes);
    if (path.starts_with("recalls/")) return check_recall(bytes);
    if (path.starts_with("proofs/")) return {};  // with its order, or recall
    if (path.starts_with("crls/")) return check_list(path, bytes);
    return Error(Code::tuf_target_unknown, path,
                 "packages/, verdicts/, orders/, proofs/, stops/, recalls/ or crls/", "another kind");
  }

  Result<void> check_verdict(const Bytes& bytes) {
    ++verdicts_;
    TRY(trust::verdict(bytes, policy_, at_));
    return {};
  }

  Result<void> check_order(const Bytes& bytes) {
    ++orders_;
    const auto order = TRY(trust::order(bytes, policy_, at_));
    if (!policy_.log) return {};
    const auto proof = TRY(proof_of(order->digest));
    if (!proof)
      return Error(Code::log_proof_missing, "the bundle", "a proof that the order is in the log", "none");
    const auto entry = TRY(tlog::statement_entry(bytes));
    Checks passed;
    TRY(trust::logged(*proof, entry, policy_, at_, passed));
    return {};
  }

  Result<std::optional<Bytes>> proof_of(const Sha256Digest& statement) {
    const auto ending = "." + statement.text() + ".proof";
    const auto found = std::find_if(directory_.members.begin(), directory_.members.end(),
                                    [&](const auto& one) { return one.name.text().ends_with(ending); });
    if (found == directory_.members.end()) return std::optional<Bytes>();
    ++proofs_;
    return std::optional(TRY(read_member(file_, *found, tlog::proof_size_max)));
  }

  Result<void> check_stop(const Bytes& bytes) {
    ++stops_;
    TRY(trust::stop(bytes, policy_, at_));
    return {};
  }

  Result<void> check_recall(const Bytes& bytes) {
    ++recalls_;
    const auto approved = TRY(trust::recall(bytes, policy_, at_));
    if (!policy_.log) return {};
    const auto proof = TRY(proof_of(approved->digest));
    TRY(trust::logged_recall(bytes, proof, policy_, at_));
    return {};
  }

  // Whose list it is, and whether it is newer than the one before, is said by each node.
  static Result<void> check_list(const std::string& path, const Bytes& bytes) {
    if (path.ends_with(".pem")) {
      TRY(Certificate::chain_from_pem(as_text(bytes)));
    } else {
      TRY(RevocationList::from_file(bytes));
    }
    return {};
  }

  const ByteSource& file_;
  ZipDirectory directory_;
  const Policy& policy_;
  Instant at_;
  Workers& workers_;
  std::vector<Field> unusable_;
  std::uint64_t packages_ = 0;
  std::uint64_t packages_left_out_ = 0;
  std::uint64_t orders_ = 0;
  std::uint64_t verdicts_ = 0;
  std::uint64_t proofs_ = 0;
  std::uint64_t stops_ = 0;
  std::uint64_t recalls_ = 0;
};

}  // namespace

Result<Verification> verify_bundle(const ByteSource& file, const Policy& policy, Instant at,
                                   Workers& workers) {
  auto directory = TRY(read_zip(file, bundle_limits).within("the bundle"));
  return Bundle(file, std::move(directory), policy, at, workers).verify();
}

}  // namespace sallyport::auditor
