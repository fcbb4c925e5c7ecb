// SPDX-License-Identifier: Apache-2.0
// Changes of the policy and stop orders, from the officer's desk to the node.
#include "adapters/disk/file_source.h"
#include "adapters/signer/open.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/order_file.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/policy_view.h"
#include "apps/sallyport/signed_file.h"
#include "apps/sallyport/views.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "core/format/dsse.h"
#include "roles/node/trust_changes.h"
#include "roles/operator/policy_signing.h"
#include "roles/operator/stop.h"

namespace sallyport::cli {
namespace {

void show_count(const operators::SignatureCount& count, Output& output) {
  output.field("signed by", joined(count.before) + " for the policy in force; " + joined(count.after) +
                                " for the new one");
  output.json().key("complete").boolean(!count.missing);
  if (!count.missing) return output.line("Signed by enough officers of both policies.");
  output.field("missing", count.missing->expected + ", " + count.missing->where +
                              (count.missing->found.empty() ? "" : "; so far " + count.missing->found));
}

std::string advice_when_complete(const std::string& file) {
  return "each node has to know it: sallyport node policy " + file + " --root DIR";
}

Event signing_event(const std::string& activity, const Arguments& arguments, const std::string& subject,
                    Instant now) {
  return {activity, now, arguments.text("as"), base_name(subject), {}, {}, {}, 0, {}, {}, "nothing"};
}

Result<void> run_approve(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("POLICY");
  const auto now = TRY(arguments.time_or_now("at"));
  const auto person = TRY(PersonId::parse(arguments.text("as")));
  const auto log = TRY(open_events(arguments));
  const auto signer = TRY(open_signer(arguments.text("key")));
  const auto reviewed = TRY(reviewed_of(arguments));
  const auto file = TRY(OrderFile::open(path));
  std::optional<Policy> in_force;
  if (arguments.has("policy")) in_force = TRY(load_policy(arguments.text("policy")));
  auto event = signing_event("policy-approve", arguments, path, now);
  const auto result = operators::sign_policy(
      {file.content(), in_force ? &*in_force : nullptr, person, now, reviewed}, *signer);
  if (!result.ok()) return recorded(log.get(), event, result.error());
  event.policy_version = result.value().version;
  const auto advice = [&](const std::string& target) {
    return result.value().count.missing
               ? "another officer reads it and adds to it with: sallyport policy approve " + target +
                     " --as PERSON --key URI"
               : advice_when_complete(target);
  };
  TRY(write_signed(arguments, path, file, result.value().envelope, advice, output));
  if (!arguments.has("dry-run")) event.effect = "signature added";
  output.field("policy", "version " + std::to_string(result.value().version));
  output.field("digest", result.value().policy.text());
  output.json().number("version", result.value().version).text("digest", result.value().policy.text());
  show_count(result.value().count, output);
  return recorded(log.get(), event, {});
}

void show_change(const FieldChange& change, Output& output) {
  auto& json = output.json();
  json.begin_object().text("name", change.name);
  if (change.before) json.text("before", *change.before);
  if (change.after) json.text("after", *change.after);
  json.end_object();
  if (change.before) show_text("  - " + change.name + ":", *change.before, output);
  if (change.after) show_text("  + " + change.name + ":", *change.after, output);
}

Result<void> run_policy_review(const Arguments& arguments, Output& output) {
  const auto file = TRY(read_whole_file(arguments.text("POLICY"), envelope_size_max));
  const auto in_force = TRY(read_whole_file(arguments.text("policy"), policy_size_max));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto review = TRY(operators::review_policy(file, in_force, now));
  show_policy(review.next, output);
  show_count(review.count, output);
  output.line("\nEvery value that is signed:");
  show_fields(review.fields, output, "fields");
  output.line("\nWhat changes:");
  output.json().key("changes").begin_array();
  for (const auto& change : review.changes) show_change(change, output);
  output.json().end_array();
  const auto& path = arguments.text("POLICY");
  output.next(review.count.missing
                  ? "sallyport policy approve " + path + " --policy " + arguments.text("policy") +
                        " --as PERSON --key URI --reviewed " + review.next.digest.text()
                  : advice_when_complete(path));
  return {};
}

Result<void> run_stop(const Arguments& arguments, Output& output) {
  const auto policy = TRY(load_policy(arguments.text("policy")));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto person = TRY(PersonId::parse(arguments.text("as")));
  const auto order = TRY(read_whole_file(arguments.text("ORDER"), envelope_size_max));
  const auto log = TRY(open_events(arguments));
  const auto signer = TRY(open_signer(arguments.text("key")));
  auto event = signing_event("deploy-stop", arguments, arguments.text("ORDER"), now);
  event.policy_version = policy.version;
  const auto result =
      deploy::stop_order({order, policy, person, arguments.text_or("reason", ""), now}, *signer);
  if (!result.ok()) return recorded(log.get(), event, result.error());
  event.package = result.value().stop.package.text();
  event.order = result.value().stop.order.text();
  TRY(write_result(arguments, arguments.text("o"), as_bytes(result.value().envelope), output));
  if (!arguments.has("dry-run")) event.effect = "stop order written";
  show_fields(stop_fields(result.value().stop), output, "stop");
  output.next("each node has to know it: sallyport node stop-order " + arguments.text("o") + " --root DIR");
  return recorded(log.get(), event, {});
}

std::string effect_text(node::StopReport::Effect effect) {
  using Effect = node::StopReport::Effect;
  switch (effect) {
    case Effect::stopped:
      return "the order cannot be used on this node any more";
    case Effect::known:
      return "nothing: the node knew it";
    case Effect::was_used:
      return "nothing that runs: the order was carried out before";
    case Effect::interrupted:
      return "the installation that was begun is not finished any more";
  }
  return {};
}

Result<void> run_node_stop(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  const auto file = TRY(read_whole_file(arguments.text("STOP"), envelope_size_max));
  auto event = world->event("node-stop-order", base_name(arguments.text("STOP")));
  auto result = attempt([&] { return node::take_stop(world->ports(), file); });
  if (result.ok()) {
    event.order = result.value().stop.order.text();
    event.signer = result.value().stop.person.text();
    event.effect = effect_text(result.value().effect);
  }
  TRY(world->record(event, result.ok() ? nullptr : &result.error()));
  const auto report = TRY(std::move(result));
  show_fields(stop_fields(report.stop), output, "stop");
  output.field("effect", effect_text(report.effect));
  output.json().text("effect", effect_text(report.effect));
  return {};
}

Result<void> run_node_crl(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  const auto file = TRY(read_whole_file(arguments.text("CRL"), revocation_list_text_max));
  auto event = world->event("node-crl", base_name(arguments.text("CRL")));
  std::vector<Certificate> issuers;
  if (arguments.has("issuer")) issuers = TRY(load_chain(arguments.text("issuer")));
  auto result = node::take_list(world->ports(), file, issuers);
  using Effect = node::ListReport::Effect;
  if (result.ok()) {
    event.signer = result.value().authority;
    event.effect =
        result.value().effect == Effect::known ? "known already" : "kept for installations from now on";
  }
  TRY(world->record(event, result.ok() ? nullptr : &result.error()));
  const auto report = TRY(std::move(result));
  output.field("list", report.number + " of " + report.authority + ", " + std::to_string(report.revoked) +
                           " certificate(s) revoked");
  output.field("issued", report.issued.print() + ", the next one due " + report.next.print());
  output.field("effect", event.effect);
  output.json().text("authority", report.authority).text("list", report.number);
  output.json().text("issued", report.issued.print()).text("next", report.next.print());
  output.json().number("revoked", report.revoked).text("effect", event.effect);
  return {};
}

Result<void> run_node_policy(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open(arguments));
  const auto file = TRY(read_whole_file(arguments.text("POLICY"), envelope_size_max));
  const bool rehearsed = arguments.has("dry-run");
  auto result = attempt([&] {
    return rehearsed ? node::preview_policy(world->ports(), file) : node::change_policy(world->ports(), file);
  });
  if (!rehearsed) {
    auto event = world->event("node-policy", base_name(arguments.text("POLICY")));
    if (result.ok()) {
      event.policy_version = result.value().version;
      event.checks = result.value().checks;
      event.effect = "policy version " + std::to_string(result.value().version) + " in force";
    }
    TRY(world->record(event, result.ok() ? nullptr : &result.error()));
  }
  const auto report = TRY(std::move(result));
  for (const auto& check : report.checks)
    output.line("PASS  " + printable(check.name) + "  " + printable(check.finding));
  output.line((rehearsed ? "Would go" : "Went") + std::string(" from version ") +
              std::to_string(report.before) + " of the policy to version " + std::to_string(report.version) +
              ". Orders that rest on the one before are void; what runs is not touched.");
  if (report.left_out)
    output.line("This policy does not name this node in its pool (" +
                std::string(name(report.left_out->code)) + "): it takes no orders until one does.");
  output.json().number("before", report.before).number("version", report.version);
  output.json().text("policy", report.policy.text());
  return {};
}

const Option person_option{"as", "PERSON", "Who you are, as the policy names you", Need::required};
const Option key_option{"key", "URI", "Your key: file:PATH or pkcs11:…", Need::required};
const Option at_option{"at", "TIME", "Decide as of this time, instead of now"};
const Option root_option{"root", "DIR", "The node's root folder", Need::required};

}  // namespace

