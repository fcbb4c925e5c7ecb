// SPDX-License-Identifier: Apache-2.0
// A host of two file systems in memory, in namespaces of its own, under a gate that really runs: its processes see no
// file system and no process of this machine, so nothing of it is watched.
#pragma once

#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <new>
#include <thread>

#include "adapters/exec_events/custodian.h"
#include "adapters/exec_events/host_watch.h"
#include "core/gate/decide.h"
#include "roles/node/gate_answer.h"
#include "roles/node/gate_attempts_for_test.h"

namespace sallyport::node {

class TinyHost {
 public:
  static constexpr unsigned seconds_max = 60;

  // Runs `what` on such a host, as its first process; what it returns. 250: there is no such host here.
  static int visit(const std::function<int(TinyHost&)>& what) {
    const pid_t outside = ::fork();
    if (outside == 0) {
      if (::unshare(CLONE_NEWNS | CLONE_NEWPID) != 0) ::_exit(250);
      const pid_t first = ::fork();
      if (first == 0) {
        ::alarm(seconds_max);
        TinyHost host;
        ::_exit(host.begin() ? what(host) : 250);
      }
      ::_exit(exit_code_of(first));
    }
    return exit_code_of(outside);
  }

  // Contents that may be executed on the node's file system, and on the host's.
  void publish(const std::vector<std::string>& node, const std::vector<std::string>& host,
               GateMode host_mode) {
    board->publish({GateMode::enforce, {}, sorted(node), host_mode, sorted(host)}).value();
    for (int i = 0; custodian > 0 && board->adopted() != board->published() && i < 500; ++i) pause();
  }

  // GATE_OFF=1 runs the tests without it: each must fail.
  void start_gate() {
    if (std::getenv("GATE_OFF") != nullptr) return;
    custodian = ::fork();
    if (custodian == 0) {
      ::alarm(seconds_max);
      ::_exit(run_gate().ok() ? 0 : 1);
    }
    for (int i = 0; !(*watched) && i < 500; ++i) pause();
    CHECK(*watched);
  }

  // ENOEXEC: let through, for none of these is a program; EPERM: denied.
  static int run(const std::string& path) {
    return attempt_in_child("", [&] { return execute({path}); });
  }
  static bool soon(const std::function<bool()>& holds) {
    for (int i = 0; i < 500; ++i, pause()) {
      if (holds()) return true;
    }
    return false;
  }
  static void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(10)); }

  std::unique_ptr<SharedBoard> board = SharedBoard::create().value();
  std::atomic<int>* answering = nullptr;  // the process that answers
  std::atomic<bool>* watched = nullptr;
  std::atomic<int>* books = nullptr;  // the process that keeps them
  pid_t custodian = 0;

 private:
  static int exit_code_of(pid_t process) {
    int status = 0;
    ::waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
  }

  static std::vector<ListedFile> sorted(const std::vector<std::string>& contents) {
    std::vector<ListedFile> files;
    for (const auto& content : contents) files.push_back(listed(content));
    return gate::sorted(std::move(files));
  }

  // Its root is a file system in memory, and so is /node; the machine's own are gone.
  bool begin() {
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
    char name[] = "/tmp/tiny-host-XXXXXX";
    if (::mkdtemp(name) == nullptr || ::mount("host", name, "tmpfs", 0, nullptr) != 0) return false;
    if (::chdir(name) != 0) return false;
    for (const char* folder : {"node", "proc", "tmp", "later", "old", "dev"}) ::mkdir(folder, 0755);
    write_text("dev/null", "");
    if (::mount("node", "node", "tmpfs", 0, nullptr) != 0) return false;
    if (::mount("proc", "proc", "proc", 0, nullptr) != 0) return false;
    if (::syscall(SYS_pivot_root, ".", "old") != 0 || ::chdir("/") != 0) return false;
    ::rmdir(("/old" + std::string(name)).c_str());
    if (::umount2("/old", MNT_DETACH) != 0) return false;
    // Nothing of this machine may be under the watch of a test.
    for (const auto& mount : parse_mounts(read_text("/proc/self/mountinfo")).value())
      CHECK(mount.type == "tmpfs" || mount.type == "proc");
    void* memory = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    answering = new (memory) std::atomic<int>(0);
    watched = new (static_cast<char*>(memory) + 64) std::atomic<bool>(false);
    books = new (static_cast<char*>(memory) + 128) std::atomic<int>(0);
    return true;
  }

  Result<void> run_gate() {
    const auto watch = TRY(FanotifyWatch::open());
    TRY(watch->add("/node"));
    const GateCrew crew{[&](ExecEvents& events, WorkerBoard& worker) {
                          if (answering->exchange(::getpid()) != ::getpid()) ::alarm(seconds_max);
                          return answer_next(events, worker);
                        },
                        gate::time_to_answer,
                        [&](int process) {
                          ::alarm(seconds_max);
                          *books = ::getpid();
                          const auto host =
                              FanotifyHost::of(
                                  process, {watch->host_descriptor(), watch->foreign_descriptor()}, "/node")
                                  .value();
                          for (;;) {
                            const bool enforced = board->newest().host_mode == GateMode::enforce;
                            host->watch(enforced ? ForeignFiles::deny : ForeignFiles::leave).value();
                            board->books_beat();
                            *watched = true;
                            host->await_mount(std::chrono::milliseconds(50));
                          }
                        },
                        std::chrono::milliseconds(500), std::chrono::milliseconds(1500)};
    return hold_watch(*watch, *board, crew);
  }
};

}  // namespace sallyport::node
