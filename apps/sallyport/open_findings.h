// SPDX-License-Identifier: Apache-2.0
// What exceptions given leave of a verdict that is not clean: for `intake submit` and `intake rescan`.
#pragma once

#include <vector>

#include "apps/sallyport/command.h"
#include "core/format/describe.h"
#include "roles/operator/conclude.h"

namespace sallyport::cli {

// Those of the verdict, in which a finding that exceptions are about is called "excepted", and no longer "finding".
std::vector<Field> fields_of(const Verdict& verdict, const std::vector<intake::GivenException>& given);

// How many findings have no exception, and how one is proposed for the one that the refusal tells. Nothing where none
// was given: whoever has met malware for the first time is not asked to except it.
void show_left_open(const Verdict& verdict, const std::vector<intake::GivenException>& given,
                    const Arguments& arguments, Output& output);

}  // namespace sallyport::cli
