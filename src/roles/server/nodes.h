// SPDX-License-Identifier: Apache-2.0
// Reports of nodes: what each says that it runs, and whether it was the node's registered key that said so. Nothing is
// decided by them. docs/spec/server.md, *Reports of nodes*.
#pragma once

#include "roles/server/world.h"

namespace sallyport::server {

Handled list_nodes(World& world, const Call& call);
Handled show_node(World& world, const Call& call);
Handled put_report(World& world, const Call& call);
Handled get_report(World& world, const Call& call);

}  // namespace sallyport::server
