// SPDX-License-Identifier: Apache-2.0
// Looks at everything that the node keeps and reports everything that is wrong with it: books and their copies,
// the active link, every object of the store, every generation, what is left over. Changes nothing.
#pragma once

#include "roles/node/books.h"
#include "roles/node/ports.h"

namespace sallyport::node {

struct FsckReport {
  std::vector<Error> findings;     // damage; empty: clean
  std::vector<std::string> notes;  // what the next command will finish or take away by itself
  std::uint64_t objects = 0;
  std::uint64_t generations = 0;  // with their files
  std::uint64_t collected = 0;    // with their papers only
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::optional<KeyId> key = {};  // of the node, as the journal pins it; none where the books cannot be read
};

// node_not_initialised and faults; damage is in the report.
Result<FsckReport> fsck(const Ports& ports);

}  // namespace sallyport::node
