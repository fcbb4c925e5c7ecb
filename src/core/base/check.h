// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace sallyport {

// One line of what was checked and what was found, for people, for the event log and for the evidence.
struct Check {
  std::string name;     // "signature", "manifest", "scope", "approvals", …
  std::string finding;  // "CN=Release 2026,O=Acme (ECDSA P-384), anchor CN=Acme Root"
};

// The checks that were passed so far: what is left behind, however the checking ends.
using Checks = std::vector<Check>;

}  // namespace sallyport
