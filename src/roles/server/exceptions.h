// SPDX-License-Identifier: Apache-2.0
// Exceptions for findings of intake, and their approvals: collected as orders are. Whether one counts is decided by
// intake, by the policy and at its own time, and by each node again. docs/spec/server.md, *Exceptions*.
#pragma once

#include "roles/server/world.h"

namespace sallyport::server {

Handled list_exceptions(World& world, const Call& call);
Handled put_exception(World& world, const Call& call);
Handled get_exception(World& world, const Call& call);
Handled post_exception_approvals(World& world, const Call& call);

// Over for longer than that is told to nobody as the reason for a finding.
constexpr std::int64_t told_when_over_seconds = 30LL * 86400;

// What intake is given: all that are here with every signature that came, whoever stored them, and those that were over
// a short time ago, of which it says so.
Result<std::vector<std::string>> exceptions_for_intake(World& world, Instant now);

}  // namespace sallyport::server
