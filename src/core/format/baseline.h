// SPDX-License-Identifier: Apache-2.0
// The baseline of a host: which programs of its own may be executed on it, taken from its package database. An in-toto
// Statement v1 with predicateType `urn:sallyport:baseline:v1`. docs/spec/baseline.md. One spelling, as dsse.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/crypto/digest.h"
#include "core/format/describe.h"
#include "core/format/statement.h"

namespace sallyport {

struct BaselineFile {
  std::string path;  // absolute, a label for people: what counts is the content
  std::uint64_t size;
  FileDigest digest;

  bool operator==(const BaselineFile&) const = default;
};

// Files that are as the package has them.
struct BaselinePackage {
  std::string name;
  std::string architecture;
  std::string version;
  std::vector<BaselineFile> files;  // by path, each once, at least one

  bool operator==(const BaselinePackage&) const = default;
};

// A file of a package that is not as the package has it, or about which the package does not say how it is.
struct ChangedFile {
  BaselineFile file;
  std::string package;

  bool operator==(const ChangedFile&) const = default;
};

struct HostBaseline {
  std::string database_name;  // "dpkg"
  Sha256Digest database;      // of the database's file of what is installed
  PoolId pool;
  std::vector<NodeId> nodes;  // sorted, at least one, each once
  std::uint64_t number;       // from 1; a node takes only higher ones than it has
  Instant time;
  std::string reason;                     // plain text, up to 1000 bytes
  std::vector<BaselinePackage> packages;  // by name and architecture, each once
  std::vector<ChangedFile> changed;       // by path, each once; somebody has named each
  std::vector<BaselineFile> unowned;      // by path, each once; of no package

  bool operator==(const HostBaseline&) const = default;
};

constexpr std::string_view baseline_predicate_type = "urn:sallyport:baseline:v1";

// Of the envelope's payload. statement_malformed, or statement_type_mismatch for another predicateType.
Result<HostBaseline> parse_baseline(BytesView payload);
// Whoever prints a statement to sign it parses it first: what parse_baseline refuses must not be signed.
std::string print_baseline(const HostBaseline& baseline);

// Of packages, changed and unowned ones together.
std::uint64_t count_files(const HostBaseline& baseline);

// All but the files of packages that are as the packages have them: of these, how many. For screens; the whole is in
// json_fields().
std::vector<Field> baseline_fields(const HostBaseline& baseline);

}  // namespace sallyport
