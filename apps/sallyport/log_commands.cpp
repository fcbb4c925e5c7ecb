// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "adapters/signer/open.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/log_files.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
#include "core/tlog/lines.h"
#include "roles/log/keep.h"

namespace sallyport::cli {
namespace {

Event event_of(const std::string& activity, const std::string& subject, Instant now) {
  return {activity, now, user_name(), subject, {}, {}, {}, 0, {}, {}, "nothing"};
}

void show_head(const tlog::Head& head, Output& output) {
  output.field("size", std::to_string(head.size));
  output.field("root", head.root.text());
  output.json().number("size", head.size).text("root", head.root.text());
}

Result<void> run_create(const Arguments& arguments, Output& output) {
  const auto now = TRY(arguments.time_or_now("at"));
  const auto log = TRY(open_events(arguments));
  const auto signer = TRY(open_signer(arguments.text("key")));
  const auto disk = TRY(disk_to_make(arguments, arguments.text("log")));
  const auto& origin = arguments.text("origin");
  auto event = event_of("log-create", origin, now);
  const auto made = keeper::create(*disk, origin, *signer);
  if (!made.ok()) return recorded(log.get(), event, made);
  event.effect = "log created";
  const auto key = TRY(tlog::NoteKey::make(origin, tlog::KeyUse::note, signer->public_key()));
  output.line("The log " + printable(origin) + " is ready; a web server serves " +
              printable(arguments.text("log")) + "/public.");
  output.field("key", key.text());
  output.json().text("origin", origin).text("key", key.text());
  output.next("sallyport log append FILE --log " + arguments.text("log") + " --key " + arguments.text("key"));
  return recorded(log.get(), event, {});
}

Result<keeper::AppendReport> append(const Arguments& arguments) {
  std::vector<tlog::Entry> entries;
  for (const auto& path : arguments.list("FILE")) entries.push_back(TRY(entry_of_file(path)));
  const auto disk = TRY(open_log(arguments));
  const auto signer = TRY(open_signer(arguments.text("key")));
  return keeper::append(*disk, entries, *signer);
}

Result<void> run_append(const Arguments& arguments, Output& output) {
  const auto now = TRY(arguments.time_or_now("at"));
  const auto log = TRY(open_events(arguments));
  const auto& files = arguments.list("FILE");
  auto event = event_of("log-append", base_name(files.front()), now);
  const auto result = append(arguments);
  if (!result.ok()) return recorded(log.get(), event, result.error());
  const auto& report = result.value();
  event.effect = "log of " + std::to_string(report.head.size) + " entries";
  output.json().text("origin", report.origin).key("indices").begin_array();
  for (std::size_t i = 0; i < files.size(); ++i) {
    output.field("entry " + std::to_string(report.indices[i]), files[i]);
    output.json().number(report.indices[i]);
  }
  output.json().end_array();
  show_head(report.head, output);
  TRY(recorded(log.get(), event, {}));
  if (arguments.has("policy")) return ask_witnesses(arguments, output, log.get(), now);
  output.next("have it cosigned: sallyport log request --log " + arguments.text("log") + " -o REQUEST");
  return {};
}

Result<void> run_prove(const Arguments& arguments, Output& output) {
  std::vector<std::uint64_t> since;
  for (const auto& text : arguments.list("since")) {
    since.push_back(TRY(whole_number(text, "--since")));
  }
  const auto entry = TRY(entry_of_file(arguments.text("FILE")));
  const auto disk = TRY(open_log(arguments));
  const auto report = TRY(keeper::prove(*disk, entry, since));
  const auto& path = arguments.text("o");
  TRY(replace_result(arguments, path, as_bytes(report.proof), output));
  if (!arguments.rehearses()) output.line("Wrote the proof " + printable(path));
  output.field("entry", std::to_string(report.index));
  output.json().number("index", report.index);
  show_head(report.head, output);
  return {};
}

Result<void> run_verify(const Arguments& arguments, Output& output) {
  const auto now = TRY(arguments.time_or_now("at"));
  const auto entry = TRY(entry_of_file(arguments.text("FILE")));
  const auto policy = TRY(load_log_policy(arguments.text("policy")));
  const auto proof = TRY(read_whole_file(arguments.text("proof"), tlog::proof_size_max));
  const auto checked = TRY(tlog::check_proof(as_text(proof), entry, policy, now));
  const auto& [origin, head] = checked.checkpoint.checkpoint;
  output.line("PASS  This " + std::string(tlog::word(entry.kind)) + " is in the log.");
  output.field("log", origin);
  output.field("entry", std::to_string(checked.index));
  output.json().text("origin", origin).text("kind", tlog::word(entry.kind)).number("index", checked.index);
  show_head(head, output);
  output.json().key("witnesses").begin_array();
  for (const auto& witness : checked.checkpoint.cosigners) {
    output.field("witness", witness.name + " at " + witness.time.print());
    output.json().text(witness.name);
  }
  output.json().end_array();
  return {};
}

Result<void> run_show(const Arguments& arguments, Output& output) {
  const auto first = arguments.has("from") ? TRY(arguments.number("from")) : 0;
  const auto disk = TRY(open_log(arguments));
  const auto report = TRY(keeper::show(*disk, first));
  output.field("log", report.key.name());
  output.field("key", report.key.text());
  output.json().text("origin", report.key.name()).text("key", report.key.text());
  show_head(report.published, output);
  for (const auto& name : report.signers) output.field("signed by", name);
  output.json().key("entries").begin_array();
  for (std::size_t i = 0; i < report.entries.size(); ++i) {
    const auto& entry = report.entries[i];
    output.field("entry " + std::to_string(first + i),
                 std::string(tlog::word(entry.kind)) + " " + entry.digest.text());
    output.json().raw(tlog::print_entry(entry));
  }
  output.json().end_array();
  if (report.head != report.published) output.line("An append was interrupted; the next one finishes it.");
  return {};
}

const Option log_option{"log", "DIR", "The log's folder", Need::required};
const Option key_option{"key", "URI", "The log's key, Ed25519: file:PATH or pkcs11:…", Need::required};
const Option at_option{"at", "TIME", "As of this time, instead of now"};

Command create_command() {
  return {
      "log create",
      "Begin a transparency log",
      "Makes the folder of an empty log and signs its first checkpoint. What is below DIR/public are static "
      "files in the form of\nC2SP tlog-tiles: let a web server serve them.",
      {"sallyport log create --log /srv/log --origin log.example/packages --key file:log.key"},
      {},
      {log_option,
       {"origin", "NAME", "The log's name, such as log.example/packages", Need::required},
       key_option,
       at_option,
       rehearse_option,
       events_option},
      run_create};
}

Command append_command() {
  return {
      "log append",
      "Enter packages, verdicts, orders, stop orders, recalls, policies and revocation lists into the log",
      "Adds one entry of digests for each file, and signs the new checkpoint. What is in the log already is "
      "not "
      "added again. Cut short\nat any point, the log has signed the old tree or the new one, never another; "
      "run "
      "it again. With --policy the\nwitnesses are asked over HTTP (C2SP tlog-witness); their cosignatures "
      "are "
      "verified and published.",
      {"sallyport log append mme-1.0.csar mme-1.0.verdict mme-1.0.order --log /srv/log --key file:log.key",
       "sallyport log append mme-1.0.order --log /srv/log --key file:log.key --policy policy.json"},
      {{"FILE", "", "What is to be logged", Need::required, Takes::values}},
      {log_option,
       key_option,
       {"policy", "POLICY", "Have the witnesses cosign it that have an address in this policy"},
       {"ca", "FILE", "Certificates of the authorities that may vouch for witnesses (default: the system's)"},
       at_option,
       rehearse_option,
       events_option},
      run_append};
}

Command prove_command() {
  return {"log prove",
          "Write the proof that a file is in the log",
          "Writes one small file (C2SP tlog-proof) with which everybody can check without a network that the "
          "file is "
          "in the log.\nIt shows, too, that the log only grew since the checkpoints that witnesses cosigned "
          "last, or "
          "since the sizes given.",
          {"sallyport log prove mme-1.0.order --log /srv/log -o mme-1.0.order.proof"},
          {{"FILE", "", "A package, verdict, order, policy or revocation list", Need::required}},
          {log_option,
           {"since", "SIZE", "A size that somebody has seen (default: the last that were cosigned)",
            Need::optional, Takes::values},
           {"o", "PROOF", "Where the proof goes; an older one is replaced", Need::required},
           dry_option},
          run_prove};
}

Command verify_command() {
  return {"log verify",
          "Check the proof that a file is in a log",
          "Checks, without a network, that exactly this file is in a log of the policy, under a checkpoint "
          "that the "
          "log signed and that its\nwitnesses cosigned. The policy is one of ours, or a C2SP tlog-policy.",
          {"sallyport log verify mme-1.0.order --proof mme-1.0.order.proof --policy policy.json"},
          {{"FILE", "", "A package, verdict, order, policy or revocation list", Need::required}},
          {{"proof", "PROOF", "The proof", Need::required},
           {"policy", "POLICY", "Whom to believe", Need::required},
           at_option},
          run_verify};
}

Command show_command() {
  return {"log show",
          "Show a log and its entries",
          "Reads the log's folder as others see it, shows that every entry is in the signed tree, and lists "
          "them.",
          {"sallyport log show --log /srv/log --from 100"},
          {},
          {log_option, {"from", "INDEX", "The first entry to list (default: 0)"}},
          run_show};
}

}  // namespace

std::vector<Command> log_commands() {
  std::vector<Command> commands{create_command(), append_command(), prove_command(),
                                verify_command(), show_command(),   log_audit_command()};
  for (auto& command : log_witness_commands()) commands.push_back(std::move(command));
  return commands;
}

}  // namespace sallyport::cli
