// SPDX-License-Identifier: Apache-2.0
// The engines that the options of `intake submit` name, ready to be used by a worker.
#pragma once

#include <string>
#include <vector>

#include "apps/sallyport/command.h"
#include "roles/operator/apart.h"

namespace sallyport::cli {

extern const std::vector<Option> engine_options;

// Each has said what it is, and those that look for malware have found the test file. The first is clamd.
Result<std::vector<intake::ApartScanner>> open_engines(const Arguments& arguments, Instant now);

// The policy of --policy and the lists of --crl, as they are.
Result<intake::PolicyFiles> read_policy_files(const Arguments& arguments);

// --exception: files of approved exceptions, each proved.
extern const Option exception_option;
Result<std::vector<intake::GivenException>> open_exceptions(const Arguments& arguments, const Policy& policy,
                                                            Instant now);

// For contents that wait to be opened as archives, and are too large for memory.
std::string scratch_folder();

}  // namespace sallyport::cli
