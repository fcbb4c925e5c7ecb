// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "adapters/http/curl.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "core/trust/tuf/metadata.h"
#include "roles/node/sync.h"

namespace sallyport::cli {
namespace {

void show_order(const node::SyncedOrder& order, const std::string& root, Output& output) {
  auto& json = output.json();
  json.begin_object().text("order", order.order.text()).number("sequence", order.sequence);
  json.text("release", order.release).text("order_file", root + "/" + order.order_path);
  json.text("verdict_file", root + "/" + order.verdict_path);
  json.text("package_file", root + "/" + order.package_path);
  json.text("code", order.refusals.empty() ? std::string_view() : name(order.refusals.front().code))
      .end_object();
  const auto label = "Order " + std::to_string(order.sequence) + ": " + printable(order.release);
  if (order.refusals.empty()) {
    output.line(label + " is here.");
    output.next("sallyport node install " + root + "/" + order.package_path + " --verdict " + root + "/" +
                order.verdict_path + " --order " + root + "/" + order.order_path + " --root " + root);
  } else {
    output.line(label + " cannot be used: " + std::string(name(order.refusals.front().code)) + "  " +
                std::string(info(order.refusals.front().code).meaning));
  }
}

std::string_view words_about(node::SyncReport::PolicyState state) {
  using State = node::SyncReport::PolicyState;
  if (state == State::in_force) return ", the one in force here";
  return state == State::adopted ? ", adopted now; orders under the one before are void" : ", not adopted";
}

void show(const node::SyncReport& report, const std::string& root, Output& output) {
  output.field("repository", "root " + std::to_string(report.root) + ", snapshot " +
                                 std::to_string(report.timestamp_snapshot) + ", current");
  output.field("policy", "version " + std::to_string(report.policy_version) +
                             std::string(words_about(report.policy_state)));
  for (const auto& refusal : report.policy_refusals)
    output.line("The policy was not adopted: " + std::string(name(refusal.code)) + "  " +
                printable(refusal.where) + ": expected " + printable(refusal.expected) + ", found " +
                printable(refusal.found));
  auto& json = output.json();
  json.number("root", report.root).number("snapshot", report.timestamp_snapshot);
  json.number("policy_version", report.policy_version).text("policy", report.policy.text());
  json.text("policy_refused",
            report.policy_refusals.empty() ? "" : name(report.policy_refusals.front().code));
  json.key("orders").begin_array();
  if (report.orders.empty()) output.line("There is no order for this node that it has not used.");
  for (const auto& order : report.orders) show_order(order, root, output);
  json.end_array();
}

Result<void> run_sync(const Arguments& arguments, Output& output) {
  node::SyncRequest request{arguments.text("URL"), {}};
  TRY(check_url(request.url));
  if (arguments.has("pin"))
    request.first_root = TRY(read_whole_file(arguments.text("pin"), tuf::root_size_max));
  const auto world = TRY(NodeWorld::open(arguments));
  CurlSettings settings;
  settings.anchors = arguments.text_or("ca", "");
  CurlFetcher fetcher(settings);
  auto synced = attempt([&] { return node::sync(world->ports(), fetcher, request); });
  const Error* const error = synced.ok() ? nullptr : &synced.error();
  TRY(world->record(world->event("node-sync", request.url), error));
  show(TRY(std::move(synced)), arguments.text("root"), output);
  return {};
}

}  // namespace

Command node_sync_command() {
  return {"node sync",
          "Fetch what the operator's repository has for this node",
          "Refreshes the repository's metadata (TUF 1.0) and fetches the orders of the node's pool that name "
          "it, with "
          "the verdicts and packages\n"
          "that they rest on. Verdict and order are verified before a package is fetched. Nothing is "
          "installed. What "
          "breaks off is\n"
          "continued by the next call.",
          {"sallyport node sync https://repository.example --root /var/lib/sallyport"},
          {{"URL", "", "The folder of the repository that holds metadata/ and targets/", Need::required}},
          {{"root", "DIR", "The node's root folder", Need::required},
           {"pin", "FILE", "The repository's first root, once: everything else is trusted through it"},
           {"ca", "FILE", "Authorities for the server's certificate (PEM), instead of the system's"}},
          run_sync};
}

}  // namespace sallyport::cli
