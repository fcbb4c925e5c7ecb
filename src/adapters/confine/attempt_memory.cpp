// SPDX-License-Identifier: Apache-2.0
// Attempts to make code in memory, in the own one and in that of another process.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "adapters/confine/attempt_calls.h"

namespace sallyport::confine {
namespace {

constexpr std::size_t page = 4096;

int result_of(const void* memory) {
  return memory == MAP_FAILED ? errno : went_through;
}

// A process like this one, which waits to be killed.
class Sibling {
 public:
  Sibling() : pid_(::fork()) {
    if (pid_ == 0) {
      for (;;) ::pause();
    }
  }
  ~Sibling() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Sibling(const Sibling&) = delete;
  Sibling& operator=(const Sibling&) = delete;
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

}  // namespace

int map_memory_file() {
  const int file = static_cast<int>(::syscall(SYS_memfd_create, "attempt", 0U));
  if (file < 0) return errno;
  if (::ftruncate(file, page) != 0) return stopped_by(errno);
  return result_of(::mmap(nullptr, page, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0));
}

int make_memory_code() {
  void* memory = ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return stopped_by(errno);
  return ::mprotect(memory, page, PROT_READ | PROT_EXEC) == 0 ? went_through : errno;
}

int map_new_code() {
  constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS;
  if (::mmap(nullptr, page, PROT_READ | PROT_EXEC, flags, -1, 0) != MAP_FAILED) return went_through;
  return result_of(::mmap(nullptr, page, PROT_READ | PROT_WRITE | PROT_EXEC, flags, -1, 0));
}

int attach_segment_as_code() {
  const int segment = ::shmget(IPC_PRIVATE, page, IPC_CREAT | 0700);
  if (segment < 0) return stopped_by(errno);
  const void* memory = ::shmat(segment, nullptr, SHM_EXEC);
  const int came = memory == MAP_FAILED ? errno : went_through;
  ::shmctl(segment, IPC_RMID, nullptr);
  return came;
}

// Pages of code that are filled from outside when they are first used.
int fill_code_on_fault() {
  constexpr unsigned of_user_code_alone = 1;
  return ::syscall(SYS_userfaultfd, O_CLOEXEC | of_user_code_alone) < 0 ? errno : went_through;
}

int make_data_executable() {
  return ::personality(READ_IMPLIES_EXEC) == -1 ? errno : went_through;
}

int open_own_memory() {
  return ::open("/proc/self/mem", O_RDWR | O_CLOEXEC) < 0 ? errno : went_through;
}

int trace_sibling() {
  const Sibling sibling;
  return ::ptrace(PTRACE_SEIZE, sibling.pid(), nullptr, nullptr) == 0 ? went_through : errno;
}

int write_to_sibling() {
  static volatile char target = 0;  // at the same place in both
  char content = 1;
  const Sibling sibling;
  const iovec local{&content, 1};
  const iovec remote{const_cast<char*>(&target), 1};
  return ::process_vm_writev(sibling.pid(), &local, 1, &remote, 1, 0) == 1 ? went_through : errno;
}

}  // namespace sallyport::confine
