// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "adapters/confine/descriptor.h"
#include "core/format/capabilities.h"
#include "core/format/service_exceptions.h"

// Newer than the kernel headers of Debian 12.
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#define PR_GET_MDWE 66
#endif
#ifndef SECBIT_EXEC_RESTRICT_FILE
#define SECBIT_EXEC_RESTRICT_FILE (1 << 8)
#define SECBIT_EXEC_RESTRICT_FILE_LOCKED (1 << 9)
#define SECBIT_EXEC_DENY_INTERACTIVE (1 << 10)
#define SECBIT_EXEC_DENY_INTERACTIVE_LOCKED (1 << 11)
#endif

namespace sallyport::confine {
namespace {

bool kernel_knows(std::size_t capability) {
  return ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
}

struct CapabilitySets {
  std::uint64_t effective;
  std::uint64_t permitted;
  std::uint64_t inheritable;
  bool operator==(const CapabilitySets&) const = default;
};

Result<void> set_capabilities(const CapabilitySets& sets) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> data{};
  for (unsigned half = 0; half < 2; ++half) {
    data[half].effective = static_cast<std::uint32_t>(sets.effective >> (32 * half));
    data[half].permitted = static_cast<std::uint32_t>(sets.permitted >> (32 * half));
    data[half].inheritable = static_cast<std::uint32_t>(sets.inheritable >> (32 * half));
  }
  if (::syscall(SYS_capset, &header, data.data()) != 0) return last_error("capset");
  return {};
}

Result<CapabilitySets> get_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> data{};
  if (::syscall(SYS_capget, &header, data.data()) != 0) return last_error("capget");
  const auto join = [](std::uint32_t low, std::uint32_t high) {
    return static_cast<std::uint64_t>(high) << 32U | low;
  };
  return CapabilitySets{join(data[0].effective, data[1].effective),
                        join(data[0].permitted, data[1].permitted),
                        join(data[0].inheritable, data[1].inheritable)};
}

Result<void> bound_capabilities(std::uint64_t bits) {
  for (std::size_t i = 0; i < 64 && kernel_knows(i); ++i) {
    if ((bits >> i & 1U) != 0) continue;
    if (::prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0) return last_error("dropping a capability");
  }
  return {};
}

Result<void> raise_ambient(std::uint64_t bits) {
  if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return last_error("ambient set");
  for (std::size_t i = 0; i < 64; ++i) {
    if ((bits >> i & 1U) == 0) continue;
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0) != 0) return last_error("ambient set");
  }
  return {};
}

// User 0 is a user like any other: its number alone gives no capability, and no exec gives one back. And what an
// interpreter that asks is told, where the kernel can: files that may be executed, and nothing typed or piped.
Result<Coverage> lock_secure_bits() {
  constexpr unsigned long root = SECBIT_KEEP_CAPS | SECBIT_NOROOT | SECBIT_NOROOT_LOCKED;
  constexpr unsigned long scripts = SECBIT_EXEC_RESTRICT_FILE | SECBIT_EXEC_RESTRICT_FILE_LOCKED |
                                    SECBIT_EXEC_DENY_INTERACTIVE | SECBIT_EXEC_DENY_INTERACTIVE_LOCKED;
  const std::string facility = "script-checks";
  if (::prctl(PR_SET_SECUREBITS, root | scripts, 0, 0, 0) != 0 &&
      ::prctl(PR_SET_SECUREBITS, root, 0, 0, 0) != 0)
    return last_error("securebits");
  const int now = ::prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
  if (now >= 0 && (static_cast<unsigned long>(now) & scripts) == scripts) {
    return Coverage{
        facility, Force::in_force,
        "an interpreter that asks runs only files that may be executed, and nothing typed or piped"};
  }
  return Coverage{facility, Force::not_available, "this kernel has no SECBIT_EXEC_RESTRICT_FILE"};
}

Result<void> change_user(const Service& service) {
  if (::setgroups(0, nullptr) != 0) return last_error("setgroups");
  if (::setresgid(service.gid, service.gid, service.gid) != 0) return last_error("setresgid");
  if (::setresuid(service.uid, service.uid, service.uid) != 0) return last_error("setresuid");
  return {};
}

void reset_signals() {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

Coverage deny_write_execute(const Service& service) {
  const std::string facility = "memory-deny-write-execute";
  if (has_exception(service, ServiceException::jit))
    return {facility, Force::not_available, "the release declares that the service makes code at run time"};
  ::prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0);
  const int now = ::prctl(PR_GET_MDWE, 0, 0, 0, 0);
  if (now == PR_MDWE_REFUSE_EXEC_GAIN) {
    return {facility, Force::in_force, "memory that was writable cannot become executable"};
  }
  return {facility, Force::not_available, "this kernel has no PR_SET_MDWE"};
}

std::string declared(const Service& service) {
  if (service.capabilities.empty()) return "none";
  std::string all;
  for (const auto& name : service.capabilities) all += (all.empty() ? "" : " ") + name;
  return all;
}

Result<void> no_new_privileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return last_error("no_new_privs");
  if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return Error(Code::not_supported, "no_new_privs");
  return {};
}

}  // namespace

Result<std::uint64_t> capability_bits(const std::vector<std::string>& names) {
  const auto bits = TRY(capability_set(names));
  for (std::size_t i = 0; i < 64; ++i) {
    if ((bits >> i & 1U) != 0 && !kernel_knows(i)) {
      return Error(Code::not_supported, "capability " + std::to_string(i), "one that this kernel knows",
                   "one that it does not");
    }
  }
  return bits;
}

Result<void> keep_capabilities(std::uint64_t bits) {
  TRY(bound_capabilities(bits));
  return set_capabilities({bits, bits, 0});
}

Result<std::vector<Coverage>> become(const Service& service) {
  const auto bits = TRY(capability_bits(service.capabilities));
  const rlimit no_core{0, 0};
  if (::setrlimit(RLIMIT_CORE, &no_core) != 0) return last_error("setrlimit");
  ::umask(077);
  reset_signals();
  TRY(bound_capabilities(bits));
  auto scripts = TRY(lock_secure_bits());
  TRY(change_user(service));
  TRY(set_capabilities({bits, bits, bits}));
  TRY(raise_ambient(bits));
  TRY(no_new_privileges());
  const auto sets = TRY(get_capabilities());
  if (sets != CapabilitySets{bits, bits, bits}) return Error(Code::not_supported, "capabilities");
  return std::vector<Coverage>{{"capabilities", Force::in_force, declared(service)},
                               {"no-new-privileges", Force::in_force, "no exec gives a privilege"},
                               std::move(scripts),
                               deny_write_execute(service)};
}

}  // namespace sallyport::confine
