// SPDX-License-Identifier: Apache-2.0
// The payload of one .rpm file beside the list of files that its header has: an entry that is not of the list, or is
// another one there, is refused (archive_malformed). For rpms.cpp.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "adapters/tree_source/cpio_stream.h"
#include "adapters/tree_source/tar_stream.h"
#include "adapters/tree_source/unpacked_range.h"
#include "core/format/rpm_package.h"

namespace sallyport {

class RpmPayload {
 public:
  // `package` is what read_rpm said of `file`, and outlives this.
  static Result<std::unique_ptr<RpmPayload>> open(const SourceFileName& file, const RpmPackage& package);

  struct Entry {
    std::size_t file;  // of package.files
    bool has_content;  // a file of several names has it once, behind the others
  };
  // Nothing at the end, where every file of the payload was there.
  Result<std::optional<Entry>> next();
  std::size_t count() const { return cpio_.count(); }  // of entries that next() has returned
  Result<void> read(std::span<std::uint8_t> into) { return cpio_.read(into); }

 private:
  RpmPayload(std::unique_ptr<UnpackedRange> range, std::string where, const RpmPackage& package);
  Error refused(std::string expected, std::string_view found) const;
  Result<void> check(const CpioHeader& header, const RpmFile& file) const;

  std::unique_ptr<UnpackedRange> range_;
  CpioStream cpio_;
  std::string where_;
  const RpmPackage* package_;
  std::map<std::string_view, std::size_t> missing_;  // by path
};

}  // namespace sallyport
