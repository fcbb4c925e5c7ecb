// SPDX-License-Identifier: Apache-2.0
// A host that a test makes up.
#pragma once

#include <map>

#include "adapters/packages/port.h"
#include "core/crypto/file_digest.h"
#include "core/crypto/md5.h"

namespace sallyport {

class MemoryPackages final : public HostPackages {
 public:
  struct File {
    std::string content;
    bool executable = true;
  };

  Result<InstalledPackages> installed() override {
    if (error) return *error;
    return InstalledPackages{"dpkg", sha256(as_bytes("status")), packages, listed};
  }
  Result<std::optional<ProgramFile>> measure(const std::string& path, Wanted wanted) override {
    const auto found = files.find(path);
    if (found == files.end() || (wanted == Wanted::executable && !found->second.executable))
      return std::optional<ProgramFile>();
    const auto bytes = as_bytes(found->second.content);
    return std::optional(ProgramFile{bytes.size(), file_digest(bytes), md5_of(found->second.content)});
  }

  static std::string md5_of(const std::string& content) {
    Md5 md5;
    md5.update(as_bytes(content));
    return md5.finish();
  }
  // A file that is as the package has it.
  void add(const std::string& path, std::size_t package, const std::string& content) {
    listed.push_back({path, package, md5_of(content)});
    files[path] = {content};
  }

  std::vector<InstalledPackage> packages;
  std::vector<InstalledFile> listed;
  std::map<std::string, File> files;
  std::optional<Error> error;
};

}  // namespace sallyport
