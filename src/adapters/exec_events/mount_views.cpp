// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/mount_views.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>

#include "adapters/exec_events/fanotify.h"
#include "adapters/exec_events/processes.h"

namespace sallyport::exec_events {
namespace {

constexpr std::uint64_t pass_ms_max = 2000;
constexpr int enter_ms_max = 1000;
constexpr std::size_t view_text_max = 2U << 20U;  // of another namespace: some ten thousand mounts

std::string reason() {
  return std::generic_category().message(errno);
}

std::string mount_namespace_of(const std::string& task) {
  std::array<char, 64> name{};
  const auto size = ::readlink((task + "/ns/mnt").c_str(), name.data(), name.size());
  return size < 0 ? std::string() : std::string(name.data(), static_cast<std::size_t>(size));
}

// Of each namespace one thread. A thread may be in another one than its process, and may outlive its first thread.
std::map<std::string, std::string> tasks_by_namespace() {
  std::map<std::string, std::string> tasks;
  for (const int process : numbers_in("/proc")) {
    const auto folder = "/proc/" + std::to_string(process) + "/task";
    for (const int task : numbers_in(folder)) {
      auto path = folder + "/" + std::to_string(task);
      auto name = mount_namespace_of(path);
      if (!name.empty()) tasks.try_emplace(std::move(name), std::move(path));
    }
  }
  return tasks;
}

struct Text {
  std::string text;
  bool whole = true;
};

// Absent: errno says why.
std::optional<Text> read_text(const std::string& path, std::size_t size_max) {
  const Held file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return std::nullopt;
  Text read;
  std::array<char, 1U << 16U> piece;
  for (;;) {
    const auto size = ::read(file.get(), piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return std::nullopt;
    if (size == 0) return read;
    read.text.append(piece.data(), static_cast<std::size_t>(size));
    if (read.text.size() <= size_max) continue;
    read.whole = false;
    read.text.resize(read.text.rfind('\n') + 1);
    return read;
  }
}

// A process that goes into one namespace after the other: from there all of a namespace is seen, though each process
// in it may have been given a smaller root. It shares our descriptors and does nothing else.
class Visitor {
 public:
  Visitor() {
    if (::pipe2(orders_.data(), O_CLOEXEC) != 0 || ::pipe2(reports_.data(), O_CLOEXEC) != 0) return;
    const int parent = ::getpid();
    process_ = static_cast<int>(::syscall(SYS_clone, CLONE_FILES | SIGCHLD, nullptr, nullptr, nullptr, 0UL));
    if (process_ == 0) go_where_told(parent);
  }
  ~Visitor() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
    for (const int end : {orders_[0], orders_[1], reports_[0], reports_[1]}) {
      if (end >= 0) ::close(end);
    }
  }
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;

  bool enter(int name_space) {
    int failure = 0;
    if (process_ < 0 || ::write(orders_[1], &name_space, sizeof name_space) != sizeof name_space)
      return false;
    pollfd report{reports_[0], POLLIN, 0};
    errno = ETIMEDOUT;
    if (::poll(&report, 1, enter_ms_max) <= 0) return false;
    if (::read(reports_[0], &failure, sizeof failure) != sizeof failure) return false;
    errno = failure;
    return failure == 0;
  }
  std::string folder() const { return "/proc/" + std::to_string(process_); }

 private:
  [[noreturn]] void go_where_told(int parent) const {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::getppid() != parent) ::_exit(1);
    for (int name_space = 0; ::read(orders_[0], &name_space, sizeof name_space) == sizeof name_space;) {
      const int failure = ::setns(name_space, CLONE_NEWNS) == 0 ? 0 : errno;
      if (::write(reports_[1], &failure, sizeof failure) != sizeof failure) break;
    }
    ::_exit(0);
  }

  std::array<int, 2> orders_{-1, -1};
  std::array<int, 2> reports_{-1, -1};
  int process_ = -1;
};

// What could not be seen of it; empty: nothing, or it is gone.
std::string look_into(Visitor& visitor, const std::string& name, const std::string& task,
                      const MountViews::Visit& visit) {
  const Held name_space(::open((task + "/ns/mnt").c_str(), O_RDONLY | O_CLOEXEC));
  if (name_space.get() < 0) {
    const bool ended = errno == ENOENT || errno == ESRCH;
    return ended ? std::string() : name + ": " + reason();
  }
  if (!visitor.enter(name_space.get())) return name + ": " + reason();
  const auto read = read_text(visitor.folder() + "/mountinfo", view_text_max);
  if (!read) return name + ": " + reason();
  auto mounts = parse_mounts(read->text);
  if (!mounts.ok()) return name + ": " + mounts.error().found;
  visit({visitor.folder() + "/root", std::move(mounts).value(), task});
  return read->whole ? std::string() : name + ": more mounts than are looked at";
}

}  // namespace

Held::~Held() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::vector<std::string> MountViews::visit_all(const Visit& visit) {
  std::vector<std::string> unseen;
  const auto begin = now_ms();
  const auto read = read_text("/proc/self/mountinfo", mounts_text_size_max);
  auto own = parse_mounts(read ? read->text : std::string());
  if (!read || !read->whole || !own.ok())
    unseen.push_back("the mounts of the gate: not all of them can be read");
  if (own.ok()) visit({"", std::move(own).value(), "/proc/self"});
  auto tasks = tasks_by_namespace();
  tasks.erase(mount_namespace_of("/proc/self"));
  std::vector<std::pair<std::string, std::string>> in_turn(tasks.begin(), tasks.end());
  const auto next = std::ranges::upper_bound(in_turn, last_, {}, &std::pair<std::string, std::string>::first);
  std::rotate(in_turn.begin(), next, in_turn.end());
  Visitor visitor;
  for (const auto& [name, task] : in_turn) {
    if (now_ms() - begin > pass_ms_max) {
      unseen.push_back("mount namespaces: more than can be looked through in time");
      break;
    }
    auto gap = look_into(visitor, name, task, visit);
    if (!gap.empty()) unseen.push_back(std::move(gap));
    last_ = name;
  }
  return unseen;
}

}  // namespace sallyport::exec_events
