// SPDX-License-Identifier: Apache-2.0
// One decision as one line of JSON: accepted, refused and faulted alike, and as complete in each case.
// docs/spec/event.md. Lines are written by adapters/events and are never rewritten.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/time.h"

namespace sallyport {

struct Event {
  std::string activity;  // "intake-submit", "node-install", "deploy-approve", "node-run", …
  Instant time;
  std::string actor;                 // person, node or system user that acted
  std::string subject;               // label of the thing decided on: file name, order, service
  std::string package;               // digest as text where there is one, else empty
  std::string signer;                // subject of the vendor's certificate, or person, where known
  std::string order;                 // digest as text where there is one
  std::uint64_t policy_version = 0;  // 0: no policy was read
  std::vector<Check> checks;         // every check that was made, in order, until the one that refused
  std::optional<Error> error;        // absent: accepted
  std::string effect;                // what changed: "generation 3 activated", "nothing"
};

std::string print_event(const Event& event);  // one line with its line end

}  // namespace sallyport
