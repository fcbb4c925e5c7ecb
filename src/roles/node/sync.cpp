// SPDX-License-Identifier: Apache-2.0
#include "roles/node/sync.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <tuple>

#include "core/trust/logged.h"
#include "core/trust/order.h"
#include "core/trust/policy_change.h"
#include "core/trust/verdict.h"
#include "roles/node/recall.h"
#include "roles/node/repository_trust.h"
#include "roles/node/trust_changes.h"
#include "roles/node/tuf_client.h"

namespace sallyport::node {
namespace {

const tuf::Edge deliveries{"targets", "deliveries"};

std::string below(const std::string& kind, const std::string& name) {
  return std::string(repository_folder) + "/" + kind + "/" + name;
}

// A slow server keeps nobody from the node: its lock is held only while something is written in the books.
template <typename Change>
Result<void> in_the_books(Disk& disk, const Change& change) {
  const auto lock = TRY(disk.lock(paths::lock));
  auto books = TRY(Books::open(disk));
  TRY(books.mend());
  return change(books);
}

// One synchronisation at a time; held until the end. node_busy.
Result<std::unique_ptr<DiskLock>> begin(const Ports& ports, const Bytes& first_root) {
  const auto lock = TRY(ports.disk.lock(paths::lock));
  auto books = TRY(Books::open(ports.disk));
  TRY(settle_root(ports, books, first_root));
  return ports.disk.lock(repository_lock);
}

class Synchronisation {
 public:
  Synchronisation(const Ports& ports, Books books, TufClient client, SyncRequest::Packages packages)
      : ports_(ports), books_(std::move(books)), client_(std::move(client)), packages_(packages) {}

  Result<void> fetch_policy(SyncReport& report) {
    const auto path = std::string(repository_folder) + "/policy.json";
    TRY(fetch("policy.json", path, policy_size_max));
    const auto bytes = TRY(ports_.disk.read_small(path, policy_size_max));
    const auto policy = TRY(parse_policy(bytes));
    report.policy_version = policy.version;
    report.policy = policy.digest;
    if (policy.digest == books_.policy().digest) return {};
    auto adopted = in_the_books(ports_.disk, [&](Books& books) { return adopt(books, policy, bytes); });
    books_ = TRY(Books::open(ports_.disk));
    const auto could_not = [](Code code) { return kind_of(code) == Kind::fault || code == Code::node_busy; };
    if (!adopted.ok() && could_not(adopted.error().code)) return adopted;
    report.policy_state = adopted.ok() ? SyncReport::PolicyState::adopted : SyncReport::PolicyState::refused;
    if (!adopted.ok()) report.policy_refusals.push_back(adopted.take_error());
    return {};
  }

  Result<std::vector<SyncedPaper>> fetch_papers() {
    std::vector<SyncedPaper> papers;
    const auto stops = "stops/" + books_.state().identity.pool.text() + "/";
    const auto* const listed = TRY(client_.role(deliveries));
    for (const auto& [path, file] : listed->files) {
      const bool is_list = path.starts_with("crls/");
      if ((!is_list && !path.starts_with(stops)) || (is_list && path.ends_with(".pem"))) continue;
      papers.push_back(TRY(fetch_paper(path, is_list ? PaperKind::revocations : PaperKind::stop)));
    }
    auto recalls = TRY(fetch_recalls());
    std::move(recalls.begin(), recalls.end(), std::back_inserter(papers));
    return papers;
  }

  Result<std::vector<SyncedOrder>> fetch_orders() {
    std::vector<SyncedOrder> orders;
    const auto prefix = "orders/" + books_.state().identity.pool.text() + "/";
    const auto* const listed = TRY(client_.role(deliveries));
    for (const auto& [path, file] : listed->files) {
      if (!path.starts_with(prefix)) continue;
      auto order = TRY(fetch_order(path));
      if (order.has_value()) orders.push_back(std::move(*order));
    }
    // Of two with one number the first that is used uses it up: every node is offered the same one first.
    std::sort(orders.begin(), orders.end(), [](const auto& a, const auto& b) {
      return std::tie(a.sequence, a.order) < std::tie(b.sequence, b.order);
    });
    return orders;
  }

