// SPDX-License-Identifier: Apache-2.0
// What lies in a repository's folder, read and written by name. For repository.cpp and publish.cpp.
#pragma once

#include "adapters/disk/port.h"
#include "core/trust/tuf/trusted_set.h"
#include "core/trust/tuf/write.h"

namespace sallyport::operators {

Result<Sha256Digest> digest_of(const ByteSource& content);

class RepositoryFiles {
 public:
  explicit RepositoryFiles(Disk& disk) : disk_(disk) {}

  Result<void> make_folders();
  // The highest version of a role that is there; 0: none.
  Result<std::uint64_t> newest(const std::string& role);
  Result<Bytes> metadata(const std::string& role, std::uint64_t version);
  Result<void> write_metadata(const std::string& name, const std::string& content);
  Result<std::optional<Bytes>> staged(const std::string& name);
  Result<void> write_staged(const std::string& name, BytesView content);
  Result<void> drop_staged(const std::string& name);
  // Under its name with the digest before it; true to the source or not at all.
  Result<tuf::FileDraft> add_target(const std::string& path, const ByteSource& content);

  // The chain up to the newest root; none where there is no root yet.
  Result<std::optional<tuf::RootChain>> roots();

 private:
  Disk& disk_;
};

constexpr const char* deliveries_role = "deliveries";
constexpr const char* policy_target = "policy.json";
constexpr const char* recalls_pattern = "recalls/*/*";

}  // namespace sallyport::operators
