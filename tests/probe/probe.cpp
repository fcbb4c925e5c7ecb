// SPDX-License-Identifier: Apache-2.0
// A network function for tests: tries what a confined one must not be able to do, and prints what came of it.
// Linked statically, so that a tree needs nothing else. Each argument is one attempt and gives one line:
// "attempt: result", the result being "done" or the name of the errno.
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

extern char** environ;

namespace {

std::string result(bool good) {
  return good ? "done" : strerrorname_np(errno);
}

constexpr std::size_t piece_size = 64U << 10U;  // the kernel refuses large reads of its settings

std::string read_text(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY);
  std::string text(1U << 22U, '\0');
  std::size_t size = 0;
  for (ssize_t n = 0;
       fd >= 0 && (n = ::read(fd, text.data() + size, std::min(text.size() - size, piece_size))) > 0;) {
    size += static_cast<std::size_t>(n);
  }
  ::close(fd);
  text.resize(size);
  return text;
}

std::string execute(int fd, const char* path, int flags) {
  const pid_t child = ::fork();
  if (child == 0) {
    char name[] = "copy";
    char* const argv[] = {name, nullptr};
    ::execveat(fd, path, argv, environ, flags);
    ::_exit(errno);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  errno = WEXITSTATUS(status);
  return result(errno == 0);
}

std::string copy_self(const std::string& path) {
  const auto self = read_text("/proc/self/exe");
  const int fd = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0700);
  const bool good = fd >= 0 && ::write(fd, self.data(), self.size()) == static_cast<ssize_t>(self.size());
  auto text = result(good);
  ::close(fd);
  return text;
}

std::string map_code(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY);
  return result(::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) != MAP_FAILED);
}

std::string writable_to_code() {
  void* memory = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return result(::mprotect(memory, 4096, PROT_READ | PROT_EXEC) == 0);
}

std::string run_memory_file() {
  const int fd = ::memfd_create("code", 0);
  if (fd < 0) return result(false);
  const auto self = read_text("/proc/self/exe");
  if (::write(fd, self.data(), self.size()) < 0) return result(false);
  return execute(fd, "", AT_EMPTY_PATH);
}

// The way around noexec: a file system of one's own.
std::string run_from_own_mount() {
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return "no namespace";
  if (::mount("tmpfs", "/tmp", "tmpfs", 0, nullptr) != 0) return result(false);
  copy_self("/tmp/code");
  return execute(AT_FDCWD, "/tmp/code", 0);
}

std::string names_in(const std::string& path) {
  std::string names;
  DIR* folder = ::opendir(path.c_str());
  if (folder == nullptr) return result(false);
  while (const auto* entry = ::readdir(folder)) {
    if (entry->d_name[0] != '.') names += std::string(entry->d_name) + ' ';
  }
  ::closedir(folder);
  return names;
}

std::string status_fields() {
  std::string found;
  const auto text = read_text("/proc/self/status");
  for (const char* name :
       {"Uid:", "Gid:", "Groups:", "CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:", "NoNewPrivs:"}) {
    const auto begin = text.find(std::string("\n") + name) + 1;
    found += text.substr(begin, text.find('\n', begin) - begin) + ' ';
  }
  return found;
}

std::string environment() {
  std::string all;
  for (char** word = environ; *word != nullptr; ++word) all += std::string(*word) + ' ';
  return all;
}

std::string bind_udp(const std::string& number) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::strtol(number.c_str(), nullptr, 10)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return result(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

// A child that neither a signal to its parent nor its parent's end reaches.
std::string leave_child() {
  if (::fork() == 0) {
    ::setsid();
    ::signal(SIGTERM, SIG_IGN);
    for (;;) ::pause();
  }
  return "done";
}

std::string write_script(const std::string& path) {
  const int fd = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0700);
  auto text = result(fd >= 0 && ::write(fd, "#!/bin/sh\n", 10) == 10);
  ::close(fd);
  return text;
}

std::string await_file(const std::string& path) {
  for (int i = 0; i < 1000 && ::access(path.c_str(), F_OK) != 0; ++i) ::usleep(10000);
  return "done";
}

std::string make_thread() {
  bool ran = false;
  std::thread([&] { ran = true; }).join();
  return ran ? "done" : "not run";
}

std::string attempt(const std::string& what, const std::string& with) {
  if (what == "write") return result(::open(with.c_str(), O_CREAT | O_WRONLY, 0600) >= 0);
  if (what == "copy") return copy_self(with);
  if (what == "exec") return execute(AT_FDCWD, with.c_str(), 0);
  if (what == "map") return map_code(with);
  if (what == "list") return names_in(with);
  if (what == "read") return read_text(with);
  if (what == "udp") return bind_udp(with);
  if (what == "w-to-x") return writable_to_code();
  if (what == "memfd") return run_memory_file();
  if (what == "own-mount") return run_from_own_mount();
  if (what == "status") return status_fields();
  if (what == "environment") return environment();
  if (what == "umask") return std::to_string(::umask(0));
  if (what == "secure-bits") return std::to_string(::prctl(PR_GET_SECUREBITS, 0, 0, 0, 0));
  if (what == "script") return write_script(with);
  if (what == "open") return result(::open(with.c_str(), O_RDONLY) >= 0);
  if (what == "await") return await_file(with);
  if (what == "thread") return make_thread();
  if (what == "leave-child") return leave_child();
  if (what == "ignore-term") return result(::signal(SIGTERM, SIG_IGN) != SIG_ERR);
  if (what == "crash") ::abort();
  if (what == "stay") return ::pause(), "woken";
  if (what == "flood") {
    for (int i = 0; i < std::strtol(with.c_str(), nullptr, 10); ++i) std::printf("%0127d\n", i);
    return "done";
  }
  return "unknown";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 0 && std::strcmp(argv[0], "copy") == 0) return 0;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto equals = word.find('=');
    const auto with = equals == std::string::npos ? std::string() : word.substr(equals + 1);
    std::printf("%s: %s\n", word.c_str(), attempt(word.substr(0, equals), with).c_str());
    std::fflush(stdout);
  }
  return 7;
}
