// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/tree_source/tar_stream.h"
#include "core/base/sink.h"

namespace sallyport {

// An OCI image layout in one tar archive, as `skopeo copy … oci-archive:FILE` writes it: its files, put into room that
// goes with this. archive_malformed: what tar_file.h refuses, and links.
class OciArchive {
 public:
  static Result<OciArchive> open(const SourceFileName& tar, std::unique_ptr<Scratch> room);
  // file_missing where there is none of this path.
  Result<std::shared_ptr<const ByteSource>> file(const std::string& path) const;

 private:
  struct Place {
    std::uint64_t offset;
    std::uint64_t size;
  };
  explicit OciArchive(std::unique_ptr<Scratch> room) : room_(std::move(room)) {}
  std::shared_ptr<Scratch> room_;
  std::map<std::string, Place> places_;
};

}  // namespace sallyport
