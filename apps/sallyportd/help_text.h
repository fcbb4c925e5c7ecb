// SPDX-License-Identifier: Apache-2.0
// What `sallyportd --help` prints. Its manual page is made of it, too: the first line is the name and what it is for.
#pragma once

#include <string_view>

namespace sallyport::sallyportd {

constexpr std::string_view help_text =
    R"(sallyportd: the operator's server; takes packages in (ETSI SOL005) and keeps orders, approvals and reports

Usage: sallyportd --config FILE [--check]

Examples:
  sallyportd --config /etc/sallyport/sallyportd.json
  sallyportd --config /etc/sallyport/sallyportd.json --check
  sallyportd --openapi > openapi.json

  --config FILE   the configuration, JSON (docs/spec/server.md)
  --check         try all that the configuration names, a line for each, change nothing, and end
  --openapi       print the OpenAPI document of the API, and end
  --help, --version

Stays in the foreground; SIGTERM ends it when what had begun is answered, in a minute at most; SIGHUP makes it read
its accounts anew. It decides nothing about trust: what nodes believe is
signed by persons, and each node verifies it.
)";

}  // namespace sallyport::sallyportd
