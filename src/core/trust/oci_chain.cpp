// SPDX-License-Identifier: Apache-2.0
#include "core/trust/oci_chain.h"

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/trust/publisher_proof.h"

namespace sallyport::trust {
namespace {

constexpr std::size_t indexes_max = 3;

Result<Published> fetch(const OciDescriptor& wanted, const OciBlobs& blobs, const PublisherSigner& signer) {
  auto file = TRY(blobs(wanted.digest));
  if (file.bytes->digest() != wanted.digest || file.bytes->size() != wanted.size)
    return Error(Code::publisher_signature_invalid, file.name,
                 "sha256 " + wanted.digest.text() + ", " + std::to_string(wanted.size) + " bytes",
                 file.bytes->digest().text() + ", " + std::to_string(file.bytes->size()) + " bytes");
  return PublisherProof::of(std::move(file), signer);
}

Result<Bytes> read(const Published& document) {
  const auto& bytes = *document.file().bytes;
  if (bytes.size() > oci_document_size_max)
    return Error(Code::archive_malformed, document.file().name, "at most 4 MiB",
                 std::to_string(bytes.size()));
  return bytes.read(0, bytes.size(), oci_document_size_max);
}

bool may_be_for(const OciDescriptor& descriptor, const std::string& machine) {
  if (descriptor.media != OciMedia::index && descriptor.media != OciMedia::manifest) return false;
  if (!descriptor.os.empty() && descriptor.os != "linux") return false;
  return descriptor.architecture.empty() || machine_of_oci(descriptor.architecture) == machine;
}

std::string machine_name(const std::string& architecture) {
  const auto machine = machine_of_oci(architecture);
  return machine.empty() ? printable(architecture) : machine;
}

std::string machines_in(const std::vector<OciDescriptor>& all) {
  std::set<std::string> names;
  for (const auto& one : all) {
    if (one.os == "linux" && !one.architecture.empty()) names.insert(machine_name(one.architecture));
  }
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Result<OciDescriptor> choose(const Published& index, const std::string& machine) {
  auto all = TRY(parse_oci_index(TRY(read(index))));
  const auto there_are = machines_in(all);
  std::erase_if(all, [&](const OciDescriptor& one) { return !may_be_for(one, machine); });
  if (all.size() == 1) return all.front();
  return Error(Code::usage_error, index.file().name,
               "one image for linux on " + machine + " (--architecture)",
               std::to_string(all.size()) + (there_are.empty() ? "" : " (there are: " + there_are + ")"));
}

Result<void> check_config(const OciConfig& config, const OciManifest& manifest, const std::string& machine) {
  if (config.os != "linux" || machine_of_oci(config.architecture) != machine)
    return Error(Code::usage_error, "image", "an image for linux on " + machine + " (--architecture)",
                 printable(config.os) + " on " + machine_name(config.architecture));
  if (config.diff_ids.size() == manifest.layers.size()) return {};
  return Error(Code::archive_malformed, "image", std::to_string(manifest.layers.size()) + " diff_ids",
               std::to_string(config.diff_ids.size()));
}

// What its manifest names.
Result<void> take_content(OciImage& image, const Published& document, const OciBlobs& blobs) {
  const auto& signer = document.signer();
  const auto manifest = TRY(parse_oci_manifest(TRY(read(document))));
  image.documents.push_back(TRY(fetch(manifest.config, blobs, signer)));
  const auto config = TRY(parse_oci_config(TRY(read(image.documents.back()))));
  TRY(check_config(config, manifest, image.architecture));
  for (std::size_t i = 0; i < manifest.layers.size(); ++i) {
    auto blob = TRY(fetch(manifest.layers[i], blobs, signer));
    image.layers.push_back({std::move(blob), config.diff_ids[i]});
  }
  return {};
}

}  // namespace

Result<OciImage> oci_image(const Published& index, const OciBlobs& blobs, const std::string& machine) {
  const auto& signer = index.signer();
  OciImage image{{}, {}, machine};
  auto descriptor = TRY(choose(index, machine));
  while (descriptor.media == OciMedia::index) {
    if (image.documents.size() == indexes_max)
      return Error(Code::archive_malformed, index.file().name, "at most 3 indexes below it", "more");
    image.documents.push_back(TRY(fetch(descriptor, blobs, signer)));
    descriptor = TRY(choose(image.documents.back(), machine));
  }
  const auto manifest = TRY(fetch(descriptor, blobs, signer));
  image.documents.push_back(manifest);
  TRY(take_content(image, manifest, blobs));
  return image;
}

Result<OciImage> oci_image_of(const Published& document, const OciBlobs& blobs, const std::string& machine) {
  if (TRY(kind_of_oci_document(TRY(read(document)))) == OciMedia::index)
    return oci_image(document, blobs, machine);
  OciImage image{{}, {}, machine};
  TRY(take_content(image, document, blobs));
  return image;
}

}  // namespace sallyport::trust
