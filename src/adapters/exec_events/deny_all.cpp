// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/deny_all.h"

#include <sys/fanotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

namespace sallyport {

void deny_all(int group, SharedBoard& board, int custodian) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (::getppid() != custodian) ::_exit(1);
  if (group > 0) ::close_range(0, static_cast<unsigned>(group) - 1, 0);
  ::close_range(static_cast<unsigned>(group) + 1, ~0U, 0);
  const rlimit none{0, 0};
  if (::setrlimit(RLIMIT_NOFILE, &none) != 0) ::_exit(1);
  constexpr timespec a_while{0, 10'000'000};
  for (;;) {
    std::array<std::uint8_t, sizeof(fanotify_event_metadata) + sizeof(fanotify_event_info_pidfd)> bytes;
    if (::read(group, bytes.data(), bytes.size()) >= 0) continue;  // overflow: it carries no file
    if (errno == EMFILE) {
      board.count_foreign();
    } else if (errno != EINTR) {
      ::nanosleep(&a_while, nullptr);
    }
  }
}

}  // namespace sallyport
