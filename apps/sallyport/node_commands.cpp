// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "adapters/disk/posix.h"
#include "adapters/signer/create.h"
#include "adapters/signer/open.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "core/format/dsse.h"
#include "roles/node/init.h"
#include "roles/node/install.h"
#include "roles/node/node_key.h"
#include "roles/node/rollback.h"

namespace sallyport::cli {
namespace {

// An initialisation that was cut short may have left one, which nobody has used yet.
Result<KeyId> make_node_key(Disk& disk, const std::string& root) {
  const auto path = root + "/" + node::paths::private_key;
  const auto left = TRY(disk.find(node::paths::private_key));
  const auto key =
      left ? TRY(open_signer("file:" + path))->public_key() : TRY(create_key_file(path, KeyKind::ed25519));
  TRY(disk.replace_file(node::paths::public_key, as_bytes(key.pem()), 0644));
  return key.id();
}

Result<void> preview_init(const node::InitRequest& request, const Arguments& arguments, Output& output) {
  const auto& root = arguments.text("root");
  auto disk = PosixDisk::at(root);
  if (!disk.ok() && disk.error().code != Code::file_missing) return disk.take_error();
  if (disk.ok()) TRY(node::check_folder(*disk.value()));
  output.line("Would make node " + request.node.text() + " of pool " + request.pool.text() + " in " +
              printable(root) + ".");
  output.json().text("node", request.node.text()).text("pool", request.pool.text());
  return {};
}

Result<void> run_init(const Arguments& arguments, Output& output) {
  const auto policy = TRY(read_whole_file(arguments.text("policy"), policy_size_max));
  const auto id = TRY(NodeId::parse(arguments.text("node")));
  const auto pool = TRY(PoolId::parse(arguments.text("pool")));
  const node::InitRequest request{policy, id, pool};
  TRY(node::check(request));
  if (arguments.has("dry-run")) return preview_init(request, arguments, output);
  const auto disk = TRY(PosixDisk::made_at(arguments.text("root")));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto root = TRY(absolute_folder(arguments.text("root")));
  const auto report = TRY(node::init(*disk, request, now, [&] { return make_node_key(*disk, root); }));
  auto events = TRY(FileEventLog::open(root + "/events.jsonl"));
  TRY(events.record({"node-init",
                     now,
                     user_name(),
                     report.node.text(),
                     {},
                     {},
                     {},
                     report.policy_version,
                     {},
                     {},
                     "policy pinned"}));
  output.line("Node " + report.node.text() + " of pool " + report.pool.text() + " is ready.");
  output.field("policy", report.policy_name + ", version " + std::to_string(report.policy_version));
  output.field("digest", report.policy.text());
  output.field("node key", report.key.text());
  output.json()
      .text("node", report.node.text())
      .text("pool", report.pool.text())
      .text("policy", report.policy.text());
  output.json().number("policy_version", report.policy_version).text("node_key", report.key.text());
  output.next("sallyport node install FILE --verdict VERDICT --order ORDER --root " + arguments.text("root"));
  return {};
}

void show_steps(const std::vector<std::string>& steps, Output& output) {
  output.json().key("steps").begin_array();
  for (const auto& step : steps) output.json().text(step);
  output.json().end_array();
}

// A release that runs is no failure: what could not be taken away is told, and tried again by the next command.
void show_collection(const std::vector<install::GenerationNumber>& collected,
                     const std::vector<Error>& errors, Output& output) {
  output.json().key("collected").begin_array();
  for (const auto number : collected) {
    output.line("Generation " + std::to_string(number) + " was collected; its papers are kept.");
    output.json().number(number);
  }
  output.json().end_array().key("not_collected").begin_array();
  for (const auto& error : errors) {
    output.line("NOT COLLECTED  " + std::string(name(error.code)) + "  " + printable(error.where) + " " +
                printable(error.found) + "; the next command tries again");
    output.json().begin_object().text("code", name(error.code)).text("where", error.where).end_object();
  }
  output.json().end_array();
}

void show_config(const node::InstallReport& report, Output& output) {
  output.json().key("config").begin_array();
  for (const auto& [path, outcome] : report.config) {
    const std::string word(install::word(outcome));
    if (outcome != install::ConfigOutcome::standard)
      output.line("Configuration " + printable(path) + ": " + word + "; the default is active/tree/" +
                  printable(path));
    output.json().begin_object().text("path", path).text("outcome", word).end_object();
  }
  output.json().end_array();
}

void show_install(const node::InstallReport& report, Output& output) {
  for (const auto& check : report.checks)
    output.line("PASS  " + printable(check.name) + "  " + printable(check.finding));
  output.json()
      .text("package", report.package.text())
      .text("release", report.release.text())
      .text("order", report.order.text());
  output.json()
      .text("product", report.product)
      .text("version", report.version)
      .number("counter", report.counter);
  output.json().number("generation", report.generation).number("replaced", report.replaced);
  output.json().number("files_written", report.files_written).number("bytes_written", report.bytes_written);
  show_steps(report.steps, output);
}

Event event_of(const NodeWorld& world, std::string activity, std::string subject,
               const node::Account& account) {
  auto event = world.event(std::move(activity), std::move(subject));
  if (account.package) event.package = account.package->text();
  if (account.order) event.order = account.order->text();
  event.signer = account.signer;
  event.policy_version = account.policy_version;
  event.checks = account.passed;
  return event;
}

struct InstallFiles {
  std::unique_ptr<FileSource> package;
  Bytes verdict;
  Bytes order;
  std::optional<Bytes> proof;
};

Result<InstallFiles> read_files(const Arguments& arguments) {
  auto package = TRY(FileSource::open(arguments.text("FILE")));
  auto verdict = TRY(read_whole_file(arguments.text("verdict"), envelope_size_max));
  auto order = TRY(read_whole_file(arguments.text("order"), envelope_size_max));
  auto proof = TRY(read_proof(arguments));
  return InstallFiles{std::move(package), std::move(verdict), std::move(order), std::move(proof)};
}

// Where no digest tells which file it was, its size has to.
std::string subject_of(const Arguments& arguments, const Result<InstallFiles>& files,
                       const node::Account& account) {
  auto subject = base_name(arguments.text("FILE"));
  if (!files.ok() || account.package) return subject;
  return subject + ", " + std::to_string(files.value().package->size()) + " bytes";
}

Result<node::InstallReport> install_and_record(NodeWorld& world, const Arguments& arguments) {
  node::Account account;
  const auto files = read_files(arguments);
  auto result = attempt([&]() -> Result<node::InstallReport> {
    if (!files.ok()) return files.error();
    const auto& [package, verdict, order, proof] = files.value();
    return node::install(world.ports(), {*package, verdict, order, proof}, account);
  });
  auto event = event_of(world, "node-install", subject_of(arguments, files, account), account);
  if (result.ok()) event.effect = "generation " + std::to_string(result.value().generation) + " activated";
  TRY(world.record(event, result.ok() ? nullptr : &result.error()));
  return result;
}

Result<void> preview_install(NodeWorld& world, const Arguments& arguments, Output& output) {
  const auto files = TRY(read_files(arguments));
  const auto report =
      TRY(node::preview_install(world.ports(), {*files.package, files.verdict, files.order, files.proof}));
  show_install(report, output);
  output.line("Would do, after these checks:");
  for (const auto& step : report.steps) output.line("  " + printable(step));
  show_config(report, output);
  return {};
}

Result<void> run_install(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  if (arguments.has("dry-run")) return preview_install(*world, arguments, output);
  const auto report = TRY(install_and_record(*world, arguments));
  show_install(report, output);
  output.line("Running " + printable(report.product) + " " + printable(report.version) + ", generation " +
              std::to_string(report.generation) +
              (report.replaced == 0
                   ? ""
                   : "; generation " + std::to_string(report.replaced) + " is kept for a rollback"));
  show_config(report, output);
  show_collection(report.collected, report.collect_errors, output);
  output.next("sallyport node status --root " + arguments.text("root"));
  return {};
}

Result<void> run_rollback(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  std::optional<install::GenerationNumber> to;
  if (arguments.has("to")) to = TRY(arguments.number("to"));
  if (arguments.has("dry-run")) {
    const auto report = TRY(node::preview_rollback(world->ports(), to));
    output.line("Would go from generation " + std::to_string(report.from) + " to " +
                std::to_string(report.to) + ":");
    for (const auto& step : report.steps) output.line("  " + printable(step));
    show_steps(report.steps, output);
    return {};
  }
  node::Account account;
  auto result = attempt([&] { return node::rollback(world->ports(), to, account); });
  auto event = event_of(*world, "node-rollback",
                        to ? "generation " + std::to_string(*to) : "the generation before", account);
  if (result.ok()) event.effect = "generation " + std::to_string(result.value().to) + " activated";
  TRY(world->record(event, result.ok() ? nullptr : &result.error()));
  const auto report = TRY(std::move(result));
  output.line("Back from generation " + std::to_string(report.from) + " to generation " +
              std::to_string(report.to) + " (" + printable(report.version) + ").");
  output.json().number("from", report.from).number("to", report.to).text("version", report.version);
  show_steps(report.steps, output);
  show_collection(report.collected, report.collect_errors, output);
  return {};
}

}  // namespace

std::vector<Command> node_commands() {
  const Option root{"root", "DIR", "The node's root folder", Need::required};
  std::vector<Command> commands = {
      {"node init",
       "Make a folder into a node",
       "Pins the policy, and who the node is. Both can be given once. Creates the node's own key, which "
       "signs its evidence.",
       {"sallyport node init --root /var/lib/sallyport --policy policy.json --node mme-1 --pool mme-north"},
       {},
       {root,
        {"policy", "POLICY", "The policy to pin", Need::required},
        {"node", "ID", "Who this node is", Need::required},
        {"pool", "ID", "Its pool", Need::required},
        {"at", "TIME", "The time of the first journal record, instead of now"},
        rehearse_option},
       run_init},
      {"node install",
       "Verify a package, its verdict and its order, and install it",
       "Reads the package once into a private copy, and checks package, verdict and order by itself: "
       "vendor's signature, every digest,\n"
       "the scan, the approvals, this node, this window, the counter, and that the order was not used. Only "
       "then it burns the order,\n"
       "writes the new generation, reads every byte back, switches in one step, starts the services and "
       "waits until they are healthy.\n"
       "If they are not, it returns to the old generation (exit code 8). A refusal changes nothing.",
       {"sallyport node install mme.csar --verdict mme.verdict --order mme.order --root /var/lib/sallyport"},
       {{"FILE", "", "The package", Need::required}},
       {{"verdict", "VERDICT", "Intake's verdict about it", Need::required},
        {"order", "ORDER", "The approved order", Need::required},
        {"proof", "PROOF",
         "That the order is in the log of the policy (default: ORDER.proof, if it is there)"},
        root,
        rehearse_option},
       run_install},
      {"node rollback",
       "Return to an earlier generation",
       "Returns to the generation that ran before, or to the one named with --to, if it was healthy once and "
       "still is what the vendor\n"
       "signed. It needs no order: it was approved when it came. Counters do not go down.",
       {"sallyport node rollback --root /var/lib/sallyport"},
       {},
       {root, {"to", "N", "The generation to return to (`node history` lists them)"}, rehearse_option},
       run_rollback},
  };
  for (auto& command : node_trust_commands()) commands.push_back(std::move(command));
  for (auto& command : node_inspection_commands()) commands.push_back(std::move(command));
  for (auto& command : node_service_commands()) commands.push_back(std::move(command));
  for (auto& command : node_baseline_commands()) commands.push_back(std::move(command));
  for (auto& command : node_gate_commands()) commands.push_back(std::move(command));
  commands.push_back(node_gate_export_command());
  commands.push_back(node_gate_measurements_command());
  commands.push_back(node_gate_metrics_command());
  return commands;
}

}  // namespace sallyport::cli
