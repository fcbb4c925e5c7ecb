// SPDX-License-Identifier: Apache-2.0
#include "core/trust/tuf/hashes.h"

#include "core/trust/tuf/parse.h"

namespace sallyport::tuf {
namespace {

Sha2 algorithm_of(std::string_view name) {
  return name == "sha256" ? Sha2::sha256 : name == "sha384" ? Sha2::sha384 : Sha2::sha512;
}

std::map<std::string, Hasher> hashers_for(const Hashes& hashes) {
  std::map<std::string, Hasher> hashers;
  for (const auto& [name, digits] : hashes.known) hashers.emplace(name, Hasher(algorithm_of(name)));
  return hashers;
}

Error length_differs(std::string_view name, std::uint64_t expected, std::uint64_t found) {
  return {Code::tuf_digest_mismatch, std::string(name), std::to_string(expected) + " bytes",
          std::to_string(found)};
}

Result<void> compare(const Hashes& wanted, std::map<std::string, Hasher>& hashers, std::string_view name) {
  if (wanted.known.empty())
    return Error(Code::tuf_digest_mismatch, std::string(name), "a hash of a known algorithm", "none");
  for (const auto& [algorithm, digits] : wanted.known) {
    const auto found = hex(hashers.at(algorithm).finish());
    if (found != lower(digits))
      return Error(Code::tuf_digest_mismatch, std::string(name), algorithm + " " + digits, found);
  }
  return {};
}

}  // namespace

Result<void> check_file(const MetaFile& wanted, BytesView bytes, std::string_view name) {
  if (wanted.length.has_value() && bytes.size() != *wanted.length)
    return length_differs(name, *wanted.length, bytes.size());
  if (!wanted.hashes.has_value()) return {};
  auto hashers = hashers_for(*wanted.hashes);
  for (auto& [algorithm, hasher] : hashers) hasher.update(bytes);
  return compare(*wanted.hashes, hashers, name);
}

TargetCheck::TargetCheck(const TargetFile& wanted, std::string name)
    : wanted_(wanted), name_(std::move(name)), hashers_(hashers_for(wanted.hashes)) {}

Result<void> TargetCheck::feed(BytesView part) {
  if (part.size() > wanted_.length - size_) return length_differs(name_, wanted_.length, size_ + part.size());
  size_ += part.size();
  for (auto& [algorithm, hasher] : hashers_) hasher.update(part);
  return {};
}

Result<void> TargetCheck::finish() {
  if (size_ != wanted_.length) return length_differs(name_, wanted_.length, size_);
  return compare(wanted_.hashes, hashers_, name_);
}

}  // namespace sallyport::tuf
