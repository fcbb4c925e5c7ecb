// SPDX-License-Identifier: Apache-2.0
// What `sallyport-noded --help` prints. Its manual page is made of it, too: the first line is the name and what it is
// for.
#pragma once

#include <string_view>

namespace sallyport::noded {

constexpr std::string_view help_text =
    R"(sallyport-noded: keeps the services of a Sallyport node running, and verifies their generation again and again

Usage: sallyport-noded --root DIR [--verify-interval SECONDS] [--program FILE]

  --root DIR                  the node's root folder
  --verify-interval SECONDS   how often the active generation is verified (default 3600; 1 to 604800)
  --program FILE              the sallyport binary that runs services (default: beside this one)
  --help, --version

Stays in the foreground; SIGTERM ends it, and leaves the services running. Decisions go to DIR/events.jsonl.
)";

}  // namespace sallyport::noded
