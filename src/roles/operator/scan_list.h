// SPDX-License-Identifier: Apache-2.0
// What of a package has to be scanned, and the scanning of it. docs/spec/scanner.md.
//
// The list is the coverage rule: every distinct content of the tree, decoded by our own reader, and every
// other member of the file as it is. content.pack itself is not on it: it is nothing but those contents. As
// the reader leaves no byte of the file unaccounted for, nothing of the package is left out.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "adapters/scanner/port.h"
#include "core/base/workers.h"
#include "core/trust/package.h"

namespace sallyport::intake {

struct ScanItem {
  std::vector<std::string> places;  // paths of the tree, or the one member of the package
  std::uint64_t size;
  std::variant<const ContentObject*, const ZipMember*> what;
};

// Views into the package, which must outlive it. Objects in the order of the pack, then members.
std::vector<ScanItem> list_items(const Package& package);

struct ScannedItem {
  ScanAnswer answer;
  FileDigest digest;       // of the bytes that the scanner was given
  std::uint64_t size = 0;  // bytes that the scanner was given
};

// Hands every item over and returns the answers in the order of the list. The bytes are read from the file
// again, and refused unless they are those that the vendor signed: a file that was changed after it was
// verified gets no verdict (content_digest_mismatch, member_digest_mismatch). Holds one frame for each
// worker, whatever the sizes.
Result<std::vector<ScannedItem>> scan_items(const ByteSource& file, const Package& package,
                                            const std::vector<ScanItem>& items, Scanner& scanner,
                                            Workers& workers);

}  // namespace sallyport::intake
