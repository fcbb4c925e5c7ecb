// SPDX-License-Identifier: Apache-2.0
// The digest that the kernel itself keeps a file at (fs-verity): it refuses whoever would write to the file, and
// checks every page that is read. So nothing is left to hash or to lease.
#pragma once

#include <optional>

#include "core/crypto/digest.h"

namespace sallyport::exec_events {

// What FS_IOC_MEASURE_VERITY answers, as the kernel's structure has it; a test puts another one in.
using MeasureVerity = int (*)(int descriptor, void* answer);
int measure_verity(int descriptor, void* answer);

// Absent: fs-verity is not on for this file, or not with SHA-256. One digest holds all parameters (block size,
// salt), so that a file that was sealed with others has another digest than ours.
std::optional<FileDigest> sealed_digest(int descriptor, MeasureVerity measure = measure_verity);

}  // namespace sallyport::exec_events
