// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/curl.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/sync_view.h"
#include "core/base/text.h"
#include "roles/node/report.h"
#include "roles/node/report_delivery.h"

namespace sallyport::cli {
namespace {

Result<void> check_ways(const Arguments& arguments) {
  if (!arguments.has("o") && !arguments.has("to"))
    return Error(Code::usage_error, "-o and --to", "one of them, or both", "none");
  if (arguments.has("to")) TRY(check_url(arguments.text("to")));
  for (const auto* option : {"ca", "client-cert", "client-key"})
    if (arguments.has(option) && !arguments.has("to"))
      return Error(Code::usage_error, std::string("--") + option, "--to URL with it", "none");
  return {};
}

Result<void> write_down(const Arguments& arguments, const std::string& envelope, Output& output) {
  const auto& path = arguments.text("o");
  TRY(replace_result(arguments, path, as_bytes(envelope), output));
  if (!arguments.rehearses()) output.line("Wrote the report " + printable(path));
  output.json().text("report", path);
  return {};
}

Result<void> bring(const Arguments& arguments, const NodeId& node, const std::string& envelope,
                   Output& output) {
  const auto settings = TRY(curl_settings(arguments));
  const auto& server = arguments.text("to");
  if (arguments.rehearses()) {
    output.line("Would bring the report to " + printable(server));
    return {};
  }
  TRY(node::deliver_report(CurlPoster(settings), server, node, envelope));
  output.line("Brought the report to " + printable(server));
  output.json().text("server", server);
  return {};
}

Result<void> run_report(const Arguments& arguments, Output& output) {
  TRY(check_ways(arguments));
  const auto world = TRY(NodeWorld::open_to_look(arguments));
  const auto signer = TRY(open_node_key(world->disk(), world->root()));
  const auto report = TRY(node::report(world->ports()));
  const auto envelope = TRY(node::sign_report(report, *signer));
  output.field("node", report.node.text());
  output.field("time", report.time.print());
  for (const auto& one : report.generations)
    output.field(word(one.use), one.product.text() + " " + one.version + ", package " + one.package.text());
  output.json().text("node", report.node.text()).text("time", report.time.print());
  if (arguments.has("o")) TRY(write_down(arguments, envelope, output));
  if (arguments.has("to")) TRY(bring(arguments, report.node, envelope, output));
  return {};
}

}  // namespace

Command node_report_command() {
  return {"node report",
          "Write what the node runs, signed with its own key",
          "Which releases the node has and which one is active, its services, its gate, what `node status` "
          "finds, and the head of its event log.\nThe operator's server shows it and decides nothing by it. "
          "docs/spec/server.md, Reports of nodes",
          {"sallyport node report --root /var/lib/sallyport -o report.dsse",
           "sallyport node report --root /var/lib/sallyport --to https://server.example:8443 --client-cert "
           "node.pem --client-key node.key"},
          {},
          {{"root", "DIR", "The node's folder", Need::required},
           {"o", "REPORT", "Where the report goes; an older one is replaced"},
           {"to", "URL", "Bring it to the operator's server (PUT /api/v1/nodes/NODE/report)"},
           {"ca", "FILE", "Authorities for the server's certificate (PEM), instead of the system's"},
           {"client-cert", "FILE", "This node's certificate (PEM)"},
           {"client-key", "FILE", "Its key (PEM, without a passphrase)"},
           dry_option},
          run_report};
}

}  // namespace sallyport::cli
