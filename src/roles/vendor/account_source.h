// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "adapters/tree_source/port.h"

namespace sallyport::vendor {

// The vendor's files, and etc/passwd and etc/group for the users and groups that the release declares. Input that
// brings one of the two by itself as well is input_refused. With nothing declared it is the vendor's files.
class AccountSource final : public TreeSource {
 public:
  AccountSource(TreeSource& files, const std::vector<User>& users, const std::vector<Group>& groups);

  Result<SourceListing> list() override;
  Opening opening() const override { return files_.opening(); }
  Result<std::unique_ptr<SourceFile>> open(std::size_t index) override;

 private:
  TreeSource& files_;
  std::array<std::string, 2> texts_;  // empty: nothing is declared
  std::size_t count_ = 0;             // of the vendor's entries
};

}  // namespace sallyport::vendor
