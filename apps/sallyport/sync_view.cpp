// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/sync_view.h"

#include "apps/sallyport/command.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/recall_view.h"
#include "core/base/text.h"

namespace sallyport::cli {
namespace {

void show_order(const node::SyncedOrder& order, const std::string& root, Output& output) {
  auto& json = output.json();
  json.begin_object().text("order", order.order.text()).number("sequence", order.sequence);
  json.text("release", order.release).text("order_file", root + "/" + order.order_path);
  json.text("verdict_file", root + "/" + order.verdict_path);
  json.text("package_file", root + "/" + order.package_path);
  if (!order.proof_path.empty()) json.text("proof_file", root + "/" + order.proof_path);
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

std::string words_about(node::SyncedPaper::Kind kind) {
  using Kind = node::SyncedPaper::Kind;
  if (kind == Kind::recall) return "recall";
  return kind == Kind::revocations ? "revocation list" : "stop order";
}

void show_paper(const node::SyncedPaper& paper, Output& output) {
  using Effect = node::SyncedPaper::Effect;
  const auto kind = words_about(paper.kind);
  const auto code = paper.refusals.empty() ? std::string() : std::string(name(paper.refusals.front().code));
  const std::string effect = paper.effect == Effect::taken   ? "taken in"
                             : paper.effect == Effect::known ? "known"
                                                             : "refused";
  output.field(kind, paper.name + ": " + effect + (code.empty() ? "" : ", " + code));
  output.json().begin_object().text("kind", kind).text("name", paper.name);
  output.json().text("effect", effect).text("code", code);
  if (paper.recall) output.json().key("active").boolean(paper.recall->alarm.has_value());
  output.json().end_object();
}

// Of each recall that came in now and that the active generation has.
void show_alarms(const node::SyncReport& report, const std::string& root, Output& output) {
  bool alarmed = false;
  for (const auto& paper : report.papers) {
    if (paper.effect != node::SyncedPaper::Effect::taken || !paper.recall || !paper.recall->alarm) continue;
    show_alarm(*paper.recall->alarm, output);
    alarmed = true;
  }
  if (alarmed) output.next(advice_after_alarm(root));
}

const char* activity_of(node::SyncedPaper::Kind kind) {
  using Kind = node::SyncedPaper::Kind;
  if (kind == Kind::recall) return "node-recall";
  return kind == Kind::revocations ? "node-crl" : "node-stop-order";
}

std::string_view words_about(node::SyncReport::PolicyState state) {
  using State = node::SyncReport::PolicyState;
  if (state == State::in_force) return ", the one in force here";
  return state == State::adopted ? ", adopted now; orders under the one before are void" : ", not adopted";
}

}  // namespace

Result<node::SyncReport> told(Result<node::SyncReport> synced, const Arguments& arguments) {
  if (synced.ok() || arguments.rehearses()) return synced;
  auto error = std::move(synced).take_error();
  if (error.effect.empty() && info(error.code).exit != Exit::usage)
    error.effect = "nothing that runs was changed; what was accepted of the repository before this is kept";
  return error;
}

node::SyncRequest::Packages packages_of(const Arguments& arguments) {
  using Packages = node::SyncRequest::Packages;
  return arguments.rehearses() ? Packages::look_up : Packages::fetch;
}

Result<void> record_papers(NodeWorld& world, const node::SyncReport& report) {
  using Effect = node::SyncedPaper::Effect;
  for (const auto& paper : report.papers) {
    if (paper.effect == Effect::known) continue;
    auto event = world.event(activity_of(paper.kind), paper.name);
    const Error* told = paper.refusals.empty() ? nullptr : &paper.refusals.front();
    if (paper.effect == Effect::taken && paper.recall) {
      told = describe(*paper.recall, event);
    } else if (paper.effect == Effect::taken) {
      event.effect = paper.kind == node::SyncedPaper::Kind::revocations
                         ? "kept for installations from now on"
                         : "the order cannot be used on this node";
    }
    TRY(world.record(event, told));
  }
  return {};
}

void show_sync(const node::SyncReport& report, const std::string& root, Output& output) {
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
  json.key("papers").begin_array();
  for (const auto& paper : report.papers) show_paper(paper, output);
  json.end_array().key("orders").begin_array();
  if (report.orders.empty()) output.line("There is no order for this node that it has not used.");
  for (const auto& order : report.orders) show_order(order, root, output);
  json.end_array();
  show_alarms(report, root, output);
}

}  // namespace sallyport::cli
