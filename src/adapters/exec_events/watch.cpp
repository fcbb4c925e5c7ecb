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

}  // namespace

Result<std::unique_ptr<FanotifyWatch>> FanotifyWatch::open() {
  const int group = ::fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_QUEUE |
                                        FAN_UNLIMITED_MARKS | FAN_REPORT_PIDFD,
                                    O_RDONLY | O_LARGEFILE | O_CLOEXEC);
  if (group < 0) return failed("fanotify_init", errno);
  return std::unique_ptr<FanotifyWatch>(new FanotifyWatch(group));
}

std::unique_ptr<FanotifyWatch> FanotifyWatch::left_behind(int descriptor) {
  std::unique_ptr<FanotifyWatch> watch(new FanotifyWatch(descriptor));
  watch->ask_about_all_again();
  // The kernel knows a question by the number that its descriptor had in the process that read it.
  for (int number = 0; number < gate_descriptors_max; ++number) watch->answer(number, GateAnswer::deny);
  return watch;
}

FanotifyWatch::~FanotifyWatch() {
  ::close(group_);
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
  [[maybe_unused]] const auto written = ::write(group_, &response, sizeof response);
}

bool FanotifyWatch::ignore(int descriptor) const {
  return ::fanotify_mark(group_, FAN_MARK_ADD | FAN_MARK_IGNORED_MASK, questions, descriptor, nullptr) == 0;
}

void FanotifyWatch::ask_again(int descriptor) const {
  ::fanotify_mark(group_, FAN_MARK_REMOVE | FAN_MARK_IGNORED_MASK, questions, descriptor, nullptr);
}

void FanotifyWatch::ask_about_all_again() const {
  ::fanotify_mark(group_, FAN_MARK_FLUSH, 0, AT_FDCWD, nullptr);
}

}  // namespace sallyport
