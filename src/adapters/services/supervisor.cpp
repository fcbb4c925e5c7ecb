// SPDX-License-Identifier: Apache-2.0
#include "adapters/services/supervisor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>
#include <vector>

#include "adapters/services/process.h"
#include "adapters/services/run_output.h"

namespace sallyport {
namespace {

using services::Process;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds pause{20};

Error system_error(std::string where) {
  const int number = errno;
  const Code code = number == EPERM || number == EACCES ? Code::permission_missing : Code::io_failed;
  return {code, std::move(where), {}, std::generic_category().message(number)};
}

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return system_error(path);
  return {};
}

// In the child of a fork: becomes `node run`, with nothing of the caller's but the output file.
[[noreturn]] void become_node_run(std::vector<std::string> words, int output) {
  ::setsid();
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null < 0 || ::dup2(null, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(output, 2) < 0) ::_exit(1);
  ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  char language[] = "LANG=C.UTF-8";
  char* environment[] = {path, language, nullptr};
  ::execve(argv[0], argv.data(), environment);
  ::_exit(1);
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Nothing when every check passes now.
std::optional<std::string> failing_check(const Process& process, const Service& service) {
  for (const auto& check : service.health) {
    if (!check.port) continue;  // the process is there: that is all of the other kind
    if (auto why = services::why_not_bound(process, *check.port)) {
      return "port " + std::to_string(check.port->number) + ": " + *why;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<void> Supervisor::start(const std::string& root, const Service& service) {
  reap();
  // A record that cannot be read must not keep the service down: `node run` holds a lock besides.
  const auto running = services::running_process(root, service.name);
  if (running.ok() && running.value())
    return Error(Code::service_running, service.name.text(), "no process of it",
                 "process " + std::to_string(running.value()->identity().pid));
  TRY(make_folder(root + "/run"));
  TRY(make_folder(root + "/log"));
  const auto output = root + "/run/" + service.name.text() + ".out";
  const auto child = TRY(spawn(root, service, output));
  children_[service.name] = child;
  return wait_started(root, service, output, child);
}

Result<pid_t> Supervisor::spawn(const std::string& root, const Service& service, const std::string& output) {
  const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return system_error(output);
  const pid_t child = ::fork();
  if (child == 0) {
    become_node_run({program_, "node", "run", service.name.text(), "--root", root, "--json"}, file);
  }
  ::close(file);
  if (child < 0) return system_error("fork");
  return child;
}

Result<void> Supervisor::wait_started(const std::string& root, const Service& service,
                                      const std::string& output, pid_t child) {
  const auto end = steady_clock::now() + start_timeout;
  while (steady_clock::now() < end) {
    const auto running = services::running_process(root, service.name);
    if (running.ok() && running.value()) return {};
    if (::waitpid(child, nullptr, WNOHANG) == child) {
      children_.erase(service.name);
      return services::error_of_run(service.name, text_of(output));
    }
    std::this_thread::sleep_for(pause);
  }
  ::kill(child, SIGKILL);
  return Error(Code::service_start_failed, service.name.text(), "a start within ten minutes", "none");
}

Result<void> Supervisor::stop(const std::string& root, const Service& service) {
  const auto running = TRY(services::running_process(root, service.name));
  if (running) {
    running->signal(SIGTERM);
    if (running->wait(stop_patience_) == Process::Waited::still_there) {
      running->signal(SIGKILL);
      if (running->wait(kill_patience) == Process::Waited::still_there) {
        return Error(Code::io_failed, service.name.text(), "an end of the service", "it stays after SIGKILL");
      }
    }
  }
  reap();
  return {};
}

Result<ServiceState> Supervisor::state(const std::string& root, const Service& service) {
  reap();
  const auto running = TRY(services::running_process(root, service.name));
  return running ? ServiceState::running : ServiceState::stopped;
}

Result<std::optional<std::string>> Supervisor::why_unhealthy(const std::string& root,
                                                             const Service& service) {
  const auto process = TRY(services::running_process(root, service.name));
  if (!process) return std::optional<std::string>("it does not run");
  return failing_check(*process, service);
}

Result<void> Supervisor::wait_healthy(const std::string& root, const Service& service) {
  const auto process = TRY(services::running_process(root, service.name));
  const auto unhealthy = [&](std::string found) {
    return Error(Code::health_failed, service.name.text(),
                 "healthy within " + std::to_string(service.start_seconds_max) + " s", std::move(found));
  };
  if (!process) return unhealthy("the process has ended");
  const auto end = steady_clock::now() + std::chrono::seconds(service.start_seconds_max);
  auto healthy_since = steady_clock::time_point::max();
  for (;;) {
    auto why = failing_check(*process, service);
    if (process->wait(pause) == Process::Waited::ended) return unhealthy("the process has ended");
    const auto now = steady_clock::now();
    if (why) {
      healthy_since = steady_clock::time_point::max();
    } else {
      healthy_since = std::min(healthy_since, now);
      if (now - healthy_since >= stable_for) return {};
    }
    if (now >= end) return unhealthy(why.value_or("it was not so for a whole second"));
  }
}

void Supervisor::reap() {
  std::erase_if(children_, [](const auto& child) { return ::waitpid(child.second, nullptr, WNOHANG) != 0; });
}

std::string own_program() {
  std::array<char, PATH_MAX> path;
  const auto size = ::readlink("/proc/self/exe", path.data(), path.size());
  return size < 0 ? std::string() : std::string(path.data(), static_cast<std::size_t>(size));
}

}  // namespace sallyport
