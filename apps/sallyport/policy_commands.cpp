// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/policy_view.h"
#include "core/base/text.h"
#include "roles/operator/policy_draft.h"

namespace sallyport::cli {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (true) {
    const auto end = text.find(separator, start);
    parts.push_back(text.substr(start, end - start));
    if (end == std::string::npos) return parts;
    start = end + 1;
  }
}

// "ID:LIST:FILE" into its parts; the file name may hold further colons.
Result<std::vector<std::string>> fields(const std::string& option, const std::string& value,
                                        std::size_t count) {
  std::vector<std::string> parts;
  std::string rest = value;
  while (parts.size() + 1 < count) {
    const auto colon = rest.find(':');
    if (colon == std::string::npos) {
      return Error(Code::usage_error, "--" + option, std::to_string(count) + " parts with colons between",
                   value);
    }
    parts.push_back(rest.substr(0, colon));
    rest.erase(0, colon + 1);
  }
  parts.push_back(rest);
  return parts;
}

Result<std::string> text_file(const std::string& path) {
  return std::string(as_text(TRY(read_whole_file(path, 1U << 20U))));
}

Result<operators::LogDraft> read_log_draft(const Arguments& arguments) {
  const auto parts = TRY(fields("log", arguments.text("log"), 2));
  auto pem = TRY(read_public_key(parts[1]));
  operators::LogDraft log{parts[0], std::move(pem), {}, 0};
  for (const auto& value : arguments.list("witness")) {
    const auto witness = TRY(fields("witness", value, 2));
    auto key = TRY(read_public_key(witness[1]));
    log.witnesses.emplace_back(witness[0], std::move(key));
  }
  log.quorum = arguments.has("quorum") ? TRY(arguments.number("quorum")) : log.witnesses.size();
  return log;
}

Result<operators::PolicyDraft> read_draft(const Arguments& arguments) {
  operators::PolicyDraft draft;
  draft.name = arguments.text("name");
  for (const auto& value : arguments.list("source")) {
    const auto parts = TRY(fields("source", value, 3));
    auto anchors = TRY(text_file(parts[2]));
    draft.sources.push_back({parts[0], split(parts[1], ','), std::move(anchors)});
  }
  for (const auto& value : arguments.list("person")) {
    const auto parts = TRY(fields("person", value, 3));
    operators::PersonDraft person{parts[0], split(parts[1], ','), {}};
    for (const auto& file : split(parts[2], ',')) person.keys_pem.push_back(TRY(read_public_key(file)));
    draft.persons.push_back(std::move(person));
  }
  for (const auto& value : arguments.list("intake")) {
    const auto parts = TRY(fields("intake", value, 2));
    operators::IntakeDraft intake{parts[0], {}};
    for (const auto& file : split(parts[1], ',')) intake.keys_pem.push_back(TRY(read_public_key(file)));
    draft.intakes.push_back(std::move(intake));
  }
  for (const auto& value : arguments.list("pool")) {
    const auto parts = TRY(fields("pool", value, 3));
    draft.pools.push_back({parts[0], split(parts[1], ','), split(parts[2], ',')});
  }
  draft.propose_roles = split(arguments.text_or("propose", "operations"), ',');
  draft.approve_roles = split(arguments.text_or("approve", "operations,security"), ',');
  if (arguments.has("approvals")) draft.approvals = TRY(arguments.number("approvals"));
  if (arguments.has("officers")) draft.officer_roles = split(arguments.text("officers"), ',');
  if (arguments.has("threshold")) draft.officers = TRY(arguments.number("threshold"));
  if (arguments.has("threshold") && !arguments.has("officers"))
    return Error(Code::usage_error, "--officers", "the roles that --threshold counts", "none");
  draft.hybrid = arguments.has("hybrid");
  if (arguments.has("log")) draft.log = TRY(read_log_draft(arguments));
  if (!arguments.has("log") && (arguments.has("witness") || arguments.has("quorum"))) {
    return Error(Code::usage_error, "--log", "the log that the witnesses watch", "none");
  }
  return draft;
}

