// SPDX-License-Identifier: Apache-2.0
// Attempts to execute what a service wrote.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "adapters/confine/attempt_calls.h"
#include "adapters/confine/descriptor.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

namespace sallyport::confine {
namespace {

// No program at all: who may execute it is told so (ENOEXEC), and nothing has run.
constexpr std::string_view no_program = "no program";

int fill(int file) {
  if (::write(file, no_program.data(), no_program.size()) != static_cast<ssize_t>(no_program.size()))
    return errno;
  return ::fchmod(file, 0700) == 0 ? 0 : errno;
}

int execute(int folder, const char* path, const std::vector<std::string>& words, int flags = 0) {
  std::vector<std::string> kept = words;
  std::vector<char*> argv;
  for (auto& word : kept) argv.push_back(word.data());
  argv.push_back(nullptr);
  char* const environment[] = {nullptr};
  ::syscall(SYS_execveat, folder, path, argv.data(), environment, flags);
  return errno == ENOEXEC ? went_through : errno;
}

// Both ways to execute what is open: by the call for it, and by the name that /proc has.
int execute_open(int file) {
  const auto name = "/proc/self/fd/" + std::to_string(file);
  const int by_name = execute(AT_FDCWD, name.c_str(), {"attempt"});
  if (by_name == went_through) return went_through;
  return execute(file, "", {"attempt"}, AT_EMPTY_PATH);
}

// Whether the program was executed, whatever it said: then the pipe ends without a word.
int executed(const std::string& program, const std::vector<std::string>& words, int input) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return stopped_by(errno);
  const pid_t child = ::fork();
  if (child == 0) {
    const int silence = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(input >= 0 ? input : silence, 0);
    for (const int number : {1, 2}) ::dup2(silence, number);
    ::alarm(5);
    const int number = execute(AT_FDCWD, program.c_str(), words);
    ::_exit(::write(ends[1], &number, sizeof number) == sizeof number ? 1 : 2);
  }
  ::close(ends[1]);
  int number = went_through;
  if (::read(ends[0], &number, sizeof number) < 0) number = errno;
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return number;
}

int exit_code_of(const std::string& program, const std::vector<std::string>& words) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int silence = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int number : {0, 1, 2}) ::dup2(silence, number);
    execute(AT_FDCWD, program.c_str(), words);
    ::_exit(126);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}

int copy_file(const std::string& from, const char* to) {
  const Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  const Descriptor target(::open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700));
  if (!source.open() || !target.open()) return errno;
  ssize_t size = 0;
  while ((size = ::sendfile(target.get(), source.get(), nullptr, 1U << 20U)) > 0) {
  }
  return size == 0 ? 0 : errno;
}

constexpr const char* script_path = "/tmp/attempt-script";

int write_script() {
  constexpr std::string_view script = "exit 0\n";
  const Descriptor file(::open(script_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700));
  if (!file.open()) return -1;
  if (::write(file.get(), script.data(), script.size()) < 0) return -1;
  return ::open(script_path, O_RDONLY | O_CLOEXEC);
}

std::vector<std::string> words_for(const std::string& interpreter, Script script) {
  const auto name = interpreter.substr(interpreter.rfind('/') + 1);
  if (script == Script::file) return {name, script_path};
  if (script == Script::text) return {name, "-c", "exit 0"};
  return {name};
}

}  // namespace

int execute_memory_file() {
  for (const unsigned flags : {MFD_EXEC, 0U}) {
    const int file = static_cast<int>(::syscall(SYS_memfd_create, "attempt", flags));
    if (file < 0 || fill(file) != 0) continue;
    if (execute_open(file) == went_through) return went_through;
  }
  return errno;
}

int execute_file(const char* path) {
  const int file = ::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
  if (file < 0 || fill(file) != 0) return stopped_by(errno);
  ::close(file);
  return execute(AT_FDCWD, path, {"attempt"});
}

int execute_unnamed_file() {
  const int file = ::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0700);
  if (file < 0 || fill(file) != 0) return stopped_by(errno);
  const auto name = "/proc/self/fd/" + std::to_string(file);
  const int again = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  ::close(file);
  return again < 0 ? errno : execute_open(again);
}

int map_data_file() {
  const Descriptor file(::open("/tmp/attempt-data", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.open() || fill(file.get()) != 0) return stopped_by(errno);
  void* memory = ::mmap(nullptr, no_program.size(), PROT_READ | PROT_EXEC, MAP_PRIVATE, file.get(), 0);
  return memory == MAP_FAILED ? errno : went_through;
}

// `ld.so --verify` loads the file and runs nothing of it: 0 and 2 mean that it is one to be loaded.
int load_copy(const std::string& program) {
  constexpr const char* copy = "/tmp/attempt-program";
  for (const std::string loader : {"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"}) {
    const int original = exit_code_of(loader, {loader, "--verify", program});
    if (original != 0 && original != 2) continue;
    if (copy_file(program, copy) != 0) return stopped_by(errno);
    const int code = exit_code_of(loader, {loader, "--verify", copy});
    return code == 0 || code == 2 ? went_through : EPERM;
  }
  return not_to_be_tried;
}

// Asks only: what they do is not known.
int execute_writable_code(const std::vector<RelativePath>& programs) {
  int came = not_to_be_tried;
  for (const auto& path : programs) {
    if (::access(("/" + path.text()).c_str(), X_OK) == 0) return went_through;
    came = errno;
  }
  return came;
}

int run_script(const std::vector<RelativePath>& interpreters, Script script) {
  int came = not_to_be_tried;
  for (const auto& path : interpreters) {
    const auto program = "/" + path.text();
    const Descriptor input(write_script());
    const int one = executed(program, words_for(program, script), script == Script::input ? input.get() : -1);
    if (one == went_through) return went_through;
    came = one;
  }
  return came;
}

}  // namespace sallyport::confine
