// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "adapters/callbacks/curl.h"
#include "adapters/callbacks/curl_fetcher.h"
#include "adapters/db/sql.h"
#include "adapters/disk/file_source.h"
#include "adapters/disk/posix.h"
#include "adapters/host/clock.h"
#include "adapters/host/random.h"
#include "adapters/host/streams.h"
#include "adapters/https/server.h"
#include "adapters/services/manager.h"
#include "apps/sallyportd/arguments.h"
#include "apps/sallyportd/check.h"
#include "apps/sallyportd/duties.h"
#include "apps/sallyportd/loop.h"
#include "apps/sallyportd/workers.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "roles/server/audit.h"
#include "roles/server/notify.h"
#include "roles/server/service.h"
#include "roles/server/settings.h"
#include "roles/server/sweep.h"

namespace {

using namespace sallyport;

void complain(const Error& error) {
  std::fputs(fmt::format("sallyportd: {}: {} {}: {}\n", name(error.code), info(error.code).meaning,
                         printable(error.where), printable(error.found))
                 .c_str(),
             stderr);
}

Result<void> record_life(server::World& world, std::string_view action, std::string_view detail = {}) {
  AuditRecord event;
  event.time = world.clock.now().seconds();
  event.source = "local";
  event.action = action;
  event.outcome = "success";
  event.detail = detail;
  return server::record(world, event);
}

// The program that reads packages, if this server takes any in: known to be able to, before anybody is let in.
Result<std::string> ready_worker(const server::Settings& settings) {
  if (settings.workers == 0) return std::string();
  auto program = TRY(sallyportd::worker_program(settings));
  TRY(sallyportd::try_worker(program));
  return program;
}

constexpr std::int64_t sweep_seconds = 3600;
constexpr std::int64_t after_fault_seconds = 60;

// What has become of packages is looked for once a second; of what waits everything is tried whose time has come.
std::int64_t notify(server::World& world, const std::string& holder) {
  const auto worked = attempt([&]() -> Result<server::Worked> {
    const auto spread = TRY(server::spread_one(world));
    const auto delivered = TRY(server::deliver_one(world, holder));
    return spread == server::Worked::on_nothing ? delivered : spread;
  });
  if (!worked.ok()) return after_fault_seconds;
  return worked.value() == server::Worked::on_nothing ? 1 : 0;
}

std::int64_t sweep_up(server::World& world) {
  return attempt([&] { return server::sweep(world); }).ok() ? sweep_seconds : after_fault_seconds;
}

// Where something hangs that cannot be killed, the process ends as it is: it loses nothing, as one that is killed.
void end_workers(server::World& world, sallyportd::Workers& workers) {
  if (workers.end() == sallyportd::Workers::Ended::yes) return;
  static_cast<void>(record_life(world, "STOP", "work at hand was given back").ok());
  std::fflush(nullptr);
  std::_Exit(0);
}

// Also a database may hang, and whoever waits for it: then the process ends as it is, before the service manager kills
// it.
constexpr unsigned last_seconds = 50;

void end_at_last() {
  std::signal(SIGALRM, [](int) { ::_exit(0); });
  ::alarm(last_seconds);
}

Result<void> check(const std::string& config) {
  TRY(sallyportd::check_all(config));
  std::puts("The configuration can be used.");
  return {};
}

Result<void> serve(const sallyportd::Arguments& arguments) {
  if (arguments.only_checks) return check(arguments.config);
  const auto text = TRY(read_whole_file(arguments.config, 4U << 20U));
  const auto settings = TRY(server::parse_settings(text));
  const auto policy_file = TRY(read_whole_file(settings.policy, policy_size_max));
  const auto policy = TRY(parse_policy(policy_file));
  const auto data = TRY(PosixDisk::at(settings.data));
  const auto audit = TRY(PosixDisk::at(settings.audit));
  auto callbacks = TRY(CurlCallbacks::of(settings.callbacks));
  const auto fetcher = TRY(CurlFetcher::of(settings.upload_from_uri.value_or(NamedHosts())));
  std::unique_ptr<PosixDisk> log;
  if (!settings.log.empty()) log = TRY(PosixDisk::shared_at(settings.log));
  auto collector = TRY(sallyportd::collector_of(settings));
  const auto db = TRY(open_database(settings.database));
  const SystemClock clock;
  server::Live live;
  server::AccountBook accounts(settings.accounts);
  server::World world{*db,
                      *data,
                      *audit,
                      log.get(),
                      clock,
                      policy,
                      std::string(as_text(policy_file)),
                      random_uuid,
                      settings.package_size_max,
                      accounts,
                      callbacks,
                      live,
                      settings.upload_from_uri ? &fetcher : nullptr,
                      settings.disk_left_min,
                      settings.quota};
  server::Guard guard(accounts, settings.requests_a_minute_max);
  server::Service service(world, guard);
  const auto program = TRY(ready_worker(settings));
  const auto web = TRY(
      WebServer::listen(settings.listen, {settings.certificate, settings.key, settings.client_authorities}));
  TRY(server::end_last_line(world));
  TRY(record_life(world, "START"));
  {
    const auto workers = TRY(sallyportd::Workers::start(world, settings, program));
    const auto holder = "notify-" + TRY(random_uuid());
    const sallyportd::Loop notifier([&] { return notify(world, holder); });
    const sallyportd::Loop sweeper([&] { return sweep_up(world); });
    const sallyportd::Duties duties(world, accounts, settings, arguments.config, std::move(collector));
    std::fputs(fmt::format("sallyportd: https://{}\n", web->address()).c_str(), stderr);
    tell_manager("READY=1");
    web->run(service, end_at_last);
    tell_manager("STOPPING=1");
    end_workers(world, *workers);
  }
  return record_life(world, "STOP");
}

int run(int argc, const char* const* argv) {
  const auto arguments = sallyportd::parse(argc, argv);
  if (arguments.ok() && !arguments.value().show.empty()) {
    std::fputs(arguments.value().show.c_str(), stdout);
    return 0;
  }
  const auto served =
      attempt([&] { return arguments.ok() ? serve(arguments.value()) : Result<void>(arguments.error()); });
  if (served.ok()) return 0;
  complain(served.error());
  return static_cast<int>(exit_of(served.error().code));
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_streams();
  std::signal(SIGPIPE, SIG_IGN);
  sallyportd::take_signals();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may grow no more is an error of the write, not our end
  try {
    return run(argc, argv);
  } catch (const std::exception& unexpected) {
    complain(Error(Code::internal_error, "", "", unexpected.what()));
    return static_cast<int>(Exit::fault);
  }
}
