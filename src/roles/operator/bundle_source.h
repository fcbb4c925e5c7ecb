// SPDX-License-Identifier: Apache-2.0
// Where the repository is that a bundle is made of: a folder here, or a web server.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/disk/port.h"
#include "adapters/http/port.h"
#include "core/base/sink.h"

namespace sallyport::operators {

class BundleSource {
 public:
  virtual ~BundleSource() = default;
  // A file by its path below the repository's folder, of at most so many bytes; server_file_missing. The same file can
  // be opened again, and is the same.
  virtual Result<std::unique_ptr<ByteSource>> open(const std::string& path, std::uint64_t size_max) = 0;
  Result<Bytes> read(const std::string& path, std::uint64_t size_max);
};

class FolderSource final : public BundleSource {
 public:
  explicit FolderSource(Disk& disk) : disk_(disk) {}
  Result<std::unique_ptr<ByteSource>> open(const std::string& path, std::uint64_t size_max) override;

 private:
  Disk& disk_;
};

// Each file is fetched once and waits in the scratch for its place in the bundle. The server is believed in nothing:
// who takes the bundle in verifies all of it.
class ServerSource final : public BundleSource {
 public:
  ServerSource(Fetcher& fetcher, std::string url, Scratch& scratch)
      : fetcher_(fetcher), url_(std::move(url)), scratch_(scratch) {}
  Result<std::unique_ptr<ByteSource>> open(const std::string& path, std::uint64_t size_max) override;

 private:
  struct Place {
    std::uint64_t offset;
    std::uint64_t size;
  };
  Fetcher& fetcher_;
  std::string url_;
  Scratch& scratch_;
  std::map<std::string, Place> fetched_;
};

}  // namespace sallyport::operators
