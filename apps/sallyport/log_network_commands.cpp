// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "adapters/host/clock.h"
#include "adapters/host/workers.h"
#include "adapters/http/curl.h"
#include "adapters/http/server.h"
#include "adapters/signer/open.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/log_files.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
#include "core/tlog/request.h"
#include "core/tlog/witness_answer.h"
#include "roles/log/ask.h"
#include "roles/witness/serve.h"

namespace sallyport::cli {
namespace {

// They wait for somebody else's computer, not for ours.
constexpr std::size_t witnesses_at_once = 16;

Result<keeper::AskReport> ask(const Arguments& arguments, Instant now) {
  const auto policy = TRY(load_log_policy(arguments.text("policy")));
  const auto disk = TRY(open_log(arguments));
  CurlSettings settings;
  settings.anchors = arguments.text_or("ca", "");
  const CurlPoster poster(settings);
  ThreadWorkers workers(witnesses_at_once);
  return keeper::ask_witnesses(*disk, policy, poster, workers, now);
}

void show(const keeper::AskReport& report, Output& output) {
  output.json().key("witnesses").begin_array();
  for (const auto& witness : report.witnesses) {
    const auto said = witness.error ? std::string(name(witness.error->code)) : "cosigned";
    const auto detail =
        witness.error ? "  " + witness.error->where + ": " + witness.error->found : std::string();
    output.field("witness", witness.witness + "  " + said + detail);
    output.json().begin_object().text("name", witness.witness).text("url", witness.url).text("answer", said);
    output.json().end_object();
  }
  output.json().end_array();
}

// A question may change what a witness remembers: nobody is asked.
Result<void> announce_asking(const Arguments& arguments, Output& output) {
  const auto policy = TRY(load_log_policy(arguments.text("policy")));
  output.json().key("would_ask").begin_array();
  for (const auto& member : policy.members) {
    const auto* const witness = std::get_if<tlog::Witness>(&member);
    if (witness == nullptr || !witness->url) continue;
    output.line("Would ask the witness " + printable(witness->name) + " at " + printable(*witness->url));
    output.json().text(witness->name);
  }
  output.json().end_array();
  return {};
}

// Said at once, and not as a result: the command goes on.
void announce(const std::string& text) {
  std::fputs((text + "\n").c_str(), stderr);
}

struct Watch {
  std::unique_ptr<EventLog> log;
  std::vector<tlog::NoteKey> logs;
  std::unique_ptr<Signer> signer;
  std::unique_ptr<Disk> disk;
  std::unique_ptr<HttpServer> server;
};

Result<Watch> open_watch(const Arguments& arguments) {
  Watch watch;
  watch.log = TRY(open_events(arguments));
  watch.logs = TRY(load_log_policy(arguments.text("policy"))).logs;
  watch.signer = TRY(open_signer(arguments.text("key")));
  TRY(tlog::NoteKey::of_witness(arguments.text("name"), watch.signer->public_key()));
  watch.disk = TRY(disk_to_make(arguments, arguments.text("state")));
  ServerLimits limits;
  limits.body_size_max = tlog::add_checkpoint_size_max;
  watch.server = TRY(HttpServer::listen(arguments.text("listen"), limits));
  return watch;
}

// What strangers send is no event, or they would fill the record: only what was cosigned, what shows that the log that
// signed it is dishonest, and what is wrong here.
bool is_worth_recording(const Result<witness::CosignReport>& report) {
  return report.ok() || report.error().code == Code::log_forked ||
         tlog::http_status(report.error().code) >= 500;
}

Result<void> record(EventLog* log, const std::string& name, Instant now,
                    const Result<witness::CosignReport>& report) {
  if (log == nullptr || !is_worth_recording(report)) return {};
  Event event{"log-witness", now, name, "", {}, {}, {}, 0, {}, {}, "nothing"};
  if (report.ok()) {
    event.subject = report.value().checkpoint.origin;
    event.effect = "cosigned " + std::to_string(report.value().checkpoint.head.size) + " entries";
  } else {
    event.subject = report.error().where;
    event.error = report.error();
  }
  return log->record(event);
}

Result<void> run_watch(const Arguments& arguments, Output& output) {
  const auto watch = TRY(open_watch(arguments));
  const auto& name = arguments.text("name");
  if (arguments.rehearses()) {
    output.line("Would listen on http://" + watch.server->address());
    return {};
  }
  const witness::Service service(*watch.disk, watch.logs, name, *watch.signer);
  const SystemClock clock;
  std::uint64_t cosigned = 0;
  announce("The witness " + printable(name) + " listens on http://" + watch.server->address());
  watch.server->run([&](const HttpQuestion& question) {
    const auto now = clock.now();
    return service.answer(question, now, [&](const Result<witness::CosignReport>& report) {
      if (report.ok()) ++cosigned;
      return record(watch.log.get(), name, now, report);
    });
  });
  output.line("Cosigned " + std::to_string(cosigned) + " times.");
  output.json().number("cosigned", cosigned);
  return {};
}

}  // namespace

Result<void> ask_witnesses(const Arguments& arguments, Output& output, EventLog* log, Instant now) {
  Event event{"log-cosign", now, user_name(), base_name(arguments.text("log")), {}, {}, {}, 0,
              {},           {},  "nothing"};
  if (arguments.rehearses()) return announce_asking(arguments, output);
  const auto result = ask(arguments, now);
  if (!result.ok()) return recorded(log, event, result.error());
  const auto& report = result.value();
  show(report, output);
  for (const auto& witness : report.witnesses) {
    const auto said = witness.error ? std::string(name(witness.error->code)) : "cosigned";
    event.checks.push_back({"witness", witness.witness + " " + said});
    if (!witness.error) event.effect = "cosignatures added";
  }
  return recorded(log, event, report.missing ? Result<void>(*report.missing) : Result<void>());
}

Command log_watch_command() {
  return {
      "log watch",
      "Be the witness of logs, over HTTP",
      "Answers requests for cosignatures (C2SP tlog-witness: POST /add-checkpoint) as `log witness` does for "
      "files, until SIGTERM. What was\nseen is kept in DIR, and is written down before anything is signed. "
      "It "
      "speaks plain HTTP: to serve strangers, put a web server with a\ncertificate in front of it.",
      {"sallyport log watch --listen 127.0.0.1:7380 --state /var/lib/witness --name witness.example/w1 \\\n"
       "      --key file:w1.key --policy policy.json"},
      {},
      {{"listen", "ADDRESS:PORT", "Where to listen; port 0: any that is free", Need::required},
       {"state", "DIR", "What the witness remembers", Need::required},
       {"name", "NAME", "The name of the witness's key", Need::required},
       {"key", "URI", "The witness's key, Ed25519 or ML-DSA-44: file:PATH or pkcs11:…", Need::required},
       {"policy", "POLICY", "A policy that names the logs, or a C2SP tlog-policy", Need::required},
       rehearse_option,
       events_option},
      run_watch};
}

}  // namespace sallyport::cli
