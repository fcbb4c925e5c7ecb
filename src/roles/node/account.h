// SPDX-License-Identifier: Apache-2.0
// What the event log tells of a command, however it ended: filled while the command works, so that a refusal
// names what was refused, by whom it was signed, and what had been checked by then.
#pragma once

#include <optional>
#include <string>

#include "core/base/check.h"
#include "core/crypto/digest.h"

namespace sallyport::node {

struct Account {
  // Of all bytes of the file, once they were all read. A refused file has one when it was digested for the quarantine.
  std::optional<Sha256Digest> package;
  // Of what the order's envelope holds, genuine or not: which order was tried.
  std::optional<Sha256Digest> order;
  std::string signer;  // the vendor's, once its signature was verified
  std::uint64_t policy_version = 0;
  Checks passed;
};

}  // namespace sallyport::node
