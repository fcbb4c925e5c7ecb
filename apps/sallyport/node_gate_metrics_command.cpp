// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/format/gate_metrics.h"
#include "core/gate/claim.h"
#include "roles/node/books.h"
#include "roles/node/gate_terms.h"

namespace sallyport::cli {
namespace {

// That no gate runs is a metric, and no error: a file of before would go on saying that one does.
Result<GateMetrics> gather(NodeWorld& world) {
  const auto books = TRY(node::Books::open(world.disk()));
  GateMetrics metrics{books.state().identity.node, {}};
  auto gate = node::gate_status(world.disk());
  if (!gate.ok() && gate.error().code == Code::gate_not_running) return metrics;
  metrics.gate = TRY(std::move(gate));
  metrics.ways_left = gate::not_closed(metrics.gate->wanted, metrics.gate->holes).size();
  const auto orders = TRY(node::gate_orders(world.disk(), books));
  metrics.observes_too_long =
      metrics.gate->mode == GateMode::observe && node::observes_too_long(orders, world.now()).has_value();
  return metrics;
}

Result<void> run_metrics(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open_to_look(arguments));
  const auto metrics = TRY(gather(*world));
  const auto text = print_gate_metrics(metrics);
  output.json().text("metrics", text).key("gate_runs").boolean(metrics.gate.has_value());
  if (arguments.has("o")) return replace_result(arguments, arguments.text("o"), as_bytes(text), output);
  output.text(text);
  return {};
}

}  // namespace

Command node_gate_metrics_command() {
  return {"node gate metrics",
          "Write what the gate counts, for Prometheus",
          "In Prometheus's text format, to standard output or into FILE, which is always whole: for the "
          "textfile collector of node_exporter.\n"
          "Opens no port. Where no gate runs that is what it says (sallyport_gate_up 0), with exit code 0. "
          "docs/spec/gate.md, Metrics.",
          {"sallyport node gate metrics --root /var/lib/sallyport",
           "sallyport node gate metrics --root /var/lib/sallyport -o "
           "/var/lib/prometheus/node-exporter/sallyport.prom"},
          {},
          {{"root", "DIR", "The node's root folder", Need::required},
           {"o", "FILE", "Where they go, in the place of those of before (default: standard output)"},
           dry_option},
          run_metrics};
}

}  // namespace sallyport::cli
