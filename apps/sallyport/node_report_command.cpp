// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
#include "roles/node/report.h"

namespace sallyport::cli {
namespace {

Result<void> run_report(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open_to_look(arguments));
  const auto signer = TRY(open_node_key(world->disk(), world->root()));
  const auto report = TRY(node::report(world->ports()));
  const auto envelope = TRY(node::sign_report(report, *signer));
  const auto& path = arguments.text("o");
  TRY(replace_result(arguments, path, as_bytes(envelope), output));
  output.field("node", report.node.text());
  output.field("time", report.time.print());
  for (const auto& one : report.generations)
    output.field(word(one.use), one.product.text() + " " + one.version + ", package " + one.package.text());
  if (!arguments.rehearses()) output.line("Wrote the report " + printable(path));
  output.json().text("node", report.node.text()).text("time", report.time.print()).text("report", path);
  return {};
}

}  // namespace

Command node_report_command() {
  return {"node report",
          "Write what the node runs, signed with its own key",
          "Which releases the node has and which one is active, its services, its gate, what `node status` "
          "finds, and the head of its event log.\nIt is brought to the operator's server (PUT "
          "/api/v1/nodes/NODE/report), which shows it. docs/spec/server.md",
          {"sallyport node report --root /var/lib/sallyport -o report.dsse"},
          {},
          {{"root", "DIR", "The node's folder", Need::required},
           {"o", "REPORT", "Where the report goes; an older one is replaced", Need::required},
           dry_option},
          run_report};
}

}  // namespace sallyport::cli
