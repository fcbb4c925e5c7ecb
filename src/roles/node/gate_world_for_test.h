// SPDX-License-Identifier: Apache-2.0
// A gate that really runs, over a file system of its own: a tmpfs in a mount namespace of the test. Nothing
// else of this machine is watched, and nothing of it outlives its deadline.
#pragma once

#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <functional>
#include <new>
#include <thread>

#include "adapters/confine/groups.h"
#include "adapters/exec_events/custodian.h"
#include "core/gate/decide.h"
#include "roles/node/gate_answer.h"
#include "roles/node/gate_attempts_for_test.h"

namespace sallyport::node {

class GateWorld {
 public:
  static constexpr int seconds_max = 60;

  // Why these tests cannot run on this host; empty: they can.
  static std::string lacking() {
    if (::geteuid() != 0) return "needs root";
    const auto number = confine::group_number(group_name());
    if (number.ok()) return {};
    CHECK(number.error().code == Code::not_supported);
    return "needs control groups of version 2: without them a gate knows no service";
  }

  // Where nothing is lacking.
  void begin() {
    CHECK(::unshare(CLONE_NEWNS) == 0);
    CHECK(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
    char name[] = "/tmp/gate-XXXXXX";
    CHECK(::mkdtemp(name) != nullptr);
    folder = name;
    CHECK(::mount("gate", folder.c_str(), "tmpfs", 0, "size=6g") == 0);
    group = group_name();
    service_group = confine::group_number(group).value();
    deadline = std::time(nullptr) + seconds_max;
    void* memory = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    answering = new (memory) std::atomic<int>(0);
    board = SharedBoard::create().value();
  }

  void end() {
    if (folder.empty()) return;
    if (custodian > 0) {
      ::kill(custodian, SIGTERM);
      ::waitpid(custodian, nullptr, 0);
    }
    ::umount2(folder.c_str(), MNT_DETACH);
    ::rmdir(folder.c_str());
    for (const char* base : {"/sys/fs/cgroup/unified/", "/sys/fs/cgroup/"}) {
      ::rmdir((base + group).c_str());
      ::rmdir((base + group.substr(0, group.find('/'))).c_str());
    }
  }

  void publish(const std::vector<std::string>& contents, GateMode mode = GateMode::enforce) {
    std::vector<ListedFile> files;
    for (const auto& content : contents) files.push_back(listed(content));
    publish_files(std::move(files), mode);
  }

  void publish_files(std::vector<ListedFile> files, GateMode mode = GateMode::enforce) {
    const std::vector<std::uint64_t> groups{service_group};
    const auto sorted = gate::sorted(std::move(files));
    board->publish({mode, groups, sorted}).value();
    for (int i = 0; custodian > 0 && board->adopted() != board->published() && i < 500; ++i) pause();
  }

  // With the gate off there would be nothing to see: GATE_OFF=1 runs the tests so, and each must fail.
  void start_gate() {
    if (std::getenv("GATE_OFF") != nullptr) return;
    custodian = ::fork();
    if (custodian == 0) {
      limit_life();
      ::_exit(run_gate().ok() ? 0 : 1);
    }
    for (int i = 0; *answering == 0 && i < 500; ++i) pause();
    CHECK(*answering != 0);
    for (int i = 0; board->adopted() != board->published() && i < 500; ++i) pause();
  }

  Result<void> run_gate() {
    const auto watch = TRY(FanotifyWatch::open());
    TRY(watch->add(folder));
    if (!also_watched.empty()) TRY(watch->add(also_watched));
    const GateCrew crew{[&](ExecEvents& events, WorkerBoard& worker) {
                          if (answering->exchange(::getpid()) != ::getpid()) limit_life();
                          return answer_next(events, worker);
                        },
                        time_to_answer,
                        [](int) {
                          sigset_t end;
                          ::sigemptyset(&end);
                          ::sigaddset(&end, SIGTERM);
                          ::sigwaitinfo(&end, nullptr);
                        },
                        silence_max};
    return hold_watch(*watch, *board, crew);
  }

  static std::string group_name() { return "sallyport-test-" + std::to_string(::getpid()) + "/svc"; }
  void limit_life() const {
    ::alarm(static_cast<unsigned>(std::max<std::time_t>(deadline - std::time(nullptr), 1)));
  }
  // What is written down comes after the answer.
  static bool soon(const std::function<bool()>& holds) {
    for (int i = 0; i < 500; ++i, pause()) {
      if (holds()) return true;
    }
    return false;
  }
  // Until none of its threads runs any more.
  static void stop_process(int process) {
    ::kill(process, SIGSTOP);
    const auto tasks = "/proc/" + std::to_string(process) + "/task";
    for (const auto& task : std::filesystem::directory_iterator(tasks)) {
      const auto stopped = [&] {
        const auto text = read_text(task.path() / "stat");
        return text.empty() || text.find(") T ") != std::string::npos;
      };
      for (int i = 0; !stopped() && i < 500; ++i) pause();
    }
  }
  static void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(10)); }
  std::string at(const std::string& name) const { return folder + "/" + name; }

  int run(const std::string& name) const {
    return attempt_in_child("", [&] { return execute({at(name)}); });
  }
  int run_as_service(const std::vector<std::string>& words) const {
    return attempt_in_child(group, [&] { return execute(words); });
  }

  std::string folder;
  std::string also_watched;
  std::string group;
  std::uint64_t service_group = 0;
  std::time_t deadline = 0;
  std::atomic<int>* answering = nullptr;  // the process that answers
  std::unique_ptr<SharedBoard> board;
  TimeToAnswer time_to_answer = gate::time_to_answer;
  std::chrono::milliseconds silence_max{500};
  pid_t custodian = 0;
  const std::string good = read_text("/bin/true");
  const std::string bad = read_text("/bin/true") + "1";  // runs as well, and is another file
};

}  // namespace sallyport::node
