// SPDX-License-Identifier: Apache-2.0
// What the node says of itself to others, signed by its own key. docs/spec/server.md, *Reports of nodes*.
#pragma once

#include "adapters/signer/port.h"
#include "core/format/node_report.h"
#include "roles/node/ports.h"

namespace sallyport::node {

// As `node status` finds it; it digests no file.
Result<NodeReport> report(const Ports& ports);

// The envelope.
Result<std::string> sign_report(const NodeReport& report, Signer& signer);

}  // namespace sallyport::node
