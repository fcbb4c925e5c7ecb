// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "adapters/signer/open.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/log_files.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
#include "roles/log/keep.h"
#include "roles/witness/cosign.h"

namespace sallyport::cli {
namespace {

Result<void> run_request(const Arguments& arguments, Output& output) {
  const auto disk = TRY(open_log(arguments));
  const auto old_size =
      arguments.has("old") ? TRY(arguments.number("old")) : TRY(keeper::last_cosigned(*disk));
  const auto request = TRY(keeper::request(*disk, old_size));
  TRY(replace_result(arguments, arguments.text("o"), as_bytes(request), output));
  if (!arguments.rehearses()) output.line("Wrote the request " + printable(arguments.text("o")));
  output.field("from", std::to_string(old_size));
  output.json().number("old", old_size);
  output.next("the witness: sallyport log witness " + arguments.text("o") +
              " --state DIR --name NAME --key URI --policy POLICY -o ANSWER");
  return {};
}

Result<void> run_witness(const Arguments& arguments, Output& output) {
  const auto now = TRY(arguments.time_or_now("at"));
  const auto log = TRY(open_events(arguments));
  const auto policy = TRY(load_log_policy(arguments.text("policy")));
  const auto request = TRY(read_whole_file(arguments.text("REQUEST"), tlog::add_checkpoint_size_max));
  const auto signer = TRY(open_signer(arguments.text("key")));
  const auto disk = TRY(disk_to_make(arguments, arguments.text("state")));
  const auto& name = arguments.text("name");
  Event event{"log-witness", now, name, base_name(arguments.text("REQUEST")), {}, {}, {}, 0, {}, {},
              "nothing"};
  const auto result = witness::add_checkpoint(*disk, as_text(request), policy.logs, name, *signer, now);
  if (!result.ok()) return recorded(log.get(), event, result.error());
  const auto& [checkpoint, answer] = result.value();
  event.subject = checkpoint.origin;
  event.effect = "cosigned " + std::to_string(checkpoint.head.size) + " entries";
  TRY(replace_result(arguments, arguments.text("o"), as_bytes(answer), output));
  output.line("Cosigned " + std::to_string(checkpoint.head.size) + " entries of " +
              printable(checkpoint.origin));
  output.json().text("origin", checkpoint.origin).number("size", checkpoint.head.size).text("answer", answer);
  output.next("the log: sallyport log cosign " + arguments.text("o") + " --log DIR --policy POLICY");
  return recorded(log.get(), event, {});
}

Result<keeper::CosignReport> cosign(const Arguments& arguments) {
  const auto policy = TRY(load_log_policy(arguments.text("policy")));
  std::string lines;
  for (const auto& path : arguments.list("ANSWER")) {
    lines += as_text(TRY(read_whole_file(path, tlog::note_size_max)));
  }
  const auto disk = TRY(open_log(arguments));
  return keeper::cosign(*disk, lines, policy);
}

Result<void> run_cosign(const Arguments& arguments, Output& output) {
  const auto now = TRY(arguments.time_or_now("at"));
  const auto log = TRY(open_events(arguments));
  if (arguments.list("ANSWER").empty()) return ask_witnesses(arguments, output, log.get(), now);
  Event event{"log-cosign", now, user_name(), base_name(arguments.text("log")), {}, {}, {}, 0,
              {},           {},  "nothing"};
  const auto result = cosign(arguments);
  if (!result.ok()) return recorded(log.get(), event, result.error());
  const auto& report = result.value();
  event.effect = "cosignatures added";
  output.field("size", std::to_string(report.head.size));
  output.json().number("size", report.head.size).key("witnesses").begin_array();
  for (const auto& witness : report.witnesses) {
    output.field("witness", witness);
    output.json().text(witness);
  }
  output.json().end_array();
  return recorded(log.get(), event, {});
}

const Option log_option{"log", "DIR", "The log's folder", Need::required};
const Option policy_option{"policy", "POLICY", "A policy that names log and witnesses, or a C2SP tlog-policy",
                           Need::required};
const Option at_option{"at", "TIME", "As of this time, instead of now"};

}  // namespace

std::vector<Command> log_witness_commands() {
  return {
      {"log request",
       "Ask a witness to cosign the log's checkpoint",
       "Writes a request (C2SP tlog-witness, add-checkpoint) that begins where the witness stands: at the "
       "size "
       "that was cosigned last, or at the one given.",
       {"sallyport log request --log /srv/log -o log.request"},
       {},
       {log_option,
        {"old", "SIZE", "The size that the witness has seen (default: the one that was cosigned last)"},
        {"o", "REQUEST", "Where the request goes", Need::required},
        dry_option},
       run_request},
      {"log witness",
       "Cosign a log's checkpoint, as its witness",
       "Cosigns the checkpoint of a request, if the log signed it and it begins with all that this witness "
       "has seen "
       "before. What has been\nseen is kept in DIR, and is written down before anything is signed.",
       {"sallyport log witness log.request --state /var/lib/witness --name witness.example/w1 --key "
        "file:w1.key \\\n"
        "      --policy policy.json -o log.answer"},
       {{"REQUEST", "", "The request", Need::required}},
       {{"state", "DIR", "What the witness remembers", Need::required},
        {"name", "NAME", "The name of the witness's key", Need::required},
        {"key", "URI", "The witness's key, Ed25519 or ML-DSA-44: file:PATH or pkcs11:…", Need::required},
        policy_option,
        {"o", "ANSWER", "Where the cosignature goes", Need::required},
        at_option,
        rehearse_option,
        events_option},
       run_witness},
      {"log cosign",
       "Add the answers of witnesses to the log's checkpoint",
       "Verifies each cosignature, and publishes the checkpoint with them. Without an ANSWER, the witnesses "
       "that have "
       "an address in the policy\nare asked over HTTP.",
       {"sallyport log cosign w1.answer w2.answer --log /srv/log --policy policy.json",
        "sallyport log cosign --log /srv/log --policy policy.json"},
       {{"ANSWER", "", "What witnesses answered", Need::optional, Takes::values}},
       {log_option,
        policy_option,
        {"ca", "FILE",
         "Certificates of the authorities that may vouch for witnesses (default: the system's)"},
        at_option,
        rehearse_option,
        events_option},
       run_cosign},
      log_watch_command(),
  };
}

}  // namespace sallyport::cli
