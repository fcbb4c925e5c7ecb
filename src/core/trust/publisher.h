// SPDX-License-Identifier: Apache-2.0
// Whose a file of another tool is, before anything of it is looked at. docs/spec/wrap.md.
//
// A Published can be made here and nowhere else: whatever unpacks takes one. It is no permission to install: that the
// publisher is believed is said by whoever wraps the content and signs the release.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/base/time.h"
#include "core/crypto/certificate.h"
#include "core/format/openpgp_status.h"
#include "core/format/provenance.h"
#include "core/trust/steady_source.h"

namespace sallyport::trust {

// A file that is read more than once and given its name by somebody.
struct NamedFile {
  std::string name;
  std::shared_ptr<const SteadySource> bytes;
};

// What the operator says that the publisher signs with; one kind, never none.
struct OpenPgpKeyrings {
  std::vector<Bytes> files;
};
using PublisherKeys = std::variant<std::vector<Certificate>, std::vector<PublicKey>, OpenPgpKeyrings>;
constexpr std::size_t publisher_key_size_max = 4U << 20U;
constexpr std::size_t publisher_signature_size_max = 1U << 20U;

// publisher_unknown where there is none; usage_error for what is no key, and for keys of several kinds.
Result<PublisherKeys> parse_publisher_keys(const std::vector<Bytes>& files);

class Published {
 public:
  const NamedFile& file() const { return file_; }
  const PublisherSigner& signer() const { return signer_; }

 private:
  friend struct PublisherProof;
  Published(NamedFile file, PublisherSigner signer) : file_(std::move(file)), signer_(std::move(signer)) {}
  NamedFile file_;
  PublisherSigner signer_;
};

// By a detached signature over all of it. publisher_signature_invalid, publisher_unknown, and of certificates what
// crypto/cms.h says.
Result<Published> published(const NamedFile& file, BytesView signature,
                            const std::vector<Certificate>& anchors, Instant at);
Result<Published> published(const NamedFile& file, BytesView signature, const std::vector<PublicKey>& keys);
// gpgv was given `signature` and the bytes of `file` themselves.
Result<Published> published(const NamedFile& file, BytesView signature, const OpenPgpAnswer& answer);

// A file that somebody knows by its digest: publisher_signature_invalid where it is another one.
Result<Published> pinned(const NamedFile& file, const Sha256Digest& digest);

// A file that was read out of an archive whose publisher is known, on the word of whoever unpacked it.
Published taken_from(const Published& archive, NamedFile file);

}  // namespace sallyport::trust
