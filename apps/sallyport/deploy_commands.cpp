// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "adapters/host/workers.h"
#include "adapters/signer/open.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/motion_file.h"
#include "apps/sallyport/order_file.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/progress_bar.h"
#include "apps/sallyport/verdict_file.h"
#include "apps/sallyport/views.h"
#include "core/base/text.h"
#include "roles/operator/approve.h"
#include "roles/operator/propose.h"
#include "roles/operator/review.h"

namespace sallyport::cli {
namespace {

Event event_of(const std::string& activity, const std::string& person, const std::string& file,
               const Policy& policy, Instant time) {
  return {activity, time, person, base_name(file), {}, {}, {}, policy.version, {}, {}, "nothing"};
}

Result<std::optional<Instant>> time_option(const Arguments& arguments, std::string_view name) {
  if (!arguments.has(name)) return std::optional<Instant>();
  return std::optional(TRY(arguments.time_or_now(name)));
}

// An empty list is no list: only leaving the option out means all nodes.
Result<std::vector<NodeId>> nodes_option(const Arguments& arguments) {
  std::vector<NodeId> nodes;
  if (!arguments.has("nodes")) return nodes;
  std::string_view rest = arguments.text("nodes");
  for (;;) {
    const auto comma = rest.find(',');
    const auto node = NodeId::parse(rest.substr(0, comma));
    if (!node.ok())
      return Error(Code::usage_error, "--nodes", "names of nodes, with commas", std::string(rest));
    nodes.push_back(node.value());
    if (comma == std::string_view::npos) return nodes;
    rest.remove_prefix(comma + 1);
  }
}

Result<deploy::Proposal> read_proposal(const Arguments& arguments, const ByteSource& file, BytesView verdict,
                                       const Policy& policy, Instant now) {
  const auto pool = TRY(PoolId::parse(arguments.text("pool")));
  auto nodes = TRY(nodes_option(arguments));
  const auto from = TRY(time_option(arguments, "from"));
  const auto until = TRY(time_option(arguments, "until"));
  const auto person = TRY(PersonId::parse(arguments.text("as")));
  const auto sequence = TRY(sequence_option(arguments));
  return deploy::Proposal{.file = file,
                          .package_name = base_name(arguments.text("FILE")),
                          .verdict = verdict,
                          .policy = policy,
                          .pool = pool,
                          .nodes = std::move(nodes),
                          .from = from,
                          .until = until,
                          .person = person,
                          .reason = arguments.text_or("reason", ""),
                          .sequence = sequence,
                          .kind = arguments.has("break-glass") ? OrderKind::break_glass : OrderKind::ordinary,
                          .now = now,
                          .milliseconds = milliseconds_now()};
}

Result<deploy::Proposed> propose(const Arguments& arguments, const Policy& policy, Instant now) {
  const auto source = TRY(FileSource::open(arguments.text("FILE")));
  const auto verdict = TRY(read_verdict(arguments.text("verdict")));
  ProgressBar progress;
  progress.begin("verifying", source->size());
  const WatchedSource watched(*source, progress);
  const auto proposal = TRY(read_proposal(arguments, watched, verdict, policy, now));
  const auto keys = TRY(open_keys(arguments));
  ThreadWorkers workers;
  auto proposed = TRY(deploy::propose(proposal, *keys.first, workers));
  for (const auto& key : keys.further) {
    const auto file = as_bytes(proposed.envelope);
    proposed.envelope = TRY(deploy::approve_order({file, policy, proposal.person, now}, *key)).envelope;
  }
  return proposed;
}

Result<void> run_propose(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("o");
  const auto policy = TRY(load_policy_and_lists(arguments));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto log = TRY(open_events(arguments));
  const auto file = TRY(new_output(arguments, path));
  auto event = event_of("deploy-propose", arguments.text("as"), path, policy, now);
  const auto result = propose(arguments, policy, now);
  if (!result.ok()) return recorded(log.get(), event, result.error());

  const auto& [order, digest, envelope] = result.value();
  event.package = order.package.text();
  event.order = digest.text();
  event.signer = order.proposer.text();
  if (!arguments.has("dry-run")) {
    TRY(file->write(as_bytes(envelope)));
    TRY(file->commit());
    event.effect = "order written";
    output.json().text("file", path);
    output.next("another person reads it with: sallyport deploy review " + path + " --policy " +
                arguments.text("policy") + " --package " + arguments.text("FILE") + " --verdict " +
                arguments.text("verdict"));
  } else {
    would_write({path}, output);
  }
  show_fields(order_fields(order), output, "order");
  output.field("order", digest.text());
  output.json().text("order_digest", digest.text());
  return recorded(log.get(), event, {});
}

void show_log(const Policy& policy, Output& output) {
  output.field("log", describe_log_rule(policy.log));
  output.json().text("log", describe_log_rule(policy.log));
}

void show_standing(const deploy::Standing& standing, Output& output) {
  const auto list = [&](std::string_view label, const std::vector<std::string>& persons) {
    output.json().key(label).begin_array();
    std::string text;
    for (const auto& person : persons) {
      text += (text.empty() ? "" : ", ") + person;
      output.json().text(person);
    }
    output.json().end_array();
    output.field(label, text.empty() ? "nobody" : text);
  };
  output.field("standing", standing.word);
  output.json()
      .text("standing", standing.word)
      .text("window", standing.window)
      .number("required", standing.required);
  list("approved", standing.approved);
  list("refused", standing.refused);
  output.field("required", counted(standing.required, "person") + " other than " + standing.proposer + ": " +
                               standing.rule);
  output.json().text("rule", standing.rule);
  if (!standing.signatures.empty()) {
    output.field("signatures", standing.signatures);
    output.json().text("signatures", standing.signatures);
  }
  output.field("window", standing.window);
}

// A node's root, or a package: the release that runs now.
Result<std::optional<Tree>> running_release(const Arguments& arguments, const Policy& policy, Instant now,
                                            Workers& workers) {
  const auto path = arguments.text_or("running", "");
  if (path.empty()) return std::optional<Tree>();
  const auto kept = read_whole_file(path + "/active/tree.json", TreeLimits{}.json_size_max);
  if (kept.ok()) return std::optional(TRY(parse_tree(kept.value())));
  const auto source = TRY(FileSource::open(path));
  return std::optional(TRY(trust::package(*source, policy, now, workers))->tree);
}

// To approve what is decided already would be refused.
std::string advice_on(const deploy::Review& review, const Arguments& arguments) {
  const auto& standing = review.standing;
  const auto& order = arguments.text("ORDER");
  if (standing.word == "vetoed") return "nobody can use this order any more; propose a new one";
  if (standing.window == "over") return "the window of this order is over; propose a new one";
  if (standing.word == "granted")
    return "it has its approvals: sallyport node install FILE --verdict VERDICT --order " + order +
           " --root DIR";
  return "sallyport deploy approve " + order + " --policy " + arguments.text("policy") +
         " --as PERSON --key URI --reviewed " + review.digest.text();
}

void show_unwanted(std::string_view member, std::string_view what, const std::vector<std::string>& found,
                   Output& output) {
  output.json().key(member).begin_array();
  for (const auto& one : found) {
    output.line("  ! NOT ALLOWED by the policy, no node will take it: " + std::string(what) + " of " +
                printable(one));
    output.json().text(one);
  }
  output.json().end_array();
}

// What a person who signs now has not been shown.
void show_not_looked_at(const deploy::Review& review, Output& output) {
  output.json().key("not_looked_at").begin_array();
  const auto tell = [&](std::string_view member, const std::string& line) {
    output.line("  ! NOT LOOKED AT: " + line);
    output.json().text(member);
  };
  if (!review.verdict)
    tell("verdict", "what intake says, which may be a finding with an exception: --verdict VERDICT");
  if (!review.changes) tell("package", "what is in the package, and what changes: --package FILE");
  output.json().end_array();
}

Result<void> run_review(const Arguments& arguments, Output& output) {
  if (arguments.has("running") && !arguments.has("package"))
    return Error(Code::usage_error, "--running", "--package, to compare with what runs", "--running alone");
  const auto policy = TRY(load_policy(arguments.text("policy")));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto order = TRY(read_whole_file(arguments.text("ORDER"), envelope_size_max));
  ThreadWorkers workers;
  Bytes verdict;
  if (arguments.has("verdict")) verdict = TRY(read_verdict(arguments.text("verdict")));
  std::unique_ptr<FileSource> package;
  if (arguments.has("package")) package = TRY(FileSource::open(arguments.text("package")));
  const auto running = TRY(running_release(arguments, policy, now, workers));
  ProgressBar progress;
  std::optional<WatchedSource> watched;
  if (package) {
    watched.emplace(*package, progress);
    progress.begin("verifying", package->size());
  }

  deploy::ReviewRequest request{
      order, policy, now, {}, watched ? &*watched : nullptr, running ? &*running : nullptr};
  if (arguments.has("verdict")) request.verdict = verdict;
  const auto review = TRY(deploy::review(request, workers));
  show_fields(review.order, output, "order");
  output.field("order", review.digest.text());
  output.json().text("order_digest", review.digest.text());
  show_standing(review.standing, output);
  show_log(policy, output);
  if (review.verdict) {
    output.line("\nWhat intake says:");
    show_fields(*review.verdict, output, "verdict");
  }
  if (review.changes) {
    const auto& [diff, before, whole, sysctls, exceptions, provenance] = *review.changes;
    if (!provenance.empty()) {
      output.field("wrapped", provenance);
      output.json().text("provenance", provenance);
    }
    output.line(before.empty() ? "\nThe whole release (nothing to compare with was given, see --running):"
                               : "\nWhat changes against " + printable(before) + ":");
    if (before.empty()) {
      show_first_release(diff, whole, detail_of(arguments), output);
    } else {
      show_diff(diff, detail_of(arguments), output);
    }
    show_unwanted("sysctls_not_allowed", "kernel setting", sysctls, output);
    show_unwanted("exceptions_not_allowed", "confinement exception", exceptions, output);
  }
  show_not_looked_at(review, output);
  output.next(advice_on(review, arguments));
  return {};
}

Result<void> run_show(const Arguments& arguments, Output& output) {
  const auto policy = TRY(load_policy(arguments.text("policy")));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto order = TRY(read_whole_file(arguments.text("ORDER"), envelope_size_max));
  InlineWorkers workers;
  const auto review = TRY(deploy::review({order, policy, now, {}, nullptr, nullptr}, workers));
  show_fields(review.order, output, "order");
  output.field("order", review.digest.text());
  output.json().text("order_digest", review.digest.text());
  show_standing(review.standing, output);
  show_log(policy, output);
  return {};
}

// Which order is answered, whatever comes of it; of which package, and what was checked, once it has verified.
void name_order(Event& event, BytesView file, const Policy& policy, Instant now) {
  name_envelope(event, file);
  const auto proposed = trust::order_as_proposed(file, policy, now);
  if (!proposed.ok()) return;
  event.package = proposed.value()->order.package.text();
  event.checks = proposed.value().evidence().checks;
}

using AnswerFunction = Result<deploy::Answered> (*)(const deploy::Answer&, Signer&);

Result<void> answer_order(const std::string& activity, AnswerFunction answer, const Arguments& arguments,
                          Output& output) {
  const auto& path = arguments.text("ORDER");
  const auto policy = TRY(load_policy(arguments.text("policy")));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto person = TRY(PersonId::parse(arguments.text("as")));
  const auto log = TRY(open_events(arguments));
  const auto keys = TRY(open_keys(arguments));
  const auto reviewed = TRY(reviewed_of(arguments));
  const auto file = TRY(OrderFile::open(path));
  auto event = event_of(activity, person.text(), path, policy, now);
  name_order(event, file.content(), policy, now);
  auto result = answer({file.content(), policy, person, now, reviewed}, *keys.first);
  for (const auto& key : keys.further) {
    if (!result.ok()) break;
    const auto before = std::move(result.value().envelope);
    result = answer({as_bytes(before), policy, person, now, reviewed}, *key);
  }
  if (!result.ok()) return recorded(log.get(), event, result.error());

  const auto& answered = result.value();
  event.signer = person.text();
  if (!arguments.has("dry-run")) {
    TRY(file.replace(as_bytes(answered.envelope)));
    event.effect = "signature added";
  } else {
    would_write({path}, output);
  }
  InlineWorkers workers;
  const auto review =
      TRY(deploy::review({as_bytes(answered.envelope), policy, now, {}, nullptr, nullptr}, workers));
  output.field("order", answered.digest.text());
  output.json().text("order_digest", answered.digest.text());
  show_standing(review.standing, output);
  return recorded(log.get(), event, {});
}

Result<void> run_approve(const Arguments& arguments, Output& output) {
  return answer_order("deploy-approve", deploy::approve_order, arguments, output);
}

Result<void> run_refuse(const Arguments& arguments, Output& output) {
  return answer_order("deploy-refuse", deploy::refuse_order, arguments, output);
}

const Option policy_option{"policy", "POLICY", "The policy file", Need::required};
const Option person_option{"as", "PERSON", "Who you are, as the policy names you", Need::required};
const Option key_option{
    "key", "URI",
    "Your key: file:PATH or pkcs11:…; where the policy asks for several kinds of signatures, one of each",
    Need::required, Takes::values};
const Option at_option{"at", "TIME", "Decide as of this time, instead of now"};
const Option order_positional{"ORDER", "", "The order file", Need::required};

Command propose_command() {
  return {"deploy propose",
          "Propose to run a package in a pool",
          "Makes a deployment order from a package and its clean verdict, and signs it as its proposer. The "
          "proposer "
          "does not count as\nan approver. An order is good for each of its nodes once, within its window.",
          {"sallyport deploy propose mme-1.0.csar --verdict mme-1.0.verdict --policy policy.json --pool "
           "mme-north "
           "--as alice \\\n      --key file:alice.key --reason 'quarterly update' -o mme-1.0.order"},
          {{"FILE", "", "The signed package", Need::required}},
          {{"verdict", "VERDICT", "The verdict of intake on this package", Need::required},
           policy_option,
           crl_option,
           {"pool", "POOL", "The pool of nodes", Need::required},
           {"nodes", "NODES", "Some nodes of the pool, with commas between them (default: all)"},
           person_option,
           key_option,
           {"reason", "TEXT", "Why, for the approvers"},
           {"from", "TIME", "The window begins (default: now)"},
           {"until", "TIME", "The window ends (default: a week later, or as long as the policy allows)"},
           {"break-glass", "",
            "An emergency: by the pool's break-glass rule and break-glass keys; a reason is needed and the "
            "window is short",
            Need::optional, Takes::nothing},
           {"sequence", "NUMBER", "Number within the pool (default: by the time)"},
           {"o", "ORDER", "Where the order goes", Need::required},
           at_option,
           dry_option,
           events_option},
          run_propose};
}

Command review_command() {
  return {"deploy review",
          "Show everything that an order would do",
          "Shows every field that is signed, who has signed, what intake said, and what changes against the "
          "release "
          "that runs: files,\nsetuid, capabilities, services, ports, kernel settings, configuration, users, "
          "exceptions. "
          "The files given must be those that the "
          "order names.",
          {"sallyport deploy review mme-1.1.order --policy policy.json --package mme-1.1.csar --verdict "
           "mme-1.1.verdict --running mme-1.0.csar"},
          {order_positional},
          {policy_option,
           {"package", "FILE", "The package that the order is about"},
           {"verdict", "VERDICT", "The verdict that the order rests on"},
           {"running", "DIR|FILE", "The root of a node, or the package that runs now, to compare with"},
           full_option,
           at_option},
          run_review};
}

}  // namespace

std::vector<Command> deploy_commands() {
  const std::vector<Option> answering = {policy_option, person_option, key_option,   reviewed_option,
                                         at_option,     dry_option,    events_option};
  std::vector<Command> commands = {
      propose_command(),
      review_command(),
      {"deploy approve",
       "Approve an order with your signature",
       "Adds your signature to the order file. Refused when the order does not verify, when the key is not "
       "yours, when "
       "you proposed it\nor have signed it already, or when the policy gives you no approving role. Where "
       "the file "
       "lies with others, --reviewed sees to it\nthat what you sign is what `deploy review` has shown.",
       {"sallyport deploy approve mme-1.0.order --policy policy.json --as bob --key file:bob.key"},
       {order_positional},
       answering,
       run_approve},
      {"deploy refuse",
       "Refuse an order: nobody can use it any more",
       "Adds your signed refusal to the order file. One refusal is a veto, whatever the number of approvals.",
       {"sallyport deploy refuse mme-1.0.order --policy policy.json --as bob --key file:bob.key"},
       {order_positional},
       answering,
       run_refuse},
      {"deploy show",
       "Show an order and who has signed it",
       "Verifies every signature on the order, and shows its fields and its standing.",
       {"sallyport deploy show mme-1.0.order --policy policy.json"},
       {order_positional},
       {policy_option, at_option},
       run_show},
  };
  for (auto& command : stop_commands()) commands.push_back(std::move(command));
  return commands;
}

}  // namespace sallyport::cli
