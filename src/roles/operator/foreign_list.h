// SPDX-License-Identifier: Apache-2.0
// What of a package of another tool has to be scanned, and the scanning of it. docs/spec/scanner.md, *Coverage*.
//
// Every member, decoded by our own reader, once: of option 2 the members of the CSAR and, around it, its signature and
// certificate (the CSAR itself is nothing but its members). As the reader leaves no byte of a file unaccounted for,
// nothing of the package is left out.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/format/stored_member.h"
#include "core/trust/examine.h"
#include "core/trust/steady_source.h"
#include "roles/operator/scan_list.h"

namespace sallyport::intake {

// The bytes of a package that was verified just now, as they were then: member_digest_mismatch when the file has
// changed since, or changes later on.
class ForeignContents {
 public:
  // The file and the package must outlive it. One scratch is taken where a CSAR of option 2 is compressed.
  static Result<std::unique_ptr<ForeignContents>> open(const ByteSource& file, const ForeignPackage& package,
                                                       const ScratchMaker& scratch);

  const std::vector<ScanItem>& items() const { return items_; }
  Result<std::vector<ScannedItem>> scan(const Party& party, Workers& workers) const;

 private:
  ForeignContents(trust::SteadySource file, const ForeignPackage& package);
  Result<void> open_csar(const ScratchMaker& scratch);
  void list_items();
  Result<ScannedItem> scan_one(const ScanItem& item, const Party& party) const;
  const ByteSource& file_of(const ArchiveMember& member) const;

  trust::SteadySource file_;
  const ForeignPackage* package_;
  std::optional<StoredMember> stored_;  // a CSAR of option 2
  std::unique_ptr<Scratch> scratch_;    // or one that was compressed
  std::vector<ScanItem> items_;
};

}  // namespace sallyport::intake
