// SPDX-License-Identifier: Apache-2.0
// A package as its vendor has it before it is signed: whole and right, signed by nobody.
#pragma once

#include "core/base/workers.h"
#include "core/format/manifest.h"
#include "core/format/tosca.h"
#include "core/format/tree.h"
#include "core/format/zip.h"

namespace sallyport::vendor {

struct OwnPackage {
  ZipDirectory directory;
  PackageLayout layout;
  Bytes signed_octets;  // of the manifest: without its CMS, if it has one
  Bytes cms;            // DER; empty: unsigned
  Bytes second_cms;     // DER; empty: there is no second signature
  Manifest manifest;
  Bytes tree_bytes;
  Tree tree;
};

// Reads every byte. Refuses as a node would, and whatever `build` does not write.
Result<OwnPackage> read_own_package(const ByteSource& file, Workers& workers);

}  // namespace sallyport::vendor
