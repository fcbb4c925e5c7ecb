// SPDX-License-Identifier: Apache-2.0
// The log's files, the policy, the audit trail, and how the server is.
#pragma once

#include "roles/server/world.h"

namespace sallyport::server {

Handled get_log_file(World& world, const Call& call);
Handled get_policy(World& world, const Call& call);
Handled list_audit(World& world, const Call& call);
Handled get_versions(World& world, const Call& call);
Handled is_alive(World& world, const Call& call);
Handled is_ready(World& world, const Call& call);
Handled get_metrics(World& world, const Call& call);

}  // namespace sallyport::server
