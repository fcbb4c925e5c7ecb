// SPDX-License-Identifier: Apache-2.0
// Recalls, where they are proposed and approved; node_recall_command.cpp has what happens on the node.
#include "adapters/disk/file_source.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/fleet.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/motion_file.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/verdict_file.h"
#include "apps/sallyport/views.h"
#include "core/format/dsse.h"
#include "roles/operator/recall.h"

namespace sallyport::cli {
namespace {

const MotionKind kind{"recall", "recall", "RECALL", deploy::prove_recall, deploy::prove_recall};

// ADR 24: before persons sign, and when they have.
void tell_that_it_stays(Output& output) {
  output.field("for ever",
               "a recall cannot be undone: no other one takes it back, and nodes keep it; what was "
               "recalled by mistake comes back only as a release with other bytes");
}

Result<void> run_propose(const Arguments& arguments, Output& output) {
  const auto make = [&](const Policy& policy, Instant now, Signer& signer) -> Result<ProposedFile> {
    const auto pool = TRY(PoolId::parse(arguments.text("pool")));
    const auto person = TRY(PersonId::parse(arguments.text("as")));
    const auto sequence = TRY(sequence_option(arguments));
    deploy::RecallProposal proposal{
        {}, policy, pool, person, arguments.text_or("reason", ""), sequence, now, milliseconds_now()};
    proposal.fleet = TRY(load_fleet(arguments, now));
    for (const auto& path : arguments.list("verdict")) proposal.verdicts.push_back(TRY(read_verdict(path)));
    for (const auto& path : arguments.list("exception"))
      proposal.exceptions.push_back(TRY(read_whole_file(path, envelope_size_max)));
    auto proposed = TRY(deploy::propose_recall(proposal, signer));
    return ProposedFile{recall_fields(proposed.recall), proposed.digest, std::move(proposed.envelope)};
  };
  TRY(propose_file(kind, make, arguments, output));
  tell_that_it_stays(output);
  return {};
}

ShowMotion shown_on(Output& output) {
  return [&output](BytesView file, const Policy& policy, Instant now) -> Result<deploy::OpenMotion> {
    const auto proposed = TRY(trust::recall_as_proposed(file, policy, now));
    show_fields(recall_fields(proposed->recall), output, "recall");
    tell_that_it_stays(output);
    return deploy::OpenMotion{proposed->recall.pool, proposed->recall.proposer, proposed->motion};
  };
}

Result<void> run_show(const Arguments& arguments, Output& output) {
  TRY(show_file(kind, shown_on(output), arguments, output));
  return {};
}

Result<void> run_review(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("RECALL");
  return review_file(kind, shown_on(output),
                     "each node of the pool has to know it: sallyport deploy publish --repository DIR "
                     "--key ONLINE-KEY --recall " +
                         path + "; where nodes do not fetch: sallyport node recall " + path + " --root DIR",
                     arguments, output);
}

Result<void> run_approve(const Arguments& arguments, Output& output) {
  TRY(answer_file(kind, approve::Act::approve, arguments, output));
  tell_that_it_stays(output);
  return {};
}

Result<void> run_refuse(const Arguments& arguments, Output& output) {
  return answer_file(kind, approve::Act::refuse, arguments, output);
}

const Option policy_option{"policy", "POLICY", "The policy file", Need::required};
const Option at_option{"at", "TIME", "Decide as of this time, instead of now"};
const Option recall_positional{"RECALL", "", "The recall's file", Need::required};

Command propose_command() {
  return {
      "recall propose",
      "Propose that nodes stop running what was found to be malware",
      "Makes a recall of the contents, and of the packages, in which verdicts name malware, and signs it as "
      "its proposer. It takes the\napprovals that an order of the pool takes. A node that knows it never "
      "starts them again, whatever was approved before. A recall cannot\nbe undone.",
      {"sallyport recall propose --verdict rescanned/c0cd….verdict --policy policy.json --pool mme-north "
       "--as alice --key file:alice.key -o mme.recall"},
      {},
      {{"verdict", "VERDICT", "A verdict that names malware", Need::required, Takes::values},
       policy_option,
       {"pool", "POOL", "The pool whose nodes it is for", Need::required},
       {"as", "PERSON", "Who you are, as the policy names you", Need::required},
       {"key", "URI",
        "Your key: file:PATH or pkcs11:…; where the policy asks for several kinds of signatures, one of each",
        Need::required, Takes::values},
       {"exception", "FILE",
        "An approved exception of the pool: the finding that it is about recalls nothing", Need::optional,
        Takes::values},
       {"reason", "TEXT", "Why, for the approvers (default: what was found first)"},
       reports_option,
       node_keys_option,
       {"sequence", "NUMBER", "Number within the pool's recalls (default: by the time)"},
       {"o", "RECALL", "Where the recall goes", Need::required},
       at_option,
       dry_option,
       events_option},
      run_propose};
}

}  // namespace

std::vector<Command> recall_commands() {
  return {
      propose_command(),
      {"recall review",
       "Show what a recall would forbid, and who has signed it",
       "Shows every field that is signed: each content and package, who found what with which database, and "
       "the standing. A recall that nodes have taken in cannot be undone.",
       {"sallyport recall review mme.recall --policy policy.json"},
       {recall_positional},
       {policy_option, at_option},
       run_review},
      {"recall approve",
       "Approve a recall with your signature",
       "Adds your signature to the file. A recall that nodes have taken in cannot be undone.\nRefused as the "
       "approval of an order is: when it does not verify, "
       "when "
       "the key is not yours,\nwhen you proposed it or have signed it already, or without an approving role.",
       {"sallyport recall approve mme.recall --policy policy.json --as bob --key file:bob.key"},
       {recall_positional},
       answering_options(),
       run_approve},
      {"recall refuse",
       "Refuse a recall: no node takes it any more",
       "Adds your signed refusal to the file. One refusal is a veto, whatever the number of approvals. What "
       "nodes have taken in stays.",
       {"sallyport recall refuse mme.recall --policy policy.json --as bob --key file:bob.key"},
       {recall_positional},
       answering_options(),
       run_refuse},
      {"recall show",
       "Show a recall and who has signed it",
       "Verifies every signature on the recall, and shows its fields and its standing.",
       {"sallyport recall show mme.recall --policy policy.json"},
       {recall_positional},
       {policy_option, at_option},
       run_show},
  };
}

}  // namespace sallyport::cli
