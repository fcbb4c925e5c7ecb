// SPDX-License-Identifier: Apache-2.0
// What is known of the kinds of attestations besides their names. docs/spec/attestation.md has the table.
#pragma once

#include <string_view>

namespace sallyport {

// Whether this kind has a place where it says who made it, which is read: Attestation::maker.
bool names_its_maker(std::string_view predicate_type);

}  // namespace sallyport
