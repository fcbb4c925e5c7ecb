// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "adapters/confine/descriptor.h"
#include "adapters/confine/privileges.h"

namespace sallyport::confine {
namespace {

Result<void> allow_execute(int ruleset, const std::string& path) {
  const Descriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!place.open()) return last_error(path);
  landlock_path_beneath_attr rule{};
  rule.allowed_access = LANDLOCK_ACCESS_FS_EXECUTE;
  rule.parent_fd = place.get();
  if (::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) {
    return last_error(path);
  }
  return {};
}

Result<void> restrict_self(const std::vector<std::string>& paths) {
  landlock_ruleset_attr handled{};
  handled.handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE;
  const Descriptor ruleset(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0)));
  if (!ruleset.open()) return last_error("landlock");
  for (const auto& path : paths) TRY(allow_execute(ruleset.get(), path));
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0) return last_error("landlock");
  return {};
}

}  // namespace

Coverage execute_only_below(const std::vector<std::string>& paths) {
  const auto done = restrict_self(paths);
  if (done.ok()) {
    return {"landlock", Force::in_force, "executes only what lies in the generation, and changes no mounts"};
  }
  return {"landlock", Force::not_available, done.error().found};
}

}  // namespace sallyport::confine
