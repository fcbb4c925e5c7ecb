// SPDX-License-Identifier: Apache-2.0
#include "core/trust/oci_signatures.h"

#include <string>

#include "core/trust/publisher_proof.h"

namespace sallyport::trust {
namespace {

constexpr std::size_t signature_size_max = 12288;

struct Place {
  Sha256Digest image;
  OciDescriptor signatures;
};

Result<Bytes> read(const NamedFile& document) {
  if (document.bytes->size() > oci_document_size_max)
    return Error(Code::archive_malformed, document.name, "at most 4 MiB",
                 std::to_string(document.bytes->size()));
  return document.bytes->read(0, document.bytes->size(), oci_document_size_max);
}

Result<NamedFile> fetch(const OciBlobs& blobs, const Sha256Digest& digest) {
  auto file = TRY(blobs(digest));
  if (file.bytes->digest() == digest) return file;
  return Error(Code::publisher_signature_invalid, file.name, "sha256 " + digest.text(),
               file.bytes->digest().text());
}

Result<Place> find(const NamedFile& index, const std::optional<Sha256Digest>& digest) {
  std::vector<Place> found;
  for (const auto& one : TRY(parse_oci_index(TRY(read(index))))) {
    const auto image = signed_by_tag(one.tag);
    if (image && (!digest || *image == *digest)) found.push_back({*image, one});
  }
  if (found.size() == 1) return found.front();
  if (found.empty())
    return Error(Code::publisher_signature_missing, index.name,
                 "a --signature of it, a --digest alone, or signatures under a tag sha256-….sig", "none");
  return Error(Code::usage_error, index.name, "--digest of the image that is meant, signed in one place",
               std::to_string(found.size()) + " with signatures");
}

// The text, if one of the keys has signed it and it is about the image.
Result<Published> check(const OciDescriptor& layer, const Sha256Digest& image, const OciBlobs& blobs,
                        const std::vector<PublicKey>& keys) {
  const auto text = TRY(fetch(blobs, layer.digest));
  auto signature = parse_base64(layer.signature, signature_size_max);
  if (!signature.ok())
    return Error(Code::publisher_signature_invalid, text.name, "a signature in base64", layer.signature);
  auto proved = TRY(published(text, signature.value(), keys));
  const auto about = TRY(parse_simple_signing(TRY(read(text))));
  if (about == image) return proved;
  return Error(Code::publisher_signature_invalid, text.name, "a signature of image " + image.text(),
               about.text());
}

}  // namespace

Result<SignedImage> signed_image(const NamedFile& index, const OciBlobs& blobs,
                                 const std::vector<PublicKey>& keys,
                                 const std::optional<Sha256Digest>& digest) {
  const auto place = TRY(find(index, digest));
  const auto manifest = TRY(fetch(blobs, place.signatures.digest));
  std::optional<Error> refusal;
  for (const auto& layer : TRY(parse_oci_signatures(TRY(read(manifest))))) {
    auto text = check(layer, place.image, blobs, keys);
    if (text.ok()) {
      const auto file = TRY(fetch(blobs, place.image));
      auto image = PublisherProof::of(file, text.value().signer());
      return SignedImage{std::move(image), {manifest, text.value().file()}};
    }
    if (!refusal) refusal = text.take_error();
  }
  if (refusal) return *refusal;
  return Error(Code::publisher_signature_missing, manifest.name, "a layer with a signature", "none");
}

}  // namespace sallyport::trust
