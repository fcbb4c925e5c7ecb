// SPDX-License-Identifier: Apache-2.0
#include "roles/node/gate_terms.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/crypto/digest.h"
#include "core/gate/claim.h"
#include "core/gate/decide.h"
#include "roles/node/baseline.h"
#include "roles/node/papers.h"
#include "roles/node/recall.h"

namespace sallyport::node {
namespace {

constexpr std::uint64_t mode_size_max = 16;
constexpr std::uint64_t ended_size_max = 64;

// What was recalled is not listed, whichever generation has it.
void add_files(const Tree& tree, const Recalled& recalled, std::vector<ListedFile>& files) {
  for (const auto& entry : tree.entries) {
    if (!entry.digest || recalled.has(*entry.digest)) continue;
    ListedFile file{entry.size, {}};
    std::ranges::copy(entry.digest->bytes(), file.digest.begin());
    files.push_back(file);
  }
}

void add_services(const Tree& tree, std::vector<ServiceId>& services) {
  for (const auto& service : tree.services) {
    if (std::ranges::find(services, service.name) == services.end()) services.push_back(service.name);
  }
}

Result<std::optional<HostOrders>> host_orders(Disk& disk, const Books& books, const GateOrders& orders) {
  if (!orders.rule || orders.rule->scope != GateScope::host) return std::optional<HostOrders>();
  HostOrders host{host_mode(*orders.rule), {}, {}, {}};
  const auto baseline = TRY(baseline_in_force(disk, books));
  if (!baseline) return std::optional(std::move(host));
  host.baseline = baseline->number;
  host.identity = books.state().baseline->identity;
  host.files = contents_of(*baseline);
  return std::optional(std::move(host));
}

}  // namespace

std::vector<install::GenerationNumber> generations_to_run(const install::State& state) {
  std::vector<install::GenerationNumber> numbers;
  const auto add = [&](install::GenerationNumber number) {
    if (number != 0 && std::ranges::find(numbers, number) == numbers.end()) numbers.push_back(number);
  };
  add(state.active);
  if (state.switching) {
    add(state.switching->from);
    add(state.switching->to);
  }
  return numbers;
}

Result<GateSet> gate_set(Disk& disk) {
  const auto books = TRY(Books::open(disk));
  auto orders = TRY(gate_orders(disk, books));
  GateSet set{books.state().records, std::move(orders), generations_to_run(books.state()), {}, {}};
  const auto without = TRY(recalled(disk, books));
  for (const auto number : set.generations) {
    const auto* generation = books.state().find(number);
    if (generation == nullptr)
      return Error(Code::generation_missing, "generations/" + std::to_string(number),
                   "a generation of the journal", "none");
    const auto policy = TRY(books.policy_of(*generation));
    const auto release = TRY(release_of(disk, *generation, policy));
    if (!without.has_package(generation->origin.package)) add_files(release->tree, without, set.files);
    add_services(release->tree, set.services);
  }
  set.files = gate::sorted(std::move(set.files));
  set.host = TRY(host_orders(disk, books, set.orders));
  return set;
}

std::string service_group(const std::string& root, const ServiceId& service) {
  return "sallyport-" + sha256(as_bytes(root)).brief() + "/" + service.text();
}

Result<GateOrders> gate_orders(Disk& disk, const Books& books) {
  const auto& identity = books.state().identity;
  const auto& policy = books.policy();
  GateOrders orders{GateMode::enforce, {}, policy.version, books.floors().time};
  const auto pool = policy.pools.find(identity.pool);
  if (!left_out(policy, identity.pool, identity.node)) orders.rule = pool->second.gate;
  orders.mode = orders.rule ? orders.rule->mode : TRY(gate_mode(disk));
  return orders;
}

Result<GateOrders> gate_orders(Disk& disk) {
  const auto books = TRY(Books::open(disk));
  return gate_orders(disk, books);
}

std::optional<Error> check_mode(const GateOrders& orders, GateMode wanted) {
  if (!orders.rule || orders.rule->mode == wanted) return std::nullopt;
  Error error(
      Code::gate_mode_fixed, "gate",
      describe(*orders.rule) + ", as policy version " + std::to_string(orders.policy_version) + " says",
      std::string(word(wanted)));
  error.effect = "the gate's mode is what the policy says";
  return error;
}

std::optional<Error> observes_too_long(const GateOrders& orders, Instant clock) {
  if (!orders.rule) return std::nullopt;
  return sallyport::observes_too_long(*orders.rule, std::max(clock, orders.time_floor.value_or(clock)));
}

Result<GateMode> gate_mode(Disk& disk) {
  if (!TRY(disk.find(gate_paths::mode))) return GateMode::enforce;
  const auto bytes = TRY(disk.read_small(gate_paths::mode, mode_size_max));
  auto text = as_text(bytes);
  if (text.ends_with('\n')) text.remove_suffix(1);
  auto mode = parse_gate_mode(text);
  if (mode.ok()) return mode;
  Error error(Code::node_state_damaged, gate_paths::mode, "observe or enforce", printable(text));
  error.effect = "a gate that runs keeps its mode; `node gate enforce` and `observe` write the file anew";
  return error;
}

Result<void> set_gate_mode(Disk& disk, GateMode mode) {
  TRY(disk.ensure_folder("run"));
  return disk.replace_file(gate_paths::mode, as_bytes(std::string(word(mode)) + "\n"), 0600);
}

Result<GateStatus> gate_status(Disk& disk) {
  const auto none = [] {
    return Error(Code::gate_not_running, gate_paths::lock, "a gate that holds the lock", "none");
  };
  if (!TRY(disk.find(gate_paths::lock))) return none();
  const auto lock = disk.lock(gate_paths::lock);
  if (lock.ok()) return none();
  if (lock.error().code != Code::node_busy) return lock.error();
  const auto bytes = TRY(disk.read_small(gate_paths::status, gate_status_size_max));
  auto status = parse_gate_status(bytes);
  if (status.ok()) return status;
  auto error = std::move(status).error();
  error.where = gate_paths::status + (": " + error.where);
  return error;
}

Result<std::optional<Instant>> gate_ended(Disk& disk) {
  if (!TRY(disk.find(gate_paths::ended))) return std::optional<Instant>();
  const auto bytes = TRY(disk.read_small(gate_paths::ended, ended_size_max));
  auto text = as_text(bytes);
  if (text.ends_with('\n')) text.remove_suffix(1);
  return std::optional(TRY(Instant::parse(text)));
}

Error holes_left(const std::vector<std::string>& ways) {
  return {Code::gate_hole_open, "gate", "every way past it closed that has to be",
          fmt::format("{} is not", fmt::join(ways, ", "))};
}

Error runs_unlisted(const UnlistedCode& code) {
  const auto process = "process " + std::to_string(code.process);
  return {Code::gate_runs_unlisted, code.file, "a file of a generation that may run",
          process + (code.service.empty() ? ", which is no service's" : " of service " + code.service)};
}

std::vector<std::string> wanted_of_gate(const GateOrders& orders) {
  auto ways = orders.rule ? orders.rule->closed : std::vector<std::string>();
  std::erase_if(ways, [](const std::string& way) { return !is_gate_way(way); });
  return ways;
}

std::vector<std::string> wanted_of_services(const GateOrders& orders) {
  auto ways = orders.rule ? orders.rule->closed : std::vector<std::string>();
  std::erase_if(ways, [](const std::string& way) { return is_gate_way(way); });
  return ways;
}

std::optional<Error> gate_absent(const GateOrders& orders) {
  if (!orders.rule || orders.rule->mode != GateMode::enforce) return std::nullopt;
  return Error(Code::gate_absent, "gate",
               "one that enforces, as policy version " + std::to_string(orders.policy_version) + " says",
               "none runs");
}

Result<Admission> admission(Disk& disk) {
  const auto books = TRY(Books::open(disk));
  return admission(disk, books);
}

Result<Admission> admission(Disk& disk, const Books& books) {
  const auto status = gate_status(disk);
  if (!status.ok()) {
    if (status.error().code == Code::file_missing) return Admission::not_yet;
    if (status.error().code != Code::gate_not_running) return status.error();
    auto absent = gate_absent(TRY(gate_orders(disk, books)));
    if (absent) return *std::move(absent);
    return Admission::no_gate;
  }
  const auto left = gate::not_closed(status.value().wanted, status.value().holes);
  if (!left.empty()) return holes_left(left);
  return status.value().records >= books.state().records ? Admission::admitted : Admission::not_yet;
}

}  // namespace sallyport::node
