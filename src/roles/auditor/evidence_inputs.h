// SPDX-License-Identifier: Apache-2.0
// The inputs of an evidence run: what the node kept of its generations, and the tampered twins made of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/disk/port.h"
#include "core/format/evidence.h"
#include "core/format/order.h"

namespace sallyport::auditor {

// One generation as the node keeps it; paths as the commands are to name them.
struct KeptGeneration {
  std::string folder;   // "generations/2", below the node's root
  std::string package;  // path of package.csar
  std::string verdict;
  std::string order;
  TestInput package_input;
  Order order_content;  // of the envelope's payload, unverified: for planning only
};

// Oldest first; generations whose package was not kept are left out.
Result<std::vector<KeptGeneration>> kept_generations(Disk& node, const std::string& root);

enum class EnvelopeChange : std::uint8_t {
  payload_flipped,
  last_signature_dropped,
  last_signature_doubled,
  first_signature_doubled
};

Result<Bytes> tamper_envelope(BytesView envelope, EnvelopeChange change);

}  // namespace sallyport::auditor
