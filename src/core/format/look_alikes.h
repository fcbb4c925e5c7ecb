// SPDX-License-Identifier: Apache-2.0
// Identifiers of a policy that people may take for one another: "mme-1" and "mme-l", "alice" and "a1ice". They are
// ASCII, so what is left of look-alikes are letters and digits of one shape. Nothing is refused: whoever reviews the
// policy is told.
#pragma once

#include <string>
#include <vector>

#include "core/format/policy.h"

namespace sallyport {

// "persons: a1ice, alice": one line for each set of names of one kind that look alike, in the order of the kinds.
std::vector<std::string> look_alikes(const Policy& policy);

}  // namespace sallyport
