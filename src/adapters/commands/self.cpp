// SPDX-License-Identifier: Apache-2.0
#include "adapters/commands/self.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

extern char** environ;

namespace sallyport {
namespace {

constexpr std::size_t output_size_max = 4U << 20U;
constexpr auto run_time_max = std::chrono::minutes(15);

Error failed(std::string_view what) {
  return {Code::io_failed, "running this program again", std::string(what), std::strerror(errno)};
}

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int end(std::size_t which) const { return ends_[which]; }
  void close_end(std::size_t which) {
    if (ends_[which] >= 0) ::close(ends_[which]);
    ends_[which] = -1;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

pid_t spawn(const std::vector<std::string>& words, int out, int err) {
  std::vector<std::string> all{"sallyport"};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> argv;
  for (auto& word : all) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out, 1);
  ::posix_spawn_file_actions_adddup2(&actions, err, 2);
  pid_t pid = -1;
  const int problem = ::posix_spawn(&pid, "/proc/self/exe", &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  errno = problem;
  return problem == 0 ? pid : -1;
}

// Takes what is there; false at the end of the stream. What is over the limit is read and dropped, so that
// the program can go on.
bool drain(int fd, std::string& into) {
  std::array<char, 65536> buffer{};
  const auto count = ::read(fd, buffer.data(), buffer.size());
  if (count < 0) return errno == EINTR;
  if (count == 0) return false;
  const auto room = output_size_max - into.size();
  into.append(buffer.data(), std::min(room, static_cast<std::size_t>(count)));
  return true;
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Result<CommandResult> SelfCommands::run(const std::vector<std::string>& words) {
  Pipe out;
  Pipe err;
  if (out.end(0) < 0 || err.end(0) < 0) return failed("a pipe");
  const pid_t pid = spawn(words, out.end(1), err.end(1));
  if (pid < 0) return failed("a new process");
  out.close_end(1);
  err.close_end(1);
  CommandResult result{0, {}, {}};
  const auto deadline = std::chrono::steady_clock::now() + run_time_max;
  bool out_open = true;
  bool err_open = true;
  while (out_open || err_open) {
    std::array<pollfd, 2> waiting{pollfd{out_open ? out.end(0) : -1, POLLIN, 0},
                                  pollfd{err_open ? err.end(0) : -1, POLLIN, 0}};
    if (::poll(waiting.data(), waiting.size(), 1000) > 0) {
      if (waiting[0].revents != 0) out_open = drain(out.end(0), result.output);
      if (waiting[1].revents != 0) err_open = drain(err.end(0), result.errors);
    }
    if (std::chrono::steady_clock::now() > deadline) {
      ::kill(pid, SIGKILL);
      wait_for(pid);
      return Error(Code::io_failed, "running this program again", "an end within 15 minutes", "none");
    }
  }
  result.exit_code = wait_for(pid);
  return result;
}

}  // namespace sallyport
