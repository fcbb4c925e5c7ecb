// SPDX-License-Identifier: Apache-2.0
// Members of an on-boarded package: the descriptor, the manifest, any other by its path, and all artifacts in one
// archive (ETSI SOL005 clause 9.4). The process apart that read the package has told where their bytes lie; here the
// file is only bytes. What a wrong tale could bring about is that ranges of this file are served under wrong names.
#pragma once

#include "roles/server/world.h"

namespace sallyport::server {

Handled get_descriptor(World& world, const Call& call);
Handled get_manifest(World& world, const Call& call);
Handled get_artifacts(World& world, const Call& call);
Handled get_artifact(World& world, const Call& call);

}  // namespace sallyport::server
