// SPDX-License-Identifier: Apache-2.0
// Exceptions for findings of intake, where persons propose and approve them.
#include "apps/sallyport/exception_commands.h"

#include "adapters/disk/file_source.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/motion_file.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/verdict_file.h"
#include "apps/sallyport/views.h"
#include "core/base/text.h"
#include "core/format/dsse.h"
#include "roles/operator/scan_exceptions.h"

namespace sallyport::cli {
namespace {

const MotionKind kind{"exception", "intake exception", "EXCEPTION", deploy::prove_exception,
                      deploy::prove_exception_that_lasts};

Result<void> run_propose(const Arguments& arguments, Output& output) {
  const auto make = [&](const Policy& policy, Instant now, Signer& signer) -> Result<ProposedFile> {
    const auto verdict = TRY(read_verdict(arguments.text("verdict")));
    const auto person = TRY(PersonId::parse(arguments.text("as")));
    const auto content = FileDigest::parse(arguments.text("content"));
    if (!content.ok())
      return Error(
          Code::usage_error, "--content",
          "the digest of a content, 64 hexadecimal digits, as `intake show` tells it behind a finding",
          printable(arguments.text("content").substr(0, 200)));
    const auto pool = TRY(PoolId::parse(arguments.text("pool")));
    const auto until = TRY(Instant::parse(arguments.text("until")));
    auto proposed =
        TRY(deploy::propose_exception({verdict, content.value(), arguments.text_or("engine", ""), policy,
                                       pool, person, until, arguments.text("reason"), now},
                                      signer));
    return ProposedFile{scan_exception_fields(proposed.exception), proposed.digest,
                        std::move(proposed.envelope)};
  };
  return propose_file(kind, make, arguments, output);
}

// What a person who knows the exception before has to look at.
void show_changes(const ScanException& before, const ScanException& now, Output& output) {
  const auto old = scan_exception_fields(before);
  const auto fields = scan_exception_fields(now);
  CHECK(old.size() == fields.size());
  output.json().key("changes").begin_array();
  std::size_t changes = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].value == old[i].value) continue;
    ++changes;
    output.field("changes", fields[i].name + ": " + old[i].value + " -> " + fields[i].value);
    output.json().begin_object().text("name", fields[i].name).text("before", old[i].value);
    output.json().text("now", fields[i].value).end_object();
  }
  output.json().end_array();
  if (changes == 0) output.field("changes", "none: the exception before says the same");
}

// `before`: the file of another one to compare with, if there is one.
ShowMotion shown_on(Output& output, const std::string& before) {
  return [&output, before](BytesView file, const Policy& policy, Instant now) -> Result<deploy::OpenMotion> {
    const auto proposed = TRY(trust::scan_exception_as_proposed(file, policy, now));
    const auto& exception = proposed->exception;
    show_fields(scan_exception_fields(exception), output, "exception");
    const bool over = now >= exception.until;
    output.field("time", over ? "OVER: nobody takes it any more" : "until " + exception.until.print());
    output.json().key("over").boolean(over);
    if (!before.empty()) {
      const auto other = TRY(read_whole_file(before, envelope_size_max));
      show_changes(TRY(trust::scan_exception_as_proposed(other, policy, now))->exception, exception, output);
    }
    return deploy::OpenMotion{exception.pool, exception.proposer, proposed->motion};
  };
}

Result<void> run_show(const Arguments& arguments, Output& output) {
  TRY(show_file(kind, shown_on(output, ""), arguments, output));
  return {};
}

Result<void> run_review(const Arguments& arguments, Output& output) {
  return review_file(kind, shown_on(output, arguments.text_or("before", "")),
                     "sallyport intake submit FILE --exception " + arguments.text("EXCEPTION") + " …",
                     arguments, output);
}

Result<void> run_approve(const Arguments& arguments, Output& output) {
  return answer_file(kind, approve::Act::approve, arguments, output);
}

Result<void> run_refuse(const Arguments& arguments, Output& output) {
  return answer_file(kind, approve::Act::refuse, arguments, output);
}

const Option policy_option{"policy", "POLICY", "The policy file", Need::required};
const Option at_option{"at", "TIME", "Decide as of this time, instead of now"};
const Option positional{"EXCEPTION", "", "The exception's file", Need::required};

Command propose_command() {
  return {
      "intake exception propose",
      "Propose that a finding about one content is a false positive",
      "Makes an exception for what one engine said of one content in a verdict that is not clean, and signs "
      "it as its proposer. It is for\none pool and until a time, never for a name or a pattern, and takes "
      "the approvals that an order of the pool takes.",
      {"sallyport intake exception propose --verdict mme-1.0.verdict --content 5f2c… --policy policy.json "
       "--pool mme-north --as alice --key file:alice.key \\\n      --until 2026-12-31T00:00:00Z --reason "
       "'vendor ticket 4711' -o helper.exception"},
      {},
      {{"verdict", "VERDICT", "The verdict that has the finding", Need::required},
       {"content", "DIGEST", "The content, as `intake show` tells it", Need::required},
       {"engine", "NAME", "Whose finding, where several engines have one"},
       policy_option,
       {"pool", "POOL", "The pool whose nodes may run it", Need::required},
       {"as", "PERSON", "Who you are, as the policy names you", Need::required},
       {"key", "URI",
        "Your key: file:PATH or pkcs11:…; where the policy asks for several kinds of signatures, one of each",
        Need::required, Takes::values},
       {"until", "TIME", "When it ends", Need::required},
       {"reason", "TEXT", "Why it is no malware, for the approvers", Need::required},
       {"o", "EXCEPTION", "Where the exception goes", Need::required},
       at_option,
       dry_option,
       events_option},
      run_propose};
}

}  // namespace

std::vector<Command> exception_commands() {
  return {
      propose_command(),
      {"intake exception review",
       "Show what an exception would let through, and who has signed it",
       "Shows every field that is signed: the content, the engine and its words, the pool, the end, the "
       "reason; "
       "and the standing. With --before, what is another than in an exception that was approved before.",
       {"sallyport intake exception review helper.exception --policy policy.json",
        "sallyport intake exception review next.exception --before helper.exception --policy policy.json"},
       {positional},
       {policy_option,
        {"before", "EXCEPTION", "The exception that this one takes the place of, to compare with"},
        at_option},
       run_review},
      {"intake exception approve",
       "Approve an exception with your signature",
       "Adds your signature to the file. Refused as the approval of an order is.",
       {"sallyport intake exception approve helper.exception --policy policy.json --as bob --key "
        "file:bob.key"},
       {positional},
       answering_options(),
       run_approve},
      {"intake exception refuse",
       "Refuse an exception: nobody takes it any more",
       "Adds your signed refusal to the file. One refusal is a veto, whatever the number of approvals.",
       {"sallyport intake exception refuse helper.exception --policy policy.json --as bob --key "
        "file:bob.key"},
       {positional},
       answering_options(),
       run_refuse},
      {"intake exception show",
       "Show an exception and who has signed it",
       "Verifies every signature on the exception, and shows its fields, its standing, and whether its end "
       "is "
       "over.",
       {"sallyport intake exception show helper.exception --policy policy.json"},
       {positional},
       {policy_option, at_option},
       run_show},
  };
}

}  // namespace sallyport::cli
