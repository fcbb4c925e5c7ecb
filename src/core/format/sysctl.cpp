// SPDX-License-Identifier: Apache-2.0
#include "core/format/sysctl.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t name_size_max = 128;
constexpr std::size_t value_size_max = 256;

// Those of an IPC namespace; every other one below kernel. and fs. is the machine's.
constexpr std::array<std::string_view, 13> of_ipc = {
    "fs.mqueue.msg_default",  "fs.mqueue.msg_max",    "fs.mqueue.msgsize_default",
    "fs.mqueue.msgsize_max",  "fs.mqueue.queues_max", "kernel.msgmax",
    "kernel.msgmnb",          "kernel.msgmni",        "kernel.sem",
    "kernel.shm_rmid_forced", "kernel.shmall",        "kernel.shmmax",
    "kernel.shmmni"};

// Words of a-z, 0-9, `_` and `-`, joined by single dots: no `/` and no `..` can come up when they become a path.
bool is_name(std::string_view name) {
  if (name.empty() || name.size() > name_size_max || name.front() == '.' || name.back() == '.') return false;
  char last = '.';
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!letter && (c != '.' || last == '.')) return false;
    last = c;
  }
  return true;
}

// Words with single spaces between them: the kernel prints tabs where it was given spaces, so that only words compare.
bool is_value(std::string_view value) {
  if (value.empty() || value.size() > value_size_max || value.front() == ' ' || value.back() == ' ')
    return false;
  if (value.find("  ") != std::string_view::npos) return false;
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

SysctlScope sysctl_scope(std::string_view name) {
  if (!is_name(name)) return SysctlScope::none;
  if (std::find(of_ipc.begin(), of_ipc.end(), name) != of_ipc.end()) return SysctlScope::ipc;
  return name.starts_with("net.") ? SysctlScope::network : SysctlScope::none;
}

std::string sysctl_path(const std::string& name) {
  std::string path = name;
  std::replace(path.begin(), path.end(), '.', '/');
  return path;
}

Result<std::vector<Sysctl>> read_sysctls(JsonObject& from) {
  std::vector<Sysctl> sysctls;
  if (!from.has("sysctls")) return sysctls;
  const auto array = TRY(from.array("sysctls", sysctls_max));
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    auto name = TRY(object.text("name", name_size_max));
    auto value = TRY(object.text("value", value_size_max));
    TRY(object.finish());
    sysctls.push_back({std::move(name), std::move(value)});
  }
  return sysctls;
}

void write_sysctls(JsonWriter& to, const std::vector<Sysctl>& sysctls) {
  if (sysctls.empty()) return;
  to.key("sysctls").begin_array();
  for (const auto& [name, value] : sysctls)
    to.begin_object().text("name", name).text("value", value).end_object();
  to.end_array();
}

Result<void> check_sysctls(const Service& service) {
  const auto refuse = [&](Code code, std::string expected, std::string_view found) {
    return Error(code, "service " + service.name.text(), std::move(expected),
                 printable(found.substr(0, 200)));
  };
  const std::string* last = nullptr;
  for (const auto& [name, value] : service.sysctls) {
    const auto scope = sysctl_scope(name);
    if (scope == SysctlScope::none)
      return refuse(Code::tree_malformed, "a setting of a network or IPC namespace", name);
    if (scope == SysctlScope::network && service.network == Network::host)
      return refuse(Code::tree_inconsistent, "settings of the network only with a network of its own", name);
    if (!is_value(value)) return refuse(Code::tree_malformed, "a value of plain words for " + name, value);
    if (last != nullptr && !(*last < name))
      return refuse(Code::tree_inconsistent, "sysctls sorted, each once", name);
    last = &name;
  }
  if (service.sysctls.size() > sysctls_max)
    return refuse(Code::tree_malformed, "at most 64 sysctls", std::to_string(service.sysctls.size()));
  return {};
}

}  // namespace sallyport
