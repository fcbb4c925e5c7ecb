// SPDX-License-Identifier: Apache-2.0
// Makes an unsigned package of files. One pass over the input; never a whole file in memory. The same input and
// request give the same bytes (with one version of libzstd): no clock, no machine and no order of a folder gets in.
#pragma once

#include "adapters/tree_source/port.h"
#include "core/base/progress.h"
#include "core/base/sink.h"
#include "core/base/workers.h"
#include "roles/vendor/wrap.h"

namespace sallyport::vendor {

// A file about the build that goes into the package as it is.
struct Document {
  std::string name;  // of an attestation: an identifier
  Bytes bytes;
};

struct BuildRequest {
  std::string name;
  std::string version;
  ProductId product;
  std::string provider;
  std::uint64_t counter;
  std::string architecture;         // when the source does not say; "any" or as uname -m
  std::vector<Service> services;    // format/services.h
  std::optional<Bytes> descriptor;  // the vendor's VNFD; a minimal one otherwise
  std::optional<Instant> released;  // the newest modification time of the input otherwise
  int level = 3;                    // of zstd, 1 to 19
  std::vector<ConfigFile> config = {};
  std::vector<User> users = {};  // the files of them are added to the tree (format/accounts.h)
  std::vector<Group> groups = {};
  const Wrapping* wrapping = nullptr;       // what the source was unpacked from, where that is proved
  std::vector<Document> attestations = {};  // docs/spec/attestation.md
  std::optional<Bytes> sbom = {};           // docs/spec/sbom.md; one is made otherwise
};

struct BuildReport {
  Sha256Digest package;
  Sha256Digest release;
  std::uint64_t size;          // of the package
  std::uint64_t content_size;  // of the files
  std::uint64_t files;
  std::uint64_t contents;  // distinct ones
  std::string architecture;
  Instant released;
  std::optional<Provenance> provenance = std::nullopt;
  std::vector<std::string> attestations = {};  // "SLSA provenance v1 by …, about the release", one each
};

// Parents that the input lacks and the services' state folders are added to the tree, as root's, mode 0755.
// The caller gives `output` its name after this has returned a value, and forgets it otherwise.
//   usage_error          a request that makes no package: names, version, counter, level
//   input_refused        an input that no package can carry, no file at all, services and declarations that do not fit
//                        the files, links that leave the tree
//   attestation_malformed, sbom_malformed
//   sbom_digest_mismatch, sbom_file_missing, sbom_file_unlisted   a list that names files, and other ones
Result<BuildReport> build(const BuildRequest& request, TreeSource& source, Scratch& pack, ByteSink& output,
                          Workers& workers, Progress& progress = no_progress);

}  // namespace sallyport::vendor
