// SPDX-License-Identifier: Apache-2.0
// A host whose packages dpkg has installed (Debian and what comes of it). core/format/dpkg.h reads the database.
#pragma once

#include <memory>

#include "adapters/packages/port.h"

namespace sallyport {

class DpkgPackages final : public HostPackages {
 public:
  // The host's root folder: "/", or that of a chroot or a mounted image.
  static Result<std::unique_ptr<DpkgPackages>> at(const std::string& root);
  ~DpkgPackages() override;
  DpkgPackages(const DpkgPackages&) = delete;
  DpkgPackages& operator=(const DpkgPackages&) = delete;

  Result<InstalledPackages> installed() override;
  Result<std::optional<ProgramFile>> measure(const std::string& path, Wanted wanted) override;

 private:
  explicit DpkgPackages(int root) : root_(root) {}
  int root_;
};

}  // namespace sallyport
