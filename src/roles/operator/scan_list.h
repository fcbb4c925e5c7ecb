// SPDX-License-Identifier: Apache-2.0
// What of a package has to be scanned, and the scanning of it. docs/spec/scanner.md.
//
// The list is the coverage rule: every distinct content of the tree, decoded by our own reader, and every
// other member of the file as it is. content.pack itself is not on it: it is nothing but those contents. As
// the reader leaves no byte of the file unaccounted for, nothing of the package is left out.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/workers.h"
#include "core/format/archive.h"
#include "core/trust/package.h"
#include "roles/operator/look.h"

namespace sallyport::intake {

struct ScanItem {
  std::vector<std::string> places;  // paths of the tree, or the one member of the package
  std::uint64_t size;
  std::variant<const ContentObject*, const ZipMember*, const ArchiveMember*>
      what;  // the last: foreign_list.h
};

// Views into the package, which must outlive it. Objects in the order of the pack, then members.
std::vector<ScanItem> list_items(const Package& package);

struct ScannedItem {
  Looked looked;
  FileDigest digest;       // of the bytes that each of them was given
  std::uint64_t size = 0;  // bytes that each of them was given
};

// Scans one item after the other, in one thread.
using ScanOne = std::function<Result<ScannedItem>(const ScanItem&)>;
// All of them, by as many as there are threads; the answers in the order of the list.
Result<std::vector<ScannedItem>> scan_each(const std::vector<ScanItem>& items,
                                           const std::function<ScanOne()>& lane, Workers& workers);

// Hands every item over to everybody and returns the answers in the order of the list. The bytes are read from the file
// again, and refused unless they are those that the vendor signed: a file that was changed after it was
// verified gets no verdict (content_digest_mismatch, member_digest_mismatch). Holds one frame for each
// worker, whatever the sizes.
Result<std::vector<ScannedItem>> scan_items(const ByteSource& file, const Package& package,
                                            const std::vector<ScanItem>& items, const Party& party,
                                            Workers& workers);

}  // namespace sallyport::intake
