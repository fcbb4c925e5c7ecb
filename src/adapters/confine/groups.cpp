// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/groups.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "adapters/confine/descriptor.h"

namespace sallyport::confine {
namespace {

// The usual place, and the one beside groups of version 1.
Result<std::string> groups_folder() {
  for (const char* place : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
    struct statfs status;
    if (::statfs(place, &status) == 0 && status.f_type == CGROUP2_SUPER_MAGIC) return std::string(place);
  }
  return Error(Code::not_supported, "/sys/fs/cgroup", "control groups of version 2", "none");
}

// A process of a group below would be in another one by its number. Kernels before 4.14 do not know this file.
void without_groups_below(const std::string& path) {
  const Descriptor file(::open((path + "/cgroup.max.descendants").c_str(), O_WRONLY | O_CLOEXEC));
  if (file.open()) static_cast<void>(::write(file.get(), "0", 1) == 1);
}

Result<std::string> made_folder(const std::string& name) {
  const auto base = TRY(groups_folder());
  for (auto end = name.find('/');; end = name.find('/', end + 1)) {
    const auto path = base + "/" + name.substr(0, end);
    if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) return last_error(path);
    if (end != std::string::npos) continue;
    without_groups_below(path);
    return path;
  }
}

Result<void> enter(const std::string& name) {
  const auto path = TRY(made_folder(name)) + "/cgroup.procs";
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.open() || ::write(file.get(), "0", 1) != 1) return last_error(path);
  return {};
}

}  // namespace

Result<std::uint64_t> group_number(const std::string& name) {
  const auto path = TRY(made_folder(name));
  struct stat status;
  if (::stat(path.c_str(), &status) != 0) return last_error(path);
  return static_cast<std::uint64_t>(status.st_ino);
}

Result<std::vector<int>> processes_of(const std::string& name) {
  const auto path = TRY(made_folder(name)) + "/cgroup.procs";
  std::ifstream file(path);
  if (!file) return last_error(path);
  std::vector<int> processes;
  for (int process = 0; file >> process;) processes.push_back(process);
  return processes;
}

bool is_in_group(int process, const std::string& name) {
  std::ifstream file("/proc/" + std::to_string(process) + "/cgroup");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("0::") && line.ends_with("/" + name)) return true;
  }
  return false;
}

Coverage join_group(const std::string& name) {
  const auto entered = enter(name);
  if (entered.ok()) return {"service-group", Force::in_force, "a gate knows the service's processes"};
  return {"service-group", Force::not_available, entered.error().found};
}

}  // namespace sallyport::confine
