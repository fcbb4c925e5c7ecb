// SPDX-License-Identifier: Apache-2.0
#include "core/trust/provenance_again.h"

#include <algorithm>
#include <optional>

#include "core/base/checked.h"
#include "core/crypto/cms_findings.h"
#include "core/crypto/file_signature.h"
#include "core/trust/publisher.h"

namespace sallyport::trust {
namespace {

constexpr std::uint64_t part_size_max = 1U << 20U;
constexpr std::string_view pem_begin = "-----BEGIN PUBLIC KEY-----";

Error malformed(const RelativePath& where, std::string expected, std::string found) {
  return {Code::provenance_malformed, provenance_member(where).text(), std::move(expected), std::move(found)};
}

// The place of an original in the package.
class Held final : public ByteSource {
 public:
  Held(const ByteSource& file, const ZipMember& member) : file_(&file), member_(&member) {}
  std::uint64_t size() const override { return member_->size; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    if (!inside(offset, into.size(), size()))
      return Error(Code::truncated, member_->name.text(), "bytes inside of it", "its end");
    return file_->read_at(member_->data_offset + offset, into);
  }

 private:
  const ByteSource* file_;
  const ZipMember* member_;
};

class Again {
 public:
  Again(const ByteSource& file, const ZipDirectory& directory, const Provenance& provenance, Instant at)
      : file_(file), directory_(directory), provenance_(provenance), at_(at) {}

  // A line for people; nothing where the form of the signature is none that is checked here.
  Result<std::optional<std::string>> check(const ProvenanceInput& input) {
    // Below blobs/ are the documents of an image, where a signature is over what its own format says.
    const bool detached = !input.chain.front().text().starts_with("blobs/");
    const auto form = input.signer.form;
    if (!detached || (form != SignerForm::raw && form != SignerForm::cms))
      return std::optional<std::string>();
    const auto& beside = find(input.chain.front());
    if (beside.role != OriginalRole::signature) return malformed(beside.name, "a signature", "another role");
    const auto signature = TRY(whole(beside, publisher_signature_size_max));
    const auto& payload = find(input.original);
    const Held held = place_of(payload);
    const auto steady = TRY(SteadySource::begin(held));
    TRY(check_digest_of(payload, steady.digest()));
    auto signer = form == SignerForm::raw ? raw(input, steady, signature) : cms(input, steady, signature);
    const auto line =
        TRY(std::move(signer).within("checking " + provenance_member(payload.name).text() + " again"));
    return std::optional(payload.name.text() + ", " + line);
  }

 private:
  Result<std::string> raw(const ProvenanceInput& input, const ByteSource& payload,
                          BytesView signature) const {
    const auto key = TRY(key_of(input));
    TRY(verify_file_signature(key, payload, signature, Code::publisher_signature_invalid));
    return key.algorithm() + " key " + key.id().brief() + " that is inside";
  }

  // By certificates that are inside, whenever they are valid: the day that counted was that of the wrapping.
  Result<std::string> cms(const ProvenanceInput& input, const ByteSource& payload,
                          BytesView signature) const {
    SigningAuthority authority;
    authority.anchors = TRY(anchors());
    const auto der = TRY(der_of(signature));
    const ContentDigest content = [&payload](Sha2 algorithm) -> Result<Bytes> {
      Hasher hasher(algorithm);
      for (std::uint64_t done = 0; done < payload.size();) {
        const auto size = std::min(part_size_max, payload.size() - done);
        hasher.update(TRY(payload.read(done, size, part_size_max)));
        done += size;
      }
      return hasher.finish();
    };
    Findings findings;
    const auto signers = find_wrong(der, content, {}, {authority}, at_, Occasion::admission, findings);
    for (const auto& error : findings.sorted()) {
      if (error.code == Code::certificate_expired || error.code == Code::certificate_not_yet_valid) continue;
      if (kind_of(error.code) == Kind::fault || error.code == Code::member_digest_mismatch) return error;
      return Error(Code::publisher_signature_invalid, error.where,
                   "a signature by a certificate that is inside", std::string(name(error.code)));
    }
    for (const auto& signer : signers) {
      if (signer.leaf.fingerprint().text() != input.signer.key) continue;
      if (signer.leaf.subject() == input.signer.name)
        return signer.leaf.subject() + ", by a certificate that is inside";
      return malformed(input.original, signer.leaf.subject(), input.signer.name);
    }
    return malformed(input.original, "the certificate that signed it", input.signer.key);
  }

  static Result<Bytes> der_of(BytesView signature) {
    if (!as_text(signature).starts_with("-----BEGIN ")) return copy(signature);
    auto der = cms_from_pem(as_text(signature));
    return der.ok() ? std::move(der) : cms_from_pem(as_text(signature), "PKCS7");
  }

  Result<std::vector<Certificate>> anchors() const {
    std::vector<Certificate> all;
    for (const auto& one : provenance_.originals) {
      if (one.role != OriginalRole::publisher_key) continue;
      const auto file = TRY(whole(one, publisher_key_size_max));
      const auto chain = Certificate::chain_from_pem(as_text(file));
      if (chain.ok()) all.insert(all.end(), chain.value().begin(), chain.value().end());
    }
    return all;
  }

  const Original& find(const RelativePath& name) const {
    const auto& all = provenance_.originals;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Original& one) { return one.name == name; });
    CHECK(found != all.end());  // by the record's own rules
    return *found;
  }
  Held place_of(const Original& original) const {
    const auto* member = directory_.find(provenance_member(original.name).text());
    CHECK(member != nullptr);
    return {file_, *member};
  }
  static Result<void> check_digest_of(const Original& original, const Sha256Digest& found) {
    if (found == original.sha256) return {};
    return Error(Code::member_digest_mismatch, provenance_member(original.name).text(),
                 original.sha256.text(), found.text());
  }
  Result<Bytes> whole(const Original& original, std::uint64_t size_max) const {
    if (original.size > size_max)
      return malformed(original.name, "at most " + std::to_string(size_max) + " bytes",
                       std::to_string(original.size));
    auto bytes = TRY(place_of(original).read(0, original.size, size_max));
    TRY(check_digest_of(original, sha256(bytes)));
    return bytes;
  }
  // The key of the record, among those that are inside.
  Result<PublicKey> key_of(const ProvenanceInput& input) const {
    for (const auto& one : provenance_.originals) {
      if (one.role != OriginalRole::publisher_key) continue;
      const auto file = TRY(whole(one, publisher_key_size_max));
      if (!as_text(file).starts_with(pem_begin)) continue;
      auto key = PublicKey::from_pem(as_text(file));
      if (!key.ok() || key.value().id().text() != input.signer.key) continue;
      if (key.value().algorithm() == input.signer.name) return key;
      return malformed(one.name, key.value().algorithm(), input.signer.name);
    }
    return malformed(input.original, "the publisher's key among the originals", input.signer.key);
  }

  const ByteSource& file_;
  const ZipDirectory& directory_;
  const Provenance& provenance_;
  Instant at_;
};

}  // namespace

Result<void> check_publishers_again(const ByteSource& file, const ZipDirectory& directory,
                                    const Provenance& provenance, Instant at, Checks& passed) {
  Again again(file, directory, provenance, at);
  for (const auto& input : provenance.inputs) {
    auto line = TRY(again.check(input));
    if (line) passed.push_back({"publisher", *std::move(line)});
  }
  return {};
}

}  // namespace sallyport::trust
