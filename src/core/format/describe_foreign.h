// SPDX-License-Identifier: Apache-2.0
// A verdict about a package of another tool as named values, for screens. Defined in describe.cpp.
#pragma once

#include <vector>

#include "core/format/describe.h"
#include "core/format/foreign_verdict.h"

namespace sallyport {

// Every field but the names and digests of package and policy, which are for the caller. Does not compile when the
// verdict has one that it does not know.
std::vector<Field> foreign_verdict_fields(const ForeignVerdict& verdict);

}  // namespace sallyport
