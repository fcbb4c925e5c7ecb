// SPDX-License-Identifier: Apache-2.0
// The baseline of a host on the officers' desk; node_baseline_commands.cpp has what happens on the node.
#include "adapters/disk/file_source.h"
#include "adapters/signer/open.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/order_file.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/signed_file.h"
#include "apps/sallyport/views.h"
#include "core/format/dsse.h"
#include "core/format/json_fields.h"
#include "roles/operator/baseline_signing.h"

namespace sallyport::cli {
namespace {

void show_signers(const operators::BaselineSigned& result, Output& output) {
  output.field("digest", result.identity.text());
  output.field("signed by", joined(result.signers));
  output.json().text("digest", result.identity.text()).text("signed_by", joined(result.signers));
  output.json().key("complete").boolean(!result.missing);
  if (result.missing) output.field("missing", result.missing->expected);
}

std::string advice_when_complete(const std::string& file) {
  return "each node has to know it: sallyport node baseline install " + file + " --root DIR";
}

Result<void> run_approve(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("BASELINE");
  const auto policy = TRY(load_policy(arguments.text("policy")));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto person = TRY(PersonId::parse(arguments.text("as")));
  const auto log = TRY(open_events(arguments));
  const auto signer = TRY(open_signer(arguments.text("key")));
  const auto reviewed = TRY(reviewed_of(arguments));
  const auto file = TRY(OrderFile::open(path));
  Event event{
      "baseline-approve", now, arguments.text("as"), base_name(path), {}, {}, {}, policy.version, {}, {},
      "nothing"};
  const auto result = operators::sign_baseline({file.content(), policy, person, now, reviewed}, *signer);
  if (!result.ok()) return recorded(log.get(), event, result.error());
  const auto advice = [&](const std::string& target) {
    return result.value().missing
               ? "another officer reads it and adds to it with: sallyport baseline approve " + target +
                     " --policy " + arguments.text("policy") + " --as PERSON --key URI"
               : advice_when_complete(target);
  };
  TRY(write_signed(arguments, path, file, result.value().envelope, advice, output));
  if (!arguments.has("dry-run")) event.effect = "signature added";
  show_signers(result.value(), output);
  return recorded(log.get(), event, {});
}

Result<void> show_changes(const Arguments& arguments, const HostBaseline& after, Output& output) {
  if (!arguments.has("before")) return {};
  const auto old_file = TRY(read_whole_file(arguments.text("before"), envelope_size_max));
  const auto before = TRY(parse_baseline(TRY(operators::baseline_payload(old_file))));
  output.line("\nWhat changes:");
  std::vector<Field> changes;
  for (const auto& change : diff_fields(baseline_fields(before), baseline_fields(after))) {
    if (change.before) changes.push_back({"- " + change.name, *change.before});
    if (change.after) changes.push_back({"+ " + change.name, *change.after});
  }
  show_fields(changes, output, "changes");
  return {};
}

Result<void> run_review(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("BASELINE");
  const auto policy = TRY(load_policy(arguments.text("policy")));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto file = TRY(read_whole_file(path, envelope_size_max));
  const auto review = TRY(operators::review_baseline(file, policy, now));
  if (arguments.has("full")) {
    const auto payload = TRY(operators::baseline_payload(file));
    show_fields(TRY(json_fields(payload, statement_size_max, Code::statement_malformed)), output);
  } else {
    show_fields(baseline_fields(review.baseline), output);
  }
  const auto files = count_files(review.baseline);
  output.field("programs", std::to_string(files) + ", of which " +
                               std::to_string(review.baseline.changed.size()) + " changed and " +
                               std::to_string(review.baseline.unowned.size()) + " of no package");
  output.json().number("files", files);
  TRY(show_changes(arguments, review.baseline, output));
  show_signers(review, output);
  output.next(review.missing
                  ? "sallyport baseline approve " + path + " --policy " + arguments.text("policy") +
                        " --as PERSON --key URI --reviewed " + review.identity.text()
                  : advice_when_complete(path));
  return {};
}

const Option file_option{"BASELINE", "", "The proposed baseline, or the file with signatures of others",
                         Need::required};
const Option policy_option{"policy", "POLICY", "The policy in force", Need::required};
const Option at_option{"at", "TIME", "Decide as of this time, instead of now"};

}  // namespace

std::vector<Command> baseline_commands() {
  return {
      {"baseline review",
       "Show which programs of a host its baseline lets run",
       "Shows packages with the number of their programs, every program that is not as its package has it, "
       "and every one of no\npackage: those two are for a person to look at. With --before, what changes "
       "against an earlier one.",
       {"sallyport baseline review mme-1.baseline --policy policy.json",
        "sallyport baseline review mme-1.baseline --policy policy.json --before mme-1.old.baseline --full"},
       {file_option},
       {policy_option,
        {"before", "BASELINE", "An earlier baseline, to see what changes"},
        {"full", "", "Every value that is signed, each program with its digest", Need::optional,
         Takes::nothing},
        at_option},
       run_review},
      {"baseline approve",
       "Sign the baseline of a host as an officer",
       "Adds your signature over the statement, byte for byte. A node takes a baseline that enough officers "
       "of its policy have signed.",
       {"sallyport baseline approve mme-1.baseline --policy policy.json --as alice --key file:alice.key"},
       {file_option},
       {policy_option,
        {"as", "PERSON", "Who you are, as the policy names you", Need::required},
        {"key", "URI", "Your key: file:PATH or pkcs11:…", Need::required},
        reviewed_option,
        {"o", "SIGNED", "Where the first signature goes (default: BASELINE.signed)"},
        at_option,
        dry_option,
        events_option},
       run_approve}};
}

}  // namespace sallyport::cli
