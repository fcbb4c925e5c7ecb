// SPDX-License-Identifier: Apache-2.0
// TUF 1.0 metadata as values (docs/spec/tuf.md). Parsing checks the form and nothing else: that somebody signed it, and
// whether it is the current one, is for trusted_set.h. Members that are not named here are kept in the signed
// bytes and otherwise ignored, as the specification demands.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/crypto/interop_key.h"

namespace sallyport::tuf {

// What a file may have at most, whatever it says of itself.
constexpr std::uint64_t root_size_max = 512ULL << 10U;
constexpr std::uint64_t timestamp_size_max = 64ULL << 10U;
constexpr std::uint64_t snapshot_size_max = 8ULL << 20U;
constexpr std::uint64_t targets_size_max = 64ULL << 20U;
constexpr std::size_t keys_max = 1024;
constexpr std::size_t signatures_max = 1024;
constexpr std::size_t name_size_max = 1024;  // of a role or a target

enum class Role : std::uint8_t { root, timestamp, snapshot, targets };
std::string_view role_name(Role role);

struct Key {
  InteropKey key;
  SignatureScheme scheme;
};

// Who may sign for a role. A key that is of no type or scheme known here, or cannot be read, is not listed:
// it counts for nothing.
struct Authority {
  std::map<std::string, Key, std::less<>> keys;  // by the identifier that signatures name; a label, no more
  std::uint64_t threshold;                       // at least 1
};

struct Signature {
  std::string keyid;
  std::string hex;  // as it came
};

// A file, taken apart: what was signed, and by whom it says so.
struct SignedBytes {
  std::string canonical;  // of the member "signed"
  std::vector<Signature> signatures;
};

struct Hashes {
  std::map<std::string, std::string> known;  // sha256, sha384, sha512 → hexadecimal, as it came
  std::string first;                         // of any algorithm: for names of files
};

// What one file of metadata says of another.
struct MetaFile {
  std::uint64_t version;
  std::optional<std::uint64_t> length;
  std::optional<Hashes> hashes;
};

struct TargetFile {
  std::uint64_t length;
  Hashes hashes;
};

struct Common {
  SignedBytes signed_bytes;
  std::uint64_t version;
  Instant expires;
};

struct Root : Common {
  bool consistent_snapshot;
  std::map<Role, Authority> roles;  // all four
};

struct Timestamp : Common {
  MetaFile snapshot;
};

struct Snapshot : Common {
  std::map<std::string, MetaFile, std::less<>> roles;  // by role: "targets", not "targets.json"
};

struct DelegatedRole {
  std::string name;
  Authority authority;
  bool terminating;
  std::vector<std::string> paths;               // patterns; or
  std::vector<std::string> path_hash_prefixes;  // one of both is empty
};

// TAP 15: 2^bit_length roles that share their keys, each for the targets whose digest begins with its number.
struct SuccinctRoles {
  Authority authority;
  std::uint32_t bit_length;  // 1 to 32
  std::string name_prefix;
};

struct Targets : Common {
  std::map<std::string, TargetFile, std::less<>> files;
  std::vector<DelegatedRole> delegations;  // in the order of the text, which is their order of precedence
  std::optional<SuccinctRoles> succinct;
};

Result<Root> parse_root(BytesView json);
Result<Timestamp> parse_timestamp(BytesView json);
Result<Snapshot> parse_snapshot(BytesView json);
Result<Targets> parse_targets(BytesView json);

}  // namespace sallyport::tuf
