// SPDX-License-Identifier: Apache-2.0
// The bytes of packages, in the data folder: uploads/ while they come in (upload.h), content/ when they are there. The
// server names the files; nothing of a name comes from a client.
#pragma once

#include <string>

#include "adapters/db/port.h"
#include "adapters/disk/port.h"

namespace sallyport::server {

std::string content_path(const PackageRecord& package);

// A folder directly in the data folder, whose name outlasts a power cut.
Result<void> ensure_durable_folder(Disk& data, const std::string& path);

// From uploads/ to content/, durable; done already is no error. A package is in PROCESSING before its file is there, so
// that a server which dies in between loses nothing: whoever works on the package next calls this again.
Result<void> settle_content(Disk& data, const PackageRecord& package);

}  // namespace sallyport::server
