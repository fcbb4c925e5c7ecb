// SPDX-License-Identifier: Apache-2.0
// What is in a file, without trusting any of it: nothing here is a proof, and nothing that acts may call it.
// The readers are the strict ones all the same.
#pragma once

#include "core/format/describe.h"
#include "core/format/tree.h"
#include "roles/auditor/file_kind.h"

namespace sallyport::auditor {

struct Section {
  std::string title;
  std::vector<Field> fields;
};

Result<std::vector<Section>> inspect(const ByteSource& file, FileKind kind);

// The tree that a package claims to have.
Result<Tree> claimed_tree(const ByteSource& package);

}  // namespace sallyport::auditor
