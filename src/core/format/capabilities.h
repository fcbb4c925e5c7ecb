// SPDX-License-Identifier: Apache-2.0
// Linux capabilities by name, and the extended attribute security.capability (capabilities(7), "File
// capabilities").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

bool is_capability(std::string_view name);  // "cap_net_admin"

// Whoever has it can leave the confinement of a service (docs/spec/run.md), so that no service may ask for it.
bool breaks_confinement(std::string_view name);

// The set with one bit for each number. An unknown name is refused (not_supported).
Result<std::uint64_t> capability_set(const std::vector<std::string>& names);

// The attribute in revision 2: permitted and effective, nothing inheritable, no user namespace. An unknown name is
// refused likewise.
Result<Bytes> encode_capabilities(const std::vector<std::string>& names);
// Sorted. Anything that encode_capabilities does not write is refused with the code given.
Result<std::vector<std::string>> decode_capabilities(BytesView attribute, Code code);

}  // namespace sallyport
