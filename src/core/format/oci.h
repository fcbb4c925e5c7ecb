// SPDX-License-Identifier: Apache-2.0
// The documents of an OCI image layout (image-spec 1.0 and 1.1): oci-layout, index, manifest, configuration. Members
// that decide nothing here are not looked at, as the specification wants it. docs/spec/wrap.md.
//
// archive_malformed for another form: other versions, digests than sha256, kinds of layers that are somewhere else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto/digest.h"

namespace sallyport {

constexpr std::uint64_t oci_document_size_max = 4ULL << 20U;
constexpr std::size_t oci_manifests_max = 1000;
constexpr std::size_t oci_layers_max = 128;

enum class OciMedia : std::uint8_t { index, manifest, config, layer, simple_signing, other };

struct OciDescriptor {
  OciMedia media;
  Sha256Digest digest;
  std::uint64_t size;
  std::string architecture;    // of its platform, as Go calls it; empty where it is not said
  std::string os;              // likewise
  std::string tag = {};        // annotation org.opencontainers.image.ref.name; empty where there is none
  std::string signature = {};  // annotation dev.cosignproject.cosign/signature: base64; likewise
};

struct OciManifest {
  OciDescriptor config;
  std::vector<OciDescriptor> layers;  // the lowest first
};

struct OciConfig {
  std::string architecture;
  std::string os;
  std::vector<Sha256Digest> diff_ids;  // of the layers as they are unpacked
};

Result<void> check_oci_layout(BytesView json);
Result<std::vector<OciDescriptor>> parse_oci_index(BytesView json);
Result<OciManifest> parse_oci_manifest(BytesView json);
Result<OciConfig> parse_oci_config(BytesView json);
// Of a document that says nothing else of what it is: an index has manifests.
Result<OciMedia> kind_of_oci_document(BytesView json);

// Signatures beside an image, as cosign keeps them (its SIGNATURE_SPEC): a manifest under the tag "sha256-DIGEST.sig"
// of the image, and in it layers, each a text that was signed, with its signature. Layers of other kinds are left out.
Result<std::vector<OciDescriptor>> parse_oci_signatures(BytesView json);
std::optional<Sha256Digest> signed_by_tag(std::string_view tag);
// The digest of the image that such a text ("simple signing") is about. What it calls the image is not looked at.
Result<Sha256Digest> parse_simple_signing(BytesView json);

// As uname -m calls it: "amd64" is "x86_64"; empty where it is not known here.
std::string machine_of_oci(std::string_view architecture);
// That there may be images for it, as uname -m calls it; else usage_error with those of which there are.
Result<void> check_oci_machine(std::string_view machine);

}  // namespace sallyport
