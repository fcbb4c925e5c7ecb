// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/watch.h"

#include <fcntl.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "adapters/exec_events/shared_board.h"

namespace sallyport {
namespace {

constexpr std::uint64_t questions = FAN_OPEN_PERM | FAN_OPEN_EXEC_PERM;

Error failed(std::string where, int number) {
  const bool denied = number == EPERM || number == EACCES;
  const bool lacking = number == EINVAL || number == ENOSYS || number == ENODEV || number == EOPNOTSUPP;
  const Code code = denied ? Code::permission_missing : lacking ? Code::not_supported : Code::io_failed;
  return {code, std::move(where), {}, std::generic_category().message(number)};
}

// O_NONBLOCK is for the files that the kernel opens for us. Without it a worker waits there, beyond anybody's reach, as
// long as somebody has a write lease of the file, or for the other end of a FIFO; with it the kernel denies what it
// cannot open.
int make_group() {
  return ::fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_QUEUE |
                             FAN_UNLIMITED_MARKS | FAN_REPORT_PIDFD,
                         O_RDONLY | O_LARGEFILE | O_CLOEXEC | O_NONBLOCK);
}

// Whoever looks for the node's watch among the descriptors of a process takes the first one.
int make_group_above(int descriptor) {
  const int group = make_group();
  if (group < 0 || group > descriptor) return group;
  const int above = ::fcntl(group, F_DUPFD_CLOEXEC, descriptor + 1);
  ::close(group);
  return above;
}

}  // namespace

// Whoever reads the third one waits in that read, and so must not be told that there is nothing.
std::unique_ptr<FanotifyWatch> FanotifyWatch::with(int group) {
  const int host_group = make_group_above(group);
  const int foreign_group = host_group < 0 ? -1 : make_group_above(host_group);
  if (foreign_group >= 0) ::fcntl(foreign_group, F_SETFL, 0);
  return std::unique_ptr<FanotifyWatch>(new FanotifyWatch(group, host_group, foreign_group));
}

Result<std::unique_ptr<FanotifyWatch>> FanotifyWatch::open() {
  const int group = make_group();
  if (group < 0) return failed("fanotify_init", errno);
  return with(group);
}

std::unique_ptr<FanotifyWatch> FanotifyWatch::left_behind(int descriptor) {
  auto watch = with(descriptor);
  watch->ask_about_all_again();
  // The kernel knows a question by the number that its descriptor had in the process that read it.
  for (int number = 0; number < gate_descriptors_max; ++number) watch->answer(number, GateAnswer::deny);
  return watch;
}

FanotifyWatch::~FanotifyWatch() {
  ::close(group_);
  if (host_group_ >= 0) ::close(host_group_);
  if (foreign_group_ >= 0) ::close(foreign_group_);
}

Result<void> FanotifyWatch::add(const std::string& folder) {
  struct stat wanted;
  if (::stat(folder.c_str(), &wanted) != 0) return failed(folder, errno);
  for (const char* ours : {"/", "/proc/self/exe"}) {
    struct stat status;
    if (::stat(ours, &status) != 0) return failed(ours, errno);
    if (status.st_dev == wanted.st_dev) {
      return Error(Code::gate_file_system_shared, folder, "a file system of its own",
                   std::string("the one that holds ") + ours);
    }
  }
  if (::fanotify_mark(group_, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, questions, AT_FDCWD, folder.c_str()) != 0) {
    return failed("fanotify_mark " + folder, errno);
  }
  return {};
}

void FanotifyWatch::answer(int descriptor, GateAnswer answer) const {
  const fanotify_response response{
      descriptor, static_cast<std::uint32_t>(answer == GateAnswer::allow ? FAN_ALLOW : FAN_DENY)};
  if (::write(group_, &response, sizeof response) >= 0 || host_group_ < 0) return;
  // It is no question of the first one: the number of a descriptor is a question of one group at most.
  [[maybe_unused]] const auto written = ::write(host_group_, &response, sizeof response);
}

bool FanotifyWatch::ignore(int descriptor) const {
  constexpr unsigned how = FAN_MARK_ADD | FAN_MARK_IGNORED_MASK;
  if (::fanotify_mark(group_, how, questions, descriptor, nullptr) != 0) return false;
  return host_group_ < 0 || ::fanotify_mark(host_group_, how, questions, descriptor, nullptr) == 0;
}

void FanotifyWatch::ask_again(int descriptor) const {
  constexpr unsigned how = FAN_MARK_REMOVE | FAN_MARK_IGNORED_MASK;
  ::fanotify_mark(group_, how, questions, descriptor, nullptr);
  if (host_group_ >= 0) ::fanotify_mark(host_group_, how, questions, descriptor, nullptr);
}

void FanotifyWatch::ask_about_all_again() const {
  ::fanotify_mark(group_, FAN_MARK_FLUSH, 0, AT_FDCWD, nullptr);
  if (host_group_ >= 0) ::fanotify_mark(host_group_, FAN_MARK_FLUSH, 0, AT_FDCWD, nullptr);
}

}  // namespace sallyport
