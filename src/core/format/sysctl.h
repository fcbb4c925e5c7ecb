// SPDX-License-Identifier: Apache-2.0
// The settings of the kernel that a service may ask for: those that exist once for each namespace which the service
// has for itself, so that none of them reaches the host. docs/spec/tree.md. Whether a node sets them is for its policy.
#pragma once

#include <string_view>
#include <vector>

#include "core/format/json.h"
#include "core/format/json_writer.h"
#include "core/format/tree.h"

namespace sallyport {

constexpr std::size_t sysctls_max = 64;

// Where a setting lives: the file below /proc/sys is "net/core/somaxconn" for "net.core.somaxconn".
enum class SysctlScope : std::uint8_t { network, ipc, none };
// none for everything that is no name, or that the whole machine shares.
SysctlScope sysctl_scope(std::string_view name);
std::string sysctl_path(const std::string& name);

// The optional member `sysctls` of a service: names and values that the format has. tree_malformed.
Result<std::vector<Sysctl>> read_sysctls(JsonObject& from);
void write_sysctls(JsonWriter& to, const std::vector<Sysctl>& sysctls);

// Each of them, and that they fit the service: sorted, each once, none of a namespace that it shares with the host.
Result<void> check_sysctls(const Service& service);

}  // namespace sallyport
