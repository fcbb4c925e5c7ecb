// SPDX-License-Identifier: Apache-2.0
// From the key of a Debian archive down to a .deb: InRelease is signed, or Release by Release.gpg; it lists Packages,
// that lists the file. docs/spec/wrap.md. In this order: begin or begin_detached, packages, feed as often as needed,
// finish, published.
//
//   publisher_signature_missing   a file that the lists do not have
//   publisher_signature_invalid   another size than is listed; more than one signed text
//   publisher_index_expired       a list whose time is over
//   archive_malformed             lists of another form (format/debian_index.h)
#pragma once

#include <optional>

#include "core/format/debian_index.h"
#include "core/trust/publisher.h"

namespace sallyport::trust {

class DebianChain {
 public:
  // The answer is gpgv's about the bytes of `in_release`; only what it says was signed is read.
  static Result<DebianChain> begin(const NamedFile& in_release, const OpenPgpAnswer& answer,
                                   const std::vector<NamedFile>& debs, Instant at);
  // The answer is about a signature beside `release`, and gpgv was given its bytes.
  static Result<DebianChain> begin_detached(const NamedFile& release, const OpenPgpAnswer& answer,
                                            const std::vector<NamedFile>& debs, Instant at);
  const std::string& label() const { return release_.label; }

  // The list, as it lies there: nothing of it may be unpacked before.
  Result<void> packages(const NamedFile& list);
  Result<void> feed(BytesView unpacked);
  Result<void> finish();

  struct Deb {
    Published published;
    DebianPackage package;  // as the list has it
  };
  Result<Deb> published(const NamedFile& deb) const;

 private:
  static Result<DebianChain> of(const NamedFile& file, std::string_view text, OpenPgpSignature signature,
                                const std::vector<NamedFile>& debs, Instant at);
  DebianChain(DebianRelease release, PublisherSigner signer, std::set<Sha256Digest> wanted);
  DebianRelease release_;
  PublisherSigner signer_;
  DebianPackages packages_;
  std::optional<DebianListed> unpacked_;  // what has to come out, where it is listed
  std::optional<Hasher> hasher_;          // of what comes out, from packages() to finish()
  std::uint64_t size_ = 0;
  enum class Step : std::uint8_t { begun, reading, read } step_ = Step::begun;
};

}  // namespace sallyport::trust
