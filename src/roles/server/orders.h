// SPDX-License-Identifier: Apache-2.0
// Orders and their approvals: envelopes that persons signed elsewhere. The server keeps signatures together and keeps
// out what could never count; whether an order is approved is decided by each node for itself. docs/spec/server.md.
#pragma once

#include "roles/server/world.h"

namespace sallyport::server {

Handled list_orders(World& world, const Call& call);
Handled put_order(World& world, const Call& call);
Handled get_order(World& world, const Call& call);
Handled post_approvals(World& world, const Call& call);

}  // namespace sallyport::server