 private:
  using PaperKind = SyncedPaper::Kind;
  using Effect = SyncedPaper::Effect;

  // Of what the policy's log has to have; log_proof_missing where the repository lists none.
  Result<Bytes> fetch_proof_of(const Sha256Digest& statement, const std::string& path) {
    auto fetched = fetch("proofs/" + statement.text() + ".proof", path, tlog::proof_size_max);
    if (!fetched.ok() && fetched.error().code == Code::tuf_target_unknown)
      return Error(Code::log_proof_missing, "the repository",
                   "a proof that " + statement.brief() + " is in " + books_.policy().log->origin, "none");
    TRY(std::move(fetched));
    return ports_.disk.read_small(path, tlog::proof_size_max);
  }

  // Nothing that the policy's log does not have is worth a package.
  Result<void> check_proof(const Bytes& order, const SyncedOrder& synced) {
    const auto proof = TRY(fetch_proof_of(synced.order, synced.proof_path));
    const auto entry = TRY(tlog::statement_entry(order));
    Checks passed;
    TRY(trust::logged(proof, entry, books_.policy(), ports_.now, passed));
    return {};
  }

  // Papers have their limits before anything of them is written here: what is listed is what a server says.
  Result<void> fetch(const std::string& target, const std::string& path, std::uint64_t size_max) {
    const auto file = TRY(client_.find(target));
    if (file.length > size_max)
      return Error(Code::file_too_large, target, "at most " + std::to_string(size_max) + " bytes",
                   std::to_string(file.length));
    TRY(client_.download(target, file, ports_.disk, path));
    return {};
  }

  // The next policy, wanted by the officers of the one in force and by its own.
  Result<void> adopt(Books& books, const Policy& next, const Bytes& bytes) {
    TRY(trust::policy_change_by_keys(books.policy(), next, client_.trusted().targets_signers(), ports_.now));
    const auto metadata = std::string(metadata_folder) + "/";
    const auto root = TRY(ports_.disk.read_small(metadata + "root.json", tuf::root_size_max));
    const auto targets = TRY(ports_.disk.read_small(metadata + "targets.json", tuf::targets_size_max));
    return books.change_policy(next, bytes, {{".root.json", root}, {".targets.json", targets}}, ports_.now);
  }

  // Of a list of an authority below an anchor: the certificates that lead from it to the anchor, beside the list.
  Result<std::vector<Certificate>> fetch_issuers(const std::string& list) {
    const auto target = list.substr(0, list.rfind('.')) + ".pem";
    if (!TRY(client_.role(deliveries))->files.contains(target)) return std::vector<Certificate>();
    const auto path = below("crls", target.substr(target.rfind('/') + 1));
    TRY(fetch(target, path, certificates_text_max));
    const auto pem = TRY(ports_.disk.read_small(path, certificates_text_max));
    return Certificate::chain_from_pem(as_text(pem)).within(target);
  }

  // A refusal is told and stops nothing; a fault, and somebody who changes the node just now, ends it here.
  static Result<SyncedPaper> told(SyncedPaper paper, Result<Effect> effect) {
    if (effect.ok()) {
      paper.effect = effect.value();
      return paper;
    }
    const auto code = effect.error().code;
    if (kind_of(code) == Kind::fault || code == Code::node_busy) return effect.take_error();
    paper.effect = Effect::refused;
    paper.refusals.push_back(effect.take_error());
    return paper;
  }

  Result<SyncedPaper> fetch_paper(const std::string& target, PaperKind kind) {
    const auto file = target.substr(target.rfind('/') + 1);
    const auto path = below(kind == PaperKind::revocations ? "crls" : "stops", file);
    const auto taken = [&]() -> Result<Effect> {
      const bool is_list = kind == PaperKind::revocations;
      TRY(fetch(target, path, is_list ? revocation_list_size_max : envelope_size_max));
      return kind == PaperKind::revocations ? take_list_at(path, target) : take_stop_at(path);
    };
    return told({kind, file, Effect::taken, {}}, taken());
  }