std::vector<Command> policy_approval_commands() {
  const Option file{"POLICY", "", "The new policy, or the file with signatures of others", Need::required};
  return {
      {"policy review",
       "Show what a new policy would change",
       "Shows the new policy, every value that is signed, what changes against the policy in force, and "
       "whose "
       "signatures are missing.",
       {"sallyport policy review policy-2.json.signed --policy policy.json"},
       {file},
       {{"policy", "POLICY", "The policy in force", Need::required}, at_option},
       run_policy_review},
      {"policy approve",
       "Sign a new policy as an officer",
       "Adds your signature over the policy file, byte for byte. A policy becomes the next one when enough "
       "officers of the policy\nin force and enough of its own have signed it.",
       {"sallyport policy approve policy-2.json --policy policy.json --as alice --key file:alice.key",
        "sallyport policy approve policy-2.json.signed --policy policy.json --as bob --key file:bob.key"},
       {file},
       {{"policy", "POLICY",
         "The policy in force: to count by both, and for who is no officer of the new one"},
        person_option,
        key_option,
        reviewed_option,
        {"o", "SIGNED", "Where the first signature goes (default: POLICY.signed)"},
        at_option,
        dry_option,
        events_option},
       run_approve}};
}

std::vector<Command> stop_commands() {
  return {
      {"deploy stop",
       "Stop an order that is out already",
       "Writes a signed stop order. A node that knows it never uses the order, nor finishes an installation "
       "that it has begun. It takes\none person with a role of the pool, as a refusal does.",
       {"sallyport deploy stop mme-1.0.order --policy policy.json --as bob --key file:bob.key --reason "
        "'wrong "
        "build' -o mme-1.0.stop"},
       {{"ORDER", "", "The order file", Need::required}},
       {{"policy", "POLICY", "The policy file", Need::required},
        person_option,
        key_option,
        {"reason", "TEXT", "Why"},
        {"o", "STOP", "Where the stop order goes", Need::required},
        at_option,
        dry_option,
        events_option},
       run_stop}};
}

