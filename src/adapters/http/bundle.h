// SPDX-License-Identifier: Apache-2.0
// A bundle instead of a web server: docs/spec/bundle.md. It is believed in nothing, as a server is: whoever asks says
// how much it may be at most, and verifies what it got. So what holds for a node that fetches holds for one that is
// given a medium, and no second client has to be right.
//
// The file is read by the strict reader of packages (core/format/zip.h says what it refuses). A member that is asked
// for and is not there is server_file_missing. CRC-32 is not looked at: it proves nothing that the digests do not.
#pragma once

#include <string>

#include "adapters/http/port.h"
#include "core/format/zip.h"

namespace sallyport {

// The address of what is in a bundle: "bundle:/metadata/timestamp.json".
constexpr const char* bundle_url = "bundle:";

class BundleFetcher final : public Fetcher {
 public:
  // The file must outlive it.
  static Result<BundleFetcher> open(const ByteSource& file);

  Result<void> fetch(const FetchRequest& request, ByteSink& sink) override;
  const ZipDirectory& directory() const { return directory_; }

 private:
  BundleFetcher(const ByteSource& file, ZipDirectory directory)
      : file_(&file), directory_(std::move(directory)) {}

  const ByteSource* file_;
  ZipDirectory directory_;
};

}  // namespace sallyport
