// SPDX-License-Identifier: Apache-2.0
// For how many days something is kept. docs/spec/server.md, *Retention*.
#pragma once

#include <cstdint>
#include <optional>

namespace sallyport::server {

struct Retention {
  std::optional<std::uint32_t> audit_days;  // security events, in the database; absent: for ever
  std::optional<std::uint32_t> failed_packages_days;
  std::optional<std::uint32_t> reports_days;  // of nodes
  bool operator==(const Retention&) const = default;
};

}  // namespace sallyport::server