Result<void> run_init(const Arguments& arguments, Output& output) {
  const auto text = TRY(operators::draft_policy(TRY(read_draft(arguments))));
  TRY(write_result(arguments, arguments.text("o"), as_bytes(text), output));
  if (!arguments.has("dry-run")) output.line("Wrote the policy " + printable(arguments.text("o")));
  const auto policy = TRY(parse_policy(as_bytes(text)));
  show_policy(policy, output);
  if (arguments.has("dry-run")) return {};
  output.next((policy.officers
                   ? "read it, then pin it on a node: "
                   : "give it officers before a node gets it: draft it again with --officers, since a "
                     "node never takes another policy without their signatures; to pin it as it is: ") +
              ("sallyport node init --policy " + arguments.text("o") + " …"));
  return {};
}

Result<void> run_show(const Arguments& arguments, Output& output) {
  show_policy(TRY(load_policy(arguments.text("POLICY"))), output);
  return {};
}

Result<void> run_check(const Arguments& arguments, Output& output) {
  const auto policy = TRY(load_policy(arguments.text("POLICY")));
  output.line("The policy is well formed and does not contradict itself.");
  output.json().text("digest", policy.digest.text());
  return {};
}

}  // namespace

std::vector<Command> policy_commands() {
  const Option file{"POLICY", "", "The policy file", Need::required};
  std::vector<Command> commands = {
      {"policy init",
       "Draft a policy from certificates and keys",
       "Writes a first policy. Afterwards it is a JSON file that people edit and review; docs/spec/policy.md "
       "describes it.",
       {"sallyport policy init --name 'Operator X' --source acme:mme:acme-root.pem --person "
        "alice:operations:alice.key.pub \\\n"
        "      --person bob:security:bob.pub --person carol:operations:carol.pub --intake "
        "intake-1:intake.key.pub \\\n"
        "      --pool mme-north:mme:mme-1,mme-2 --approvals 2 --officers operations,security -o policy.json"},
       {},
       {{"name", "NAME", "The policy's name, for people", Need::required},
        {"source", "ID:PRODUCTS:FILE",
         "An authorised vendor, what it may sign, its anchor certificates (PEM)", Need::required,
         Takes::values},
        {"person", "ID:ROLES:FILES", "A person, roles, public key files; lists with commas", Need::required,
         Takes::values},
        {"intake", "ID:FILES", "An intake and its public key, or one of each kind with commas",
         Need::required, Takes::values},
        {"pool", "ID:PRODUCTS:NODES", "A pool, what it runs, its nodes", Need::required, Takes::values},
        {"propose", "ROLES", "Roles that may propose (default operations)"},
        {"approve", "ROLES", "Roles that may approve (default operations,security)"},
        {"approvals", "M", "Persons that must approve, without the proposer (default 2)"},
        {"officers", "ROLES",
         "Roles that may change this policy later (default: nobody, the nodes keep it for ever)"},
        {"threshold", "M", "How many of these officers have to sign a change (default 2)"},
        {"hybrid", "",
         "Ask for a classical and a post-quantum signature on every statement and package (ML-DSA)",
         Need::optional, Takes::nothing},
        {"log", "ORIGIN:FILE",
         "The log that orders must be in, and its public key (default: no log is required)"},
        {"witness", "NAME:FILE", "A witness of the log, and its public key", Need::optional, Takes::values},
        {"quorum", "N", "Witnesses that must have cosigned (default: all)"},
        {"o", "FILE", "Where the policy goes", Need::required},
        dry_option},
       run_init},
      {"policy show",
       "Show what a policy says",
       "Shows sources, persons, intakes and pools.",
       {"sallyport policy show policy.json"},
       {file},
       {},
       run_show},
      {"policy check",
       "Check a policy",
       "Says whether the policy is well formed and can be met: no empty list, no threshold that its persons "
       "cannot reach, no key twice.",
       {"sallyport policy check policy.json"},
       {file},
       {},
       run_check},
  };
  for (auto& command : policy_approval_commands()) commands.push_back(std::move(command));
  return commands;
}

}  // namespace sallyport::cli
