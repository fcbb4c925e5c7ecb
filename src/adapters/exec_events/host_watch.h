// SPDX-License-Identifier: Apache-2.0
// The host's own file systems by fanotify: permission events for exec alone, on every file system whose mount some
// thread of this machine sees; where a file system's contents are not the kernel's own, of the group that denies. Needs
// root and Linux 5.8.
#pragma once

#include <memory>

#include "adapters/exec_events/marking.h"
#include "adapters/exec_events/mount_views.h"
#include "adapters/exec_events/port.h"
#include "adapters/exec_events/processes.h"
#include "core/format/mounts.h"

namespace sallyport {

class FanotifyHost final : public HostWatch {
 public:
  // `groups`: the descriptors of the watches for the host (watch.h) as the custodian has them. They are borrowed for
  // each change of marks and not kept: who keeps one keeps everybody waiting who is not answered. `node`: the node's
  // folder.
  struct Groups {
    int host;
    int foreign;
  };
  static Result<std::unique_ptr<FanotifyHost>> of(int custodian, Groups groups, const std::string& node);
  ~FanotifyHost() override;
  FanotifyHost(const FanotifyHost&) = delete;
  FanotifyHost& operator=(const FanotifyHost&) = delete;

  Result<std::vector<HostProgram>> running() override;
  Result<std::optional<HostProgram>> measure(const std::string& path) override;
  Result<std::optional<HostCoverage>> watch(ForeignFiles foreign) override;
  Result<void> unwatch() override;
  void await_mount(std::chrono::milliseconds wait) override;

  // How long a file system that is mounted in another process's mount namespace may be there unseen; here the kernel
  // tells of it at once.
  static constexpr auto elsewhere_unseen_max = std::chrono::milliseconds(1000);

 private:
  struct Pass;
  FanotifyHost(int custodian, Groups groups, int mounts)
      : custodian_(custodian), groups_(groups), mounts_(mounts) {}
  bool is_due(ForeignFiles foreign);
  Result<void> follow(ForeignFiles foreign, int group);
  void look_for_own_mounts();

  int custodian_;
  Groups groups_;
  int mounts_;               // /proc/self/mountinfo
  std::string node_device_;  // as mounts have it
  exec_events::MountViews views_;
  exec_events::Marking marking_;
  exec_events::OwnMounts own_;
  std::optional<ForeignFiles> foreign_;  // as the marks are
  std::uint64_t looked_ms_ = 0;
  bool changed_ = true;
  std::optional<HostCoverage> told_;
};

}  // namespace sallyport
