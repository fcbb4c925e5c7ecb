// SPDX-License-Identifier: Apache-2.0
// The list of files of an .rpm file's header. For rpm_package.cpp.
#pragma once

#include "core/format/rpm_header.h"
#include "core/format/rpm_package.h"

namespace sallyport {

Result<std::vector<RpmFile>> read_rpm_files(const RpmHeader& header);

}  // namespace sallyport
