// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <ctime>
#include <exception>

#include "adapters/disk/posix.h"
#include "adapters/events/file.h"
#include "adapters/host/allocator.h"
#include "adapters/host/clock.h"
#include "adapters/host/streams.h"
#include "adapters/host/workers.h"
#include "adapters/services/manager.h"
#include "adapters/services/supervisor.h"
#include "apps/sallyport-noded/settings.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "roles/node/agent.h"
#include "roles/node/books.h"

namespace {

using namespace sallyport;

void complain(const Error& error) {
  std::fputs(fmt::format("sallyport-noded: {}: {} {}: {}\n", name(error.code), info(error.code).meaning,
                         printable(error.where), printable(error.found))
                 .c_str(),
             stderr);
}

// Whether a signal asked us to end.
enum class Waited : std::uint8_t { time_is_up, asked_to_end };
Waited wait_for_signal(const sigset_t& signals, std::int64_t seconds) {
  const timespec time{seconds, 0};
  return ::sigtimedwait(&signals, nullptr, &time) > 0 ? Waited::asked_to_end : Waited::time_is_up;
}

Result<void> serve(const noded::Settings& settings, const sigset_t& signals) {
  const auto disk = TRY(PosixDisk::at(settings.root));
  TRY(node::Books::open(*disk));  // say at once that this is no node
  auto events = TRY(FileEventLog::open(settings.root + "/events.jsonl"));
  Supervisor services(settings.program);
  ThreadWorkers workers;
  const SystemClock clock;
  node::Agent agent({*disk, services, workers, events, settings.root}, settings.verify_interval_seconds);
  tell_manager("READY=1");
  do {
    const auto looked = attempt([&] { return agent.look(clock.now()); });
    if (!looked.ok()) complain(looked.error());
  } while (wait_for_signal(signals, node::Agent::look_interval_seconds) == Waited::time_is_up);
  tell_manager("STOPPING=1");
  return {};
}

int run(int argc, const char* const* argv) {
  const auto settings = noded::parse(argc, argv);
  if (settings.ok() && !settings.value().show.empty()) {
    std::fputs(settings.value().show.c_str(), stdout);
    return 0;
  }
  // Before any thread begins, so that all of them leave these signals to the main one.
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&signals, number);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  const auto served = attempt(
      [&] { return settings.ok() ? serve(settings.value(), signals) : Result<void>(settings.error()); });
  if (served.ok()) return 0;
  complain(served.error());
  return static_cast<int>(exit_of(served.error().code));
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_streams();
  share_arenas();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may grow no more is an error of the write, not our end
  try {
    return run(argc, argv);
  } catch (const std::exception& unexpected) {
    complain(Error(Code::internal_error, "", "", unexpected.what()));
    return static_cast<int>(Exit::fault);
  }
}
