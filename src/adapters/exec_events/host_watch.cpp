// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/host_watch.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <system_error>

#include "adapters/exec_events/fanotify.h"
#include "adapters/exec_events/processes.h"

namespace sallyport {
namespace {

Error failed(std::string where) {
  const Code code = errno == EPERM || errno == EACCES ? Code::permission_missing : Code::io_failed;
  return {code, std::move(where), {}, std::generic_category().message(errno)};
}

using exec_events::Held;

int borrow(int process, int descriptor) {
  const Held holder(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
  if (holder.get() < 0) return -1;
  return static_cast<int>(::syscall(SYS_pidfd_getfd, holder.get(), descriptor, 0));
}

Result<std::string> device_of(const std::string& folder) {
  struct statx status {};
  if (::statx(AT_FDCWD, folder.c_str(), AT_STATX_DONT_SYNC, STATX_MNT_ID, &status) != 0)
    return failed(folder);
  std::string device;
  const auto search = [&](const exec_events::MountView& view) {
    for (const auto& mount : view.mounts) {
      if (view.root.empty() && mount.id == status.stx_mnt_id) device = mount.device;
    }
  };
  exec_events::MountViews().visit_all(search);
  if (!device.empty()) return device;
  return Error(Code::io_failed, folder, "a mount that /proc/self/mountinfo names", "none");
}

// Mounts on the way to which, or which themselves, are served by somebody: to look there may be to wait for ever.
class Served {
 public:
  explicit Served(const std::vector<MountEntry>& mounts) {
    for (const auto& mount : mounts) {
      if (!keeps_its_contents(mount.type) && may_hold_programs(mount.type)) points_.insert(mount.point);
    }
  }
  bool has(std::string_view point) const {
    for (; !point.empty(); point = point.substr(0, point.rfind('/'))) {
      if (points_.contains(point)) return true;
    }
    return points_.contains("/");
  }

 private:
  std::set<std::string, std::less<>> points_;
};

}  // namespace

// One look at all mounts: what became of each file system.
struct FanotifyHost::Pass {
  int host;
  int foreign;
  ForeignFiles foreign_files;
  const std::string& node_device;
  exec_events::Marking& marking;
  std::set<std::string, std::less<>> watched;    // devices
  std::map<std::string, std::string> unwatched;  // device to mount and reason

  void mark_all(const exec_events::MountView& view) {
    const Served served(view.mounts);
    for (const auto& mount : view.mounts) {
      if (watched.contains(mount.device) || !may_hold_programs(mount.type)) continue;
      const bool is_own = keeps_its_contents(mount.type);
      if (!is_own && foreign_files == ForeignFiles::leave) continue;
      const auto reason = mark(mount, view, is_own && !served.has(mount.point));
      if (reason.empty()) {
        watched.insert(mount.device);
        unwatched.erase(mount.device);
      } else {
        unwatched.try_emplace(mount.device, mount.type + " on " + mount.point + ": " + reason);
      }
    }
  }

 private:
  std::string mark(const MountEntry& mount, const exec_events::MountView& view, bool at_once) {
    if (mount.device == node_device) return {};
    const int group = keeps_its_contents(mount.type) ? host : foreign;
    const exec_events::Marking::Place place{mount, view.root + mount.point, group, view.task};
    return at_once ? exec_events::Marking::mark(place) : marking.mark_carefully(place);
  }
};

Result<std::unique_ptr<FanotifyHost>> FanotifyHost::of(int custodian, Groups groups,
                                                       const std::string& node) {
  auto device = TRY(device_of(node));
  const int mounts = ::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
  if (mounts < 0) return failed("/proc/self/mountinfo");
  std::unique_ptr<FanotifyHost> host(new FanotifyHost(custodian, groups, mounts));
  host->node_device_ = std::move(device);
  return host;
}

FanotifyHost::~FanotifyHost() {
  ::close(mounts_);
}

void FanotifyHost::await_mount(std::chrono::milliseconds wait) {
  pollfd news{mounts_, POLLPRI, 0};
  if (::poll(&news, 1, static_cast<int>(wait.count())) > 0) changed_ = true;
}

bool FanotifyHost::is_due(ForeignFiles foreign) {
  await_mount(std::chrono::milliseconds(0));
  if (!told_ || changed_ || foreign_ != foreign) return true;
  return exec_events::now_ms() - looked_ms_ >= static_cast<std::uint64_t>(elsewhere_unseen_max.count());
}

// Whoever leaves them alone takes the marks away.
Result<void> FanotifyHost::follow(ForeignFiles foreign, int group) {
  if (foreign_ == foreign) return {};
  constexpr unsigned how = FAN_MARK_FLUSH | FAN_MARK_FILESYSTEM;
  const bool is_left = foreign == ForeignFiles::leave;
  if (is_left && ::fanotify_mark(group, how, 0, AT_FDCWD, nullptr) != 0) return failed("fanotify_mark");
  foreign_ = foreign;
  return {};
}

Result<std::optional<HostCoverage>> FanotifyHost::watch(ForeignFiles foreign) {
  if (!is_due(foreign)) return std::optional<HostCoverage>();
  changed_ = false;
  const Held host_group(borrow(custodian_, groups_.host));
  const Held foreign_group(borrow(custodian_, groups_.foreign));
  if (host_group.get() < 0 || foreign_group.get() < 0) return failed("the gate's watch of the host");
  TRY(follow(foreign, foreign_group.get()));
  Pass pass{host_group.get(), foreign_group.get(), foreign, node_device_, marking_, {}, {}};
  HostCoverage coverage{0,
                        views_.visit_all([&](const exec_events::MountView& view) { pass.mark_all(view); })};
  coverage.file_systems = pass.watched.size();
  for (auto& [device, reason] : pass.unwatched) coverage.unwatched.push_back(std::move(reason));
  looked_ms_ = exec_events::now_ms();
  if (told_ && told_->file_systems == coverage.file_systems && told_->unwatched == coverage.unwatched)
    return std::optional<HostCoverage>();
  told_ = coverage;
  return std::optional(std::move(coverage));
}

Result<void> FanotifyHost::unwatch() {
  for (const int number : {groups_.host, groups_.foreign}) {
    const Held group(borrow(custodian_, number));
    if (group.get() < 0) return failed("the gate's watch of the host");
    if (::fanotify_mark(group.get(), FAN_MARK_FLUSH | FAN_MARK_FILESYSTEM, 0, AT_FDCWD, nullptr) != 0)
      return failed("fanotify_mark");
  }
  told_.reset();
  foreign_.reset();
  changed_ = true;
  return {};
}

// What runs from a mount that no namespace has any more is not among them.
void FanotifyHost::look_for_own_mounts() {
  own_.clear();
  views_.visit_all([&](const exec_events::MountView& view) {
    for (const auto& mount : view.mounts) {
      if (keeps_its_contents(mount.type)) own_.insert(mount.id);
    }
  });
}

Result<std::vector<HostProgram>> FanotifyHost::running() {
  look_for_own_mounts();
  return exec_events::running_programs(own_);
}

Result<std::optional<HostProgram>> FanotifyHost::measure(const std::string& path) {
  if (own_.empty()) look_for_own_mounts();
  return exec_events::measured_program(path, own_);
}

}  // namespace sallyport
