// SPDX-License-Identifier: Apache-2.0
// The lists of a Debian archive: Release, which names every list with its digest, and Packages, which names every .deb.
// Fields as in deb822(5). docs/spec/wrap.md. Whatever is not of the form: archive_malformed.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/crypto/digest.h"

namespace sallyport {

constexpr std::size_t debian_release_size_max = 4U << 20U;
constexpr std::uint64_t debian_packages_size_max = 512ULL << 20U;

struct DebianListed {
  std::string name;  // "main/binary-amd64/Packages.xz"
  std::uint64_t size;
  Sha256Digest sha256;
};

struct DebianRelease {
  std::string label;  // "Debian bookworm": Origin and Codename, for people
  std::optional<Instant> valid_until;
  std::vector<DebianListed> files;  // of the field SHA256, each name once
};
Result<DebianRelease> parse_debian_release(std::string_view text);

struct DebianPackage {
  std::string package;
  std::string version;
  std::string architecture;
  std::uint64_t size;
};

// Reads a Packages file part by part and keeps what it says of some digests.
class DebianPackages {
 public:
  explicit DebianPackages(std::set<Sha256Digest> wanted) : wanted_(std::move(wanted)) {}
  Result<void> feed(BytesView part);
  Result<void> finish();
  // Of the files that are wanted and listed. Two entries of one digest say the same, or are refused.
  const std::map<Sha256Digest, DebianPackage>& found() const { return found_; }

 private:
  Result<void> paragraph(std::string_view text);
  std::set<Sha256Digest> wanted_;
  std::map<Sha256Digest, DebianPackage> found_;
  std::string rest_;  // of the paragraph that is not at its end
  std::uint64_t size_ = 0;
};

}  // namespace sallyport
