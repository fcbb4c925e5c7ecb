// SPDX-License-Identifier: Apache-2.0
// So many execs and opens a second, and what came of them. Listed programs are executed and have to run, unlisted ones
// have to be refused; listed and other files are opened by turns and have to be opened.
//
// usage: storm_bench SECONDS EXECS OPENS LISTED UNLISTED
// prints: execs, refusals and opens that were made, answers that were wrong, the longest wait in milliseconds
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Counts {
  std::atomic<std::int64_t> execs, refusals, opens, wrong, longest_ms;
};

// 0: it ran; otherwise the errno.
int execute(const char* path) {
  const pid_t child = ::vfork();
  if (child == 0) {
    ::execl(path, path, nullptr);
    ::_exit(errno);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

void note(Counts& counts, Clock::time_point begin) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count();
  if (took > counts.longest_ms) counts.longest_ms = took;
}

// One exec in eight is one of an unlisted program.
void exec_one(Counts& counts, int number, const char* listed, const char* unlisted) {
  const auto begin = Clock::now();
  const bool refuse = number % 8 == 7;
  if (execute(refuse ? unlisted : listed) != (refuse ? EPERM : 0)) ++counts.wrong;
  ++(refuse ? counts.refusals : counts.execs);
  note(counts, begin);
}

void open_one(Counts& counts, int number, const char* listed, const char* unlisted) {
  const auto begin = Clock::now();
  const int file = ::open(number % 2 == 0 ? listed : unlisted, O_RDONLY | O_CLOEXEC);
  if (file < 0) ++counts.wrong;
  ::close(file);
  ++counts.opens;
  note(counts, begin);
}

// In a process of its own, at an even pace; what is missed is caught up with.
template <class One>
pid_t begin_process(int seconds, int rate, const One& one) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  const auto begin = Clock::now();
  const std::int64_t all = static_cast<std::int64_t>(seconds) * rate;
  for (std::int64_t made = 0; made < all;) {
    const auto passed = std::chrono::duration<double>(Clock::now() - begin).count();
    if (passed > seconds) break;
    const auto due = static_cast<std::int64_t>(passed * rate);
    for (; made < due; ++made) one(static_cast<int>(made));
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  ::_exit(0);
}

}  // namespace

int main(int, char** arguments) {
  void* memory = ::mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 1;
  auto& counts = *new (memory) Counts{};
  const auto number = [&](int i) { return static_cast<int>(std::strtol(arguments[i], nullptr, 10)); };
  const int seconds = number(1);
  const auto exec = [&](int one) { exec_one(counts, one, arguments[4], arguments[5]); };
  const auto open = [&](int one) { open_one(counts, one, arguments[4], arguments[5]); };
  // Two of each: what one waits for does not keep the other.
  std::vector<pid_t> processes;
  for (int i = 0; i < 2; ++i) {
    processes.push_back(begin_process(seconds, number(2) / 2, exec));
    processes.push_back(begin_process(seconds, number(3) / 2, open));
  }
  for (const pid_t process : processes) ::waitpid(process, nullptr, 0);
  std::printf("%lld %lld %lld %lld %lld\n", static_cast<long long>(counts.execs),
              static_cast<long long>(counts.refusals), static_cast<long long>(counts.opens),
              static_cast<long long>(counts.wrong), static_cast<long long>(counts.longest_ms));
  return 0;
}