  // What is known needs no lock. What is not goes into the books as they are by then.
  Result<Effect> take_stop_at(const std::string& path) {
    const auto bytes = TRY(ports_.disk.read_small(path, envelope_size_max));
    if (TRY(look_at_stop(ports_, books_, bytes)).effect == StopReport::Effect::known) return Effect::known;
    TRY(take_stop(ports_, bytes));
    books_ = TRY(Books::open(ports_.disk));
    return Effect::taken;
  }

  Result<Effect> take_list_at(const std::string& path, const std::string& target) {
    const auto bytes = TRY(ports_.disk.read_small(path, revocation_list_size_max));
    const auto issuers = TRY(fetch_issuers(target));
    if (TRY(look_at_list(books_, bytes, issuers)).effect == ListReport::Effect::known) return Effect::known;
    TRY(take_list(ports_, bytes, issuers));
    books_ = TRY(Books::open(ports_.disk));
    return Effect::taken;
  }

  struct ListedRecall {
    std::string target;
    std::string path;
    std::uint64_t sequence;  // as it says
    Result<void> fetched;
  };

  // In the order of their numbers, so that each node writes them down alike: what they say is not proved here, and
  // none keeps another one out.
  Result<std::vector<SyncedPaper>> fetch_recalls() {
    std::vector<ListedRecall> all;
    const auto prefix = "recalls/" + books_.state().identity.pool.text() + "/";
    const auto* const listed = TRY(client_.role(deliveries));
    for (const auto& [target, file] : listed->files) {
      if (!target.starts_with(prefix)) continue;
      all.push_back({target, below("recalls", target.substr(target.rfind('/') + 1)), 0, {}});
    }
    for (auto& one : all) {
      one.fetched = fetch(one.target, one.path, envelope_size_max);
      if (!one.fetched.ok()) continue;
      const auto bytes = TRY(ports_.disk.read_small(one.path, envelope_size_max));
      const auto envelope = parse_envelope(bytes);
      const auto said =
          envelope.ok() ? parse_recall(envelope.value().payload) : Result<Recall>(envelope.error());
      if (said.ok()) one.sequence = said.value().sequence;
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
    const auto kept = recalled(ports_.disk, books_).ok() ? Kept::whole : Kept::damaged;
    std::vector<SyncedPaper> papers;
    for (auto& one : all) papers.push_back(TRY(take_listed(std::move(one), kept)));
    return papers;
  }

  // Copies of what the node has taken in.
  enum class Kept : std::uint8_t { whole, damaged };

  Result<SyncedPaper> take_listed(ListedRecall one, Kept kept) {
    SyncedPaper paper{PaperKind::recall, one.target.substr(one.target.rfind('/') + 1), Effect::taken, {}};
    const auto taken = [&]() -> Result<Effect> {
      TRY(std::move(one.fetched));
      const auto bytes = TRY(ports_.disk.read_small(one.path, envelope_size_max));
      const auto envelope = TRY(parse_envelope(bytes));
      const auto identity = sha256(envelope.payload);
      // What the node has counts, whatever the policy of today says of those who approved it.
      if (kept == Kept::whole && is_taken(identity)) return Effect::known;
      std::optional<Bytes> proof;
      if (books_.policy().log) proof = TRY(fetch_proof_of(identity, one.path + ".proof"));
      paper.recall = TRY(take_recall(ports_, bytes, proof));
      books_ = TRY(Books::open(ports_.disk));
      return Effect::taken;
    };
    auto effect = taken();
    return told(std::move(paper), std::move(effect));
  }

  bool is_taken(const Sha256Digest& recall) const {
    return std::ranges::any_of(books_.state().recalls,
                               [&](const install::TakenRecall& taken) { return taken.identity == recall; });
  }

  // None: not for this node, or used already.
  Result<std::optional<SyncedOrder>> fetch_order(const std::string& target) {
    const auto path = below("orders", target.substr(target.rfind('/') + 1));
    auto fetched = fetch(target, path, envelope_size_max);
    // Listed by the server and no order: nothing that this node could use, and no reason to stop.
    if (!fetched.ok() && fetched.error().code == Code::file_too_large) return std::optional<SyncedOrder>();
    TRY(std::move(fetched));
    const auto bytes = TRY(ports_.disk.read_small(path, envelope_size_max));
    const auto envelope = parse_envelope(bytes);
    const auto said = envelope.ok() ? parse_order(envelope.value().payload) : Result<Order>(envelope.error());
    if (!said.ok()) return std::optional<SyncedOrder>();
    const auto& order = said.value();
    const auto& identity = books_.state().identity;
    const bool ours = std::binary_search(order.nodes.begin(), order.nodes.end(), identity.node);
    const auto digest = sha256(envelope.value().payload);
    if (!ours || order.sequence <= books_.floors().sequence) return std::optional<SyncedOrder>();
    SyncedOrder synced{digest,
                       order.sequence,
                       order.product.text() + " " + order.version,
                       path,
                       below("verdicts", order.verdict.text() + ".dsse"),
                       below("packages", order.package.text() + ".csar"),
                       books_.policy().log ? path + ".proof" : "",
                       {}};
    auto here = books_.state().stopped.contains(digest)
                    ? Result<void>(Error(Code::order_stopped, "order", "an order that nobody stopped",
                                         "a stop order that this node knows"))
                    : fetch_what_it_needs(order, bytes, synced);
    if (!here.ok() && kind_of(here.error().code) == Kind::fault) return here.take_error();
    if (!here.ok()) synced.refusals.push_back(here.take_error());
    return std::optional<SyncedOrder>(std::move(synced));
  }

  Result<void> fetch_what_it_needs(const Order& order, const Bytes& order_bytes, const SyncedOrder& synced) {
    TRY(fetch("verdicts/" + order.verdict.text() + ".dsse", synced.verdict_path, envelope_size_max));
    const auto verdict = TRY(ports_.disk.read_small(synced.verdict_path, envelope_size_max));
    TRY(trust::verdict(verdict, books_.policy(), ports_.now));
    TRY(trust::order(order_bytes, books_.policy(), ports_.now));
    if (books_.policy().log) TRY(check_proof(order_bytes, synced));
    const auto package = "packages/" + order.package.text() + ".csar";
    if (packages_ == SyncRequest::Packages::fetch)
      return fetch(package, synced.package_path, std::numeric_limits<std::uint64_t>::max());
    TRY(client_.find(package));
    return {};
  }

  const Ports& ports_;
  Books books_;  // as they were when the orders are looked through
  TufClient client_;
  SyncRequest::Packages packages_;
};

}  // namespace

Result<SyncReport> sync(const Ports& given, Fetcher& fetcher, const SyncRequest& request) {
  auto ports = given;
  ports.now = install::not_before_floor(given.now, TRY(Books::open(given.disk)).floors());
  const auto lock = TRY(begin(ports, request.first_root));
  const auto base = request.url + (request.url.ends_with('/') ? "" : "/");
  const auto remember = [&](const tuf::RootChain& chain, BytesView bytes) {
    return in_the_books(ports.disk, [&](Books& books) { return remember_root(ports, books, chain, bytes); });
  };
  auto client = TRY(TufClient::refresh(
      {ports.disk, metadata_folder, fetcher, base + "metadata", base + "targets", remember}, ports.now));
  TRY(in_the_books(ports.disk, [&](Books& books) {
    return remember_snapshot(ports, books, client.trusted().snapshot_wanted().version);
  }));
  auto books = TRY(Books::open(ports.disk));
  SyncReport report{client.trusted().root().version,
                    client.trusted().snapshot_wanted().version,
                    books.policy().version,
                    books.policy().digest,
                    SyncReport::PolicyState::in_force,
                    {},
                    {},
                    {}};
  Synchronisation synchronisation(ports, std::move(books), std::move(client), request.packages);
  TRY(synchronisation.fetch_policy(report));
  report.papers = TRY(synchronisation.fetch_papers());
  report.orders = TRY(synchronisation.fetch_orders());
  return report;
}

}  // namespace sallyport::node
