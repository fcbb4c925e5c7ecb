// SPDX-License-Identifier: Apache-2.0
// Who wants to be told of packages (ETSI SOL005 clause 9.4). Nobody is called but hosts that an administrator listed,
// and each address has to answer 204 before it is taken. docs/spec/server.md, *Notifications*.
#pragma once

#include "roles/server/world.h"

namespace sallyport::server {

constexpr std::uint32_t subscriptions_max = 16;  // of one account
constexpr std::string_view subscriptions_path = "/vnfpkgm/v2/subscriptions";

Handled create_subscription(World& world, const Call& call);
Handled list_subscriptions(World& world, const Call& call);
Handled show_subscription(World& world, const Call& call);
Handled delete_subscription(World& world, const Call& call);

}  // namespace sallyport::server
