// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/sysctls.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "adapters/confine/descriptor.h"
#include "core/format/sysctl.h"

namespace sallyport::confine {
namespace {

// The kernel prints "4096\t16384\t4194304\n" for "4096 16384 4194304".
std::string as_words(std::string_view text) {
  std::string words;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n';
    if (!space) words += c;
    if (space && !words.empty() && words.back() != ' ') words += ' ';
  }
  if (!words.empty() && words.back() == ' ') words.pop_back();
  return words;
}

Error unsettable(const Sysctl& sysctl, int number) {
  if (number == EACCES || number == EPERM || number == EROFS)
    return system_error("sysctl " + sysctl.name, number);
  return {Code::not_supported, "sysctl " + sysctl.name, sysctl.value, system_error("sysctl", number).found};
}

Result<void> apply(const Sysctl& sysctl) {
  const std::string path = "/proc/sys/" + sysctl_path(sysctl.name);
  const Descriptor file(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  if (!file.open()) return unsettable(sysctl, errno);
  const auto size = static_cast<ssize_t>(sysctl.value.size());
  if (::write(file.get(), sysctl.value.data(), sysctl.value.size()) != size) return unsettable(sysctl, errno);
  std::array<char, 1024> text{};
  const auto read = ::pread(file.get(), text.data(), text.size(), 0);
  if (read < 0) return unsettable(sysctl, errno);
  const auto found = as_words({text.data(), static_cast<std::size_t>(read)});
  if (found == sysctl.value) return {};
  return Error(Code::not_supported, "sysctl " + sysctl.name, sysctl.value, found);
}

}  // namespace

Result<void> apply_sysctls(const Service& service) {
  // Again: the tree that said so was checked elsewhere, and here it is the host that would be changed.
  TRY(check_sysctls(service));
  for (const auto& sysctl : service.sysctls) TRY(apply(sysctl));
  return {};
}

Coverage sysctls_in_force(const Service& service) {
  std::string all;
  for (const auto& [name, value] : service.sysctls) all += (all.empty() ? "" : ", ") + name + "=" + value;
  constexpr std::size_t shown_max = 250;  // a record of a run is bounded, and so is each part of it
  if (all.size() > shown_max) all = std::to_string(service.sysctls.size()) + " kernel settings";
  return {"sysctls", Force::in_force, all};
}

}  // namespace sallyport::confine
