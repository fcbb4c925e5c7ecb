// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/probe.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace sallyport {
namespace {

constexpr unsigned seconds_max = 20;  // for one attempt: who waits for nobody's answer ends as well
constexpr int passed = 0;
// Above every errno.
constexpr int no_such_way = 200;
constexpr int not_tried = 201;  // something was lacking, which may be there for whoever comes next

Error failed(std::string where) {
  return {Code::io_failed, std::move(where), {}, std::generic_category().message(errno)};
}

// In a process of its own. What it returns: `passed`, an errno, or one of the two above.
int attempt_in_child(const std::function<int()>& attempt) {
  const pid_t child = ::fork();
  if (child < 0) return not_tried;
  if (child == 0) {
    ::alarm(seconds_max);
    const int silence = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int number : {0, 1, 2}) ::dup2(silence, number);
    ::_exit(attempt());
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : ETIMEDOUT;
}

int execute(int folder, const char* path, int flags) {
  char name[] = "probe";
  char argument[] = "--help";
  char* const words[] = {name, argument, nullptr};
  char* const environment[] = {nullptr};
  ::syscall(SYS_execveat, folder, path, words, environment, flags);
  return errno;
}

int execute(const std::string& path) {
  return execute(AT_FDCWD, path.c_str(), 0);
}

// Where nobody may have such namespaces there is no way through one. A limit that is reached today says nothing.
int without_namespace(int flags) {
  const int number = errno;
  if (number == ENOSYS || number == EINVAL) return no_such_way;
  const char* limits[] = {"/proc/sys/user/max_user_namespaces", "/proc/sys/user/max_mnt_namespaces"};
  for (const int kind : {0, 1}) {
    if ((flags & (kind == 0 ? CLONE_NEWUSER : CLONE_NEWNS)) == 0) continue;
    const int file = ::open(limits[kind], O_RDONLY | O_CLOEXEC);
    char limit[2] = {};
    const auto size = ::read(file, limit, sizeof limit);
    ::close(file);
    if (number == ENOSPC && size > 0 && limit[0] == '0') return no_such_way;
  }
  return not_tried;
}

// The program with one byte more: it runs as well, and no generation has it.
int write_copy(int file, const std::string& program) {
  const int from = ::open(program.c_str(), O_RDONLY | O_CLOEXEC);
  if (from < 0) return errno;
  ssize_t size = 0;
  while ((size = ::sendfile(file, from, nullptr, 1U << 20U)) > 0) {
  }
  const bool good = size == 0 && ::write(file, "1", 1) == 1 && ::fchmod(file, 0700) == 0;
  const int number = errno;
  ::close(from);
  return good ? 0 : number;
}

class Probe {
 public:
  explicit Probe(const ProbeTools& tools)
      : tools_(tools),
        program_(tools.folder + "/program"),
        script_(tools.folder + "/script"),
        elsewhere_(tools.folder + "/elsewhere") {}

  Result<void> prepare() const {
    if (::mkdir(elsewhere_.c_str(), 0700) != 0) return failed(elsewhere_);
    TRY(write_file(program_, [&](int file) { return write_copy(file, tools_.program); }));
    return write_file(script_, [](int file) {
      constexpr std::string_view text = "#!/bin/sh\nexit 0\n";
      const bool good = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
      return good && ::fchmod(file, 0700) == 0 ? 0 : EIO;
    });
  }

  void clean_up() const {
    for (const auto& path : {program_, script_}) ::unlink(path.c_str());
    ::rmdir(elsewhere_.c_str());
  }

  std::vector<Hole> holes() const {
    return {
        hole("exec-unlisted", [&] { return execute(program_); }),
        hole("exec-script", [&] { return execute(script_); }),
        hole("exec-other-mount-namespace", [&] { return from_namespace(CLONE_NEWNS); }),
        hole("exec-user-namespace", [&] { return from_namespace(CLONE_NEWNS | CLONE_NEWUSER); }),
        hole("exec-bind-mount", [&] { return from_bind_mount(); }),
        hole("exec-open-descriptor", [&] { return from_descriptor(program_, O_RDONLY); }),
        hole("exec-unnamed-file", [&] { return from_unnamed_file(); }),
        hole("open-program-in-service", [&] { return opened_in_service(program_); }),
        hole("open-script-in-service", [&] { return opened_in_service(script_); }),
    };
  }

 private:
  static Result<void> write_file(const std::string& path, const std::function<int(int)>& write) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return failed(path);
    errno = write(file);
    const auto error = failed(path);
    const bool good = errno == 0;
    ::close(file);
    if (good) return {};
    return error;
  }

  int from_namespace(int flags) const {
    if (::unshare(flags) != 0) return without_namespace(flags);
    return execute(program_);
  }

  int from_bind_mount() const {
    if (::unshare(CLONE_NEWNS) != 0) return without_namespace(CLONE_NEWNS);
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return not_tried;
    if (::mount(tools_.folder.c_str(), elsewhere_.c_str(), nullptr, MS_BIND, nullptr) != 0) return not_tried;
    return execute(elsewhere_ + "/program");
  }

  static int from_descriptor(const std::string& path, int flags) {
    const int file = ::open(path.c_str(), flags | O_CLOEXEC);
    return file < 0 ? errno : execute(file, "", AT_EMPTY_PATH);
  }

  int from_unnamed_file() const {
    const int file = ::open(tools_.folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0700);
    if (file < 0) return errno == EOPNOTSUPP || errno == EINVAL ? no_such_way : not_tried;
    if (write_copy(file, tools_.program) != 0) return not_tried;
    const auto name = "/proc/self/fd/" + std::to_string(file);
    const int again = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    ::close(file);
    return again < 0 ? errno : execute(again, "", AT_EMPTY_PATH);
  }

  int opened_in_service(const std::string& path) const {
    if (!tools_.join) return no_such_way;
    if (!tools_.join()) return not_tried;
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC) >= 0 ? passed : errno;
  }

  static Hole hole(const char* way, const std::function<int()>& attempt) {
    const int came = attempt_in_child(attempt);
    if (came == no_such_way) return {way, HoleState::not_applicable, "there is no such way here"};
    if (came == not_tried) return {way, HoleState::not_run, "could not be tried: something was lacking"};
    // Only the gate's own answer counts: whatever else stopped it may not stop the next one.
    if (came == EPERM) return {way, HoleState::closed, "fanotify: the attempt was denied"};
    const auto what = came == passed
                          ? std::string("the attempt went through")
                          : "the attempt ended otherwise: " + std::generic_category().message(came);
    return {way, HoleState::open, what};
  }

  const ProbeTools& tools_;
  std::string program_;
  std::string script_;
  std::string elsewhere_;
};

}  // namespace

Result<std::vector<Hole>> probe_holes(const ProbeTools& tools) {
  if (::mkdir(tools.folder.c_str(), 0700) != 0 && errno != EEXIST) return failed(tools.folder);
  const Probe probe(tools);
  probe.clean_up();  // of one that was cut short
  const auto prepared = probe.prepare();
  std::vector<Hole> holes;
  if (prepared.ok()) holes = probe.holes();
  probe.clean_up();
  ::rmdir(tools.folder.c_str());
  TRY(prepared);
  return holes;
}

}  // namespace sallyport
