// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "apps/sallyport/command.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/views.h"
#include "core/base/text.h"
#include "core/format/tree_words.h"
#include "roles/node/status.h"

namespace sallyport::cli {
namespace {

void write_generation(JsonWriter& json, std::string_view name,
                      const std::optional<install::Generation>& generation) {
  json.key(name);
  if (!generation) {
    json.null();
    return;
  }
  const auto& origin = generation->origin;
  json.begin_object()
      .number("generation", generation->number)
      .text("product", origin.product.text())
      .text("version", origin.version);
  json.number("counter", origin.counter)
      .text("stage", install::word(generation->stage))
      .text("code", generation->code ? sallyport::name(*generation->code) : "");
  json.text("confirmed_at", generation->confirmed_at ? generation->confirmed_at->print() : "");
  json.text("package", origin.package.text()).text("release", origin.release.text());
  json.text("order", origin.order.text()).number("sequence", origin.sequence).end_object();
}

std::string describe(const std::optional<install::Generation>& generation) {
  if (!generation) return "none";
  const auto& origin = generation->origin;
  return origin.product.text() + " " + origin.version + ", generation " + std::to_string(generation->number) +
         ", counter " + std::to_string(origin.counter);
}

std::string numbers(const std::vector<install::GenerationNumber>& list) {
  std::string text;
  for (const auto number : list) text += (text.empty() ? "" : ", ") + std::to_string(number);
  return text.empty() ? "none" : text;
}

void write_numbers(JsonWriter& json, std::string_view name,
                   const std::vector<install::GenerationNumber>& list) {
  json.key(name).begin_array();
  for (const auto number : list) json.number(number);
  json.end_array();
}

// What became of the order that was used last.
std::string outcome(const install::Generation& last, const std::optional<install::Generation>& active) {
  auto text = "generation " + std::to_string(last.number) + " " + std::string(install::word(last.stage));
  if (last.code && !last.confirmed_at) text += " (" + std::string(name(*last.code)) + ")";
  if (last.confirmed_at && active && active->number != last.number)
    text += "; generation " + std::to_string(active->number) + " is active now";
  return text;
}

std::string state_word(const node::StatusReport& report) {
  if (report.switching) return "activating";
  return report.active ? "confirmed" : "empty";
}

void show_log(const node::StatusReport& report, Output& output) {
  output.field("log", describe_log_rule(report.log));
  output.json().text("log", describe_log_rule(report.log)).key("logs").begin_array();
  for (const auto& [origin, head] : report.floors.logs) {
    output.field("log seen", origin + ", " + std::to_string(head.size) + " entries of " + head.root.brief());
    output.json().begin_object().text("origin", origin).number("size", head.size);
    output.json().text("root", head.root.text()).end_object();
  }
  output.json().end_array();
  if (!report.events) return;
  output.field("events", std::to_string(report.events->size) + ", tree " + report.events->root.brief());
  output.json().key("events").begin_object().number("size", report.events->size);
  output.json().text("root", report.events->root.text()).end_object();
}

void show_state(const node::StatusReport& report, Output& output) {
  if (report.switching) {
    output.field("state",
                 "activating generation " + std::to_string(report.switching->to) +
                     "; if nobody is at it, the next command returns to " +
                     (report.switching->from == 0 ? "nothing"
                                                  : "generation " + std::to_string(report.switching->from)));
  }
  output.field("active", describe(report.active));
  if (report.active) {
    output.field("package", report.active->origin.package.text());
    output.field("release", report.active->origin.release.text());
    output.field("confirmed", report.active->confirmed_at->print());
  }
  output.field("before", describe(report.previous));
  if (report.unfinished)
    output.field("unfinished", describe(report.unfinished) + "; the same order finishes it");
  output.json().text("state", state_word(report));
  write_generation(output.json(), "active", report.active);
  write_generation(output.json(), "previous", report.previous);
  write_generation(output.json(), "unfinished", report.unfinished);
}

void show_orders(const node::StatusReport& report, Output& output) {
  if (report.last) {
    output.field("last order", report.last->origin.order.brief() + "…, sequence " +
                                   std::to_string(report.last->origin.sequence) + ": " +
                                   outcome(*report.last, report.active));
  }
  write_generation(output.json(), "last_order", report.last);
  std::string floors = "sequence above " + std::to_string(report.floors.sequence);
  auto& json = output.json().key("floors").begin_object().number("sequence", report.floors.sequence);
  json.key("counters").begin_array();
  for (const auto& [product, counter] : report.floors.counters) {
    floors += ", counter of " + product.text() + " from " + std::to_string(counter);
    json.begin_object().text("product", product.text()).number("counter", counter).end_object();
  }
  json.end_array();
  if (report.floors.time) {
    floors += ", time not before " + report.floors.time->print();
    json.text("time", report.floors.time->print());
  }
  json.end_object();
  output.field("floors", floors);
  output.field("kept", "generations " + numbers(report.kept) + "; collected: " + numbers(report.collected));
  write_numbers(output.json(), "kept", report.kept);
  write_numbers(output.json(), "collected", report.collected);
}

std::string gate_of(const node::ServiceStatus& service) {
  if (!service.run) return "confinement unknown";
  const auto& coverage = service.run->coverage;
  std::string lacking;
  for (const auto& one : coverage) {
    if (one.force != Force::in_force)
      lacking += (lacking.empty() ? "; not available: " : ", ") + one.facility;
  }
  const auto in_force = std::count_if(coverage.begin(), coverage.end(),
                                      [](const Coverage& one) { return one.force == Force::in_force; });
  return "confined, " + std::to_string(in_force) + " of " + std::to_string(coverage.size()) +
         " protections in force" + lacking;
}

std::string describe(const node::ServiceStatus& service) {
  const bool held = service.hold == node::ServiceStatus::Hold::held;
  const std::string hold = held ? " and held until `node start`" : "";
  if (service.state == ServiceState::stopped) return service.name + ": stopped" + hold;
  auto text = service.name + ": running";
  if (service.run) text += " as process " + std::to_string(service.run->process.pid);
  text += hold;
  text += service.unhealthy ? ", NOT HEALTHY: " + *service.unhealthy : ", healthy";
  return text + "; " + gate_of(service);
}

void write_service(const node::ServiceStatus& service, JsonWriter& json) {
  const bool runs = service.state == ServiceState::running;
  json.begin_object().text("name", service.name).text("state", runs ? "running" : "stopped");
  json.key("held").boolean(service.hold == node::ServiceStatus::Hold::held);
  json.text("health", !runs ? "none" : (service.unhealthy ? "unhealthy" : "healthy"));
  json.text("unhealthy", service.unhealthy.value_or(""));
  json.number("pid", service.run ? static_cast<std::uint64_t>(service.run->process.pid) : 0);
  json.key("coverage").begin_array();
  if (service.run) {
    for (const auto& [facility, force, detail] : service.run->coverage) {
      json.begin_object().text("facility", facility);
      json.text("state", force == Force::in_force ? "in-force" : "not-available");
      json.text("detail", detail).end_object();
    }
  }
  json.end_array().end_object();
}

std::string describe(const node::GateReport& gate) {
  const auto& [orders, running, not_known, ended] = gate;
  if (not_known) return "not known whether one runs: " + std::string(sallyport::name(*not_known));
  if (!running) {
    return std::string("none runs: each service is verified at its start and confined") +
           (ended ? "; the last one was told to end at " + ended->print() : "") +
           (orders.rule ? "; the policy says " + sallyport::describe(*orders.rule) : "");
  }
  return std::string(word(running->mode)) +
         (running->mode_from == ModeFrom::policy
              ? ", as policy version " + std::to_string(running->policy_version) + " says"
              : ", set on this node") +
         "; process " + std::to_string(running->custodian);
}

void show_gate(const node::GateReport& gate, Output& output) {
  const auto& running = gate.running;
  output.field("gate", describe(gate));
  auto& json = output.json().key("gate").begin_object();
  json.text("mode", running ? word(running->mode) : gate.not_known ? "unknown" : "none");
  json.text("mode_from", gate.orders.rule ? word(ModeFrom::policy) : word(ModeFrom::node));
  json.text("policy", gate.orders.rule ? sallyport::describe(*gate.orders.rule) : "");
  json.text("ended", gate.ended ? gate.ended->print() : "");
  json.end_object();
}

void show_services(const std::vector<node::ServiceStatus>& services, Output& output) {
  output.json().key("services").begin_array();
  for (const auto& service : services) {
    output.field("service", describe(service));
    write_service(service, output.json());
  }
  output.json().end_array();
}

void show_config(const std::vector<node::ConfigStatus>& config, Output& output) {
  const auto state_of = [](node::ConfigState state) -> std::string_view {
    if (state == node::ConfigState::standard) return "default";
    return state == node::ConfigState::changed ? "changed" : "missing";
  };
  output.json().key("config").begin_array();
  for (const auto& [path, merge, state] : config) {
    const std::string word(state_of(state));
    const auto rule = spell_choice(merge, merge_rules);
    output.field("config", "active/config/" + path + ": " + word + "; at an upgrade: " + std::string(rule));
    output.json().begin_object().text("path", path).text("state", word).text("merge", rule).end_object();
  }
  output.json().end_array();
}

Result<void> run_status(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open_to_look(arguments));
  const auto report = TRY(node::status(world->ports()));
  output.line("Node " + report.identity.node.text() + " of pool " + report.identity.pool.text());
  output.field("policy", report.policy_name + ", version " + std::to_string(report.policy_version));
  show_ending(report.ending, output);
  show_log(report, output);
  output.json()
      .text("node", report.identity.node.text())
      .text("pool", report.identity.pool.text())
      .number("policy_version", report.policy_version)
      .text("policy", report.identity.policy.text());
  if (report.break_glass) {
    output.field("BREAK-GLASS", "what runs came in under a break-glass order: " + *report.break_glass);
    output.json().text("break_glass", *report.break_glass);
  }
  show_state(report, output);
  show_orders(report, output);
  if (report.recalls > 0) output.field("recalls", std::to_string(report.recalls));
  output.json().number("recalls", report.recalls);
  if (report.gate) show_gate(*report.gate, output);
  show_services(report.services, output);
  show_config(report.config, output);
  show_findings(report.findings, output);
  return {};
}

constexpr std::string_view details =
    "Shows the policy, the active generation with its digests, what a rollback returns to, what became of "
    "the "
    "last order, the\n"
    "floors below which nothing is installed, and of each service whether it runs, is healthy, is held, and "
    "what confines it. It\n"
    "digests no file: `node verify` does. It needs no lock and no room on the disk.";

// Where the packaged agent keeps a machine's node.
constexpr std::string_view usual_root = "/var/lib/sallyport";

Result<void> run_status_here(const Arguments& arguments, Output& output) {
  return run_status(Arguments({{"root", {arguments.text_or("root", usual_root)}}}), output);
}

}  // namespace

Command status_command() {
  return {"status",
          "Show what the node of this machine runs",
          details,
          {"sallyport status"},
          {},
          {{"root", "DIR", "The node's root folder (default: /var/lib/sallyport)"}},
          run_status_here};
}

Command node_status_command() {
  return {"node status",
          "Show what the node runs",
          details,
          {"sallyport node status --root /var/lib/sallyport"},
          {},
          {{"root", "DIR", "The node's root folder", Need::required}},
          run_status};
}

}  // namespace sallyport::cli
