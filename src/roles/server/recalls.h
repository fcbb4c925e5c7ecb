// SPDX-License-Identifier: Apache-2.0
// Recalls and their approvals: collected as orders are. Whether one counts is decided by each node for itself.
// docs/spec/server.md.
#pragma once

#include "roles/server/world.h"

namespace sallyport::server {

Handled list_recalls(World& world, const Call& call);
Handled put_recall(World& world, const Call& call);
Handled get_recall(World& world, const Call& call);
Handled post_recall_approvals(World& world, const Call& call);

}  // namespace sallyport::server
