// SPDX-License-Identifier: Apache-2.0
// A package in ERROR is taken in once more, with the content that is there: what was refused may be clean by an
// exception that was approved since, or by engines that know better. docs/spec/server.md, *Packages*.
#pragma once

#include "roles/server/world.h"

namespace sallyport::server {

Handled retry_intake(World& world, const Call& call);

}  // namespace sallyport::server