std::vector<Command> node_trust_commands() {
  return {
      {"node policy",
       "Put the next version of the policy in force",
       "Takes a policy that enough officers of the policy in force, and enough of its own, have signed: the "
       "next "
       "version and no other.\nOrders that rest on the one before are void. What runs, and what a rollback "
       "returns to, is not touched.",
       {"sallyport node policy policy-2.json.signed --root /var/lib/sallyport"},
       {{"POLICY", "", "The signed policy", Need::required}},
       {root_option, rehearse_option},
       run_node_policy},
      {"node stop-order",
       "Take in a stop order",
       "The order that it names is never used on this node again, nor is its installation finished. The "
       "journal "
       "remembers it.",
       {"sallyport node stop-order mme-1.0.stop --root /var/lib/sallyport"},
       {{"STOP", "", "The stop order", Need::required}},
       {root_option, rehearse_option},
       run_node_stop},
      {"node crl",
       "Take in a revocation list",
       "Keeps the newest list of each authority that the policy names, or that issues certificates below one "
       "of them, and\nremembers its number: an older one is refused "
       "from then on.\nRevoked certificates stop new installations. What runs, and what a rollback returns "
       "to, is not "
       "touched.",
       {"sallyport node crl acme.crl --root /var/lib/sallyport",
        "sallyport node crl acme-release.crl --issuer acme-release-ca.pem --root /var/lib/sallyport"},
       {{"CRL", "", "The list (DER or PEM)", Need::required}},
       {root_option,
        {"issuer", "CHAIN",
         "Of an intermediate authority: its certificate, and those up to the anchor (PEM)"},
        rehearse_option},
       run_node_crl}};
}

}  // namespace sallyport::cli
