// SPDX-License-Identifier: Apache-2.0
// Metadata of a repository of our own: consistent snapshots, one spelling, keys of core/crypto/key.h. What is printed
// is what is signed; print_file() puts the signatures to it. Names are of our making: plain ASCII (CHECKed).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/trust/tuf/metadata.h"

namespace sallyport::tuf {

struct RoleDraft {
  std::vector<PublicKey> keys;
  std::uint32_t threshold;
};

struct RootDraft {
  std::uint64_t version;
  Instant expires;
  std::map<Role, RoleDraft> roles;  // all four
};

struct FileDraft {
  std::uint64_t length;
  Sha256Digest digest;
};

struct DelegationDraft {
  std::string name;
  RoleDraft who;
  std::vector<std::string> paths;  // always terminating: what lies below these paths is theirs alone
};

struct TargetsDraft {
  std::uint64_t version;
  Instant expires;
  std::map<std::string, FileDraft> files;
  std::vector<DelegationDraft> delegations;
};

// A file of metadata that is listed by another.
struct WrittenFile {
  std::uint64_t version;
  FileDraft file;
};

std::string print_root(const RootDraft& draft);
std::string print_targets(const TargetsDraft& draft);
std::string print_snapshot(std::uint64_t version, Instant expires,
                           const std::map<std::string, WrittenFile>& roles);
std::string print_timestamp(std::uint64_t version, Instant expires, const WrittenFile& snapshot);

// SHA-256 of the key as metadata lists it.
std::string keyid_of(const PublicKey& key);

struct KeySignature {
  PublicKey key;
  Bytes signature;
};

// The whole file. `text` is what one of the functions above returned, and what was signed.
std::string print_file(std::string_view text, const std::vector<KeySignature>& signatures);

// The text again, out of a file of this form, with the signatures as they are; for adding one. tuf_malformed when the
// file is not in our spelling.
struct FileParts {
  std::string text;
  std::vector<Signature> signatures;
};
Result<FileParts> take_apart(BytesView file);
std::string put_together(const FileParts& parts);

}  // namespace sallyport::tuf
