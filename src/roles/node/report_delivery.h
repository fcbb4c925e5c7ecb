// SPDX-License-Identifier: Apache-2.0
// A report on its way to the operator's server: docs/spec/server.md, *Reports of nodes*.
#pragma once

#include <string>

#include "adapters/http/port.h"
#include "core/base/id.h"

namespace sallyport::node {

// `server` is the server's address ("https://server.example:8443"). Nothing that the server says is believed; that it
// took the report is all that is known afterwards. server_refused with its status where it did not, and what Poster
// answers with.
Result<void> deliver_report(const Poster& poster, const std::string& server, const NodeId& node,
                            const std::string& envelope);

}  // namespace sallyport::node
