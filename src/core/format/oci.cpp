// SPDX-License-Identifier: Apache-2.0
#include "core/format/oci.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/format/fields.h"
#include "core/format/json.h"

namespace sallyport {
namespace {

constexpr auto code = Code::archive_malformed;

constexpr std::string_view tag_annotation = "org.opencontainers.image.ref.name";
constexpr std::string_view signature_annotation = "dev.cosignproject.cosign/signature";
constexpr std::size_t signature_text_size_max = 16384;

struct MediaName {
  std::string_view name;
  OciMedia media;
};
// Docker's names for the same documents are what registries still hand out.
constexpr std::array<MediaName, 11> media_names{{
    {"application/vnd.oci.image.index.v1+json", OciMedia::index},
    {"application/vnd.docker.distribution.manifest.list.v2+json", OciMedia::index},
    {"application/vnd.oci.image.manifest.v1+json", OciMedia::manifest},
    {"application/vnd.docker.distribution.manifest.v2+json", OciMedia::manifest},
    {"application/vnd.oci.image.config.v1+json", OciMedia::config},
    {"application/vnd.docker.container.image.v1+json", OciMedia::config},
    {"application/vnd.oci.image.layer.v1.tar", OciMedia::layer},
    {"application/vnd.oci.image.layer.v1.tar+gzip", OciMedia::layer},
    {"application/vnd.oci.image.layer.v1.tar+zstd", OciMedia::layer},
    {"application/vnd.docker.image.rootfs.diff.tar.gzip", OciMedia::layer},
    {"application/vnd.dev.cosign.simplesigning.v1+json", OciMedia::simple_signing},
}};

// Some readers (Go's) take a member in another case for the same one, and the last of them for what counts.
constexpr std::array<std::string_view, 15> member_names{
    "schemaVersion", "mediaType", "manifests", "layers",   "config",
    "digest",        "size",      "urls",      "platform", "annotations",
    "architecture",  "os",        "rootfs",    "diff_ids", "imageLayoutVersion"};

Result<void> check_spelling(const JsonObject& object) {
  for (const auto& name : object.names()) {
    const auto* const meant = std::find_if(member_names.begin(), member_names.end(),
                                           [&](std::string_view one) { return lower(one) == lower(name); });
    if (meant != member_names.end() && *meant != name) return object.malformed(name, *meant, name);
  }
  return {};
}

OciMedia media_of(std::string_view text) {
  const auto* const found = std::find_if(media_names.begin(), media_names.end(),
                                         [&](const MediaName& one) { return one.name == text; });
  return found == media_names.end() ? OciMedia::other : found->media;
}

Result<Sha256Digest> digest_of(const JsonObject& object, std::string_view member, std::string_view text) {
  constexpr std::string_view prefix = "sha256:";
  if (!text.starts_with(prefix)) return object.malformed(member, "sha256:…", text);
  const auto parsed = Sha256Digest::parse(text.substr(prefix.size()));
  if (parsed.ok()) return parsed.value();
  return object.malformed(member, "64 hexadecimal digits", text);
}

Result<OciDescriptor> parse_descriptor(JsonObject object) {
  TRY(check_spelling(object));
  const auto media = media_of(TRY(object.text("mediaType", 200)));
  const auto digest = TRY(digest_of(object, "digest", TRY(object.text("digest", 200))));
  const auto size = TRY(object.number("size", fields::number_max));
  OciDescriptor descriptor{media, digest, size, {}, {}};
  if (object.has("annotations")) {
    auto annotations = TRY(object.object("annotations"));
    if (annotations.has(tag_annotation)) descriptor.tag = TRY(annotations.text(tag_annotation, 4096));
    if (annotations.has(signature_annotation))
      descriptor.signature = TRY(annotations.text(signature_annotation, signature_text_size_max));
  }
  if (object.has("urls")) return object.malformed("urls", "content that is here", "addresses");
  if (!object.has("platform")) return descriptor;
  auto platform = TRY(object.object("platform"));
  TRY(check_spelling(platform));
  descriptor.architecture = TRY(platform.text("architecture", 64));
  descriptor.os = TRY(platform.text("os", 64));
  return descriptor;
}

// Its own kind, where it says one, is the kind that it was looked up as: nobody reads it as something else.
Result<void> check_kind(JsonObject& top, OciMedia media) {
  TRY(check_spelling(top));
  const auto version = TRY(top.number("schemaVersion", 100));
  if (version != 2) return top.malformed("schemaVersion", "2", std::to_string(version));
  if (!top.has("mediaType")) return {};
  const auto text = TRY(top.text("mediaType", 200));
  return media_of(text) == media ? Result<void>()
                                 : top.malformed("mediaType", "the kind of this document", text);
}

Result<OciDescriptor> descriptor_of(JsonObject object, OciMedia media) {
  const auto where = object;
  auto descriptor = TRY(parse_descriptor(std::move(object)));
  if (descriptor.media == media) return descriptor;
  return where.malformed("mediaType", "a kind that is known here", "another");
}

}  // namespace

Result<void> check_oci_layout(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, oci_document_size_max, code));
  auto top = TRY(document.object());
  return top.expect("imageLayoutVersion", "1.0.0");
}

Result<std::vector<OciDescriptor>> parse_oci_index(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, oci_document_size_max, code));
  auto top = TRY(document.object());
  TRY(check_kind(top, OciMedia::index));
  // A document with both would be one thing for one reader and another for the next.
  if (top.has("layers") || top.has("config"))
    return top.malformed("layers", "no manifest in an index", "one");
  const auto manifests = TRY(top.array("manifests", oci_manifests_max));
  std::vector<OciDescriptor> all;
  for (std::size_t i = 0; i < manifests.size(); ++i)
    all.push_back(TRY(parse_descriptor(TRY(manifests.object(i)))));
  return all;
}

Result<OciManifest> parse_oci_manifest(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, oci_document_size_max, code));
  auto top = TRY(document.object());
  TRY(check_kind(top, OciMedia::manifest));
  if (top.has("manifests")) return top.malformed("manifests", "no index in a manifest", "one");
  auto config = TRY(descriptor_of(TRY(top.object("config")), OciMedia::config));
  OciManifest manifest{std::move(config), {}};
  const auto layers = TRY(top.array("layers", oci_layers_max));
  if (layers.size() == 0) return top.malformed("layers", "at least one", "none");
  for (std::size_t i = 0; i < layers.size(); ++i)
    manifest.layers.push_back(TRY(descriptor_of(TRY(layers.object(i)), OciMedia::layer)));
  return manifest;
}

Result<OciConfig> parse_oci_config(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, oci_document_size_max, code));
  auto top = TRY(document.object());
  TRY(check_spelling(top));
  auto architecture = TRY(top.text("architecture", 64));
  auto os = TRY(top.text("os", 64));
  OciConfig config{std::move(architecture), std::move(os), {}};
  auto root = TRY(top.object("rootfs"));
  TRY(check_spelling(root));
  TRY(root.expect("type", "layers"));
  const auto diff_ids = TRY(root.array("diff_ids", oci_layers_max));
  for (std::size_t i = 0; i < diff_ids.size(); ++i)
    config.diff_ids.push_back(TRY(digest_of(root, "diff_ids", TRY(diff_ids.text(i, 200)))));
  return config;
}

Result<OciMedia> kind_of_oci_document(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, oci_document_size_max, code));
  const auto top = TRY(document.object());
  return top.has("manifests") ? OciMedia::index : OciMedia::manifest;
}

Result<std::vector<OciDescriptor>> parse_oci_signatures(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, oci_document_size_max, code));
  auto top = TRY(document.object());
  TRY(check_kind(top, OciMedia::manifest));
  if (top.has("manifests")) return top.malformed("manifests", "no index in a manifest", "one");
  const auto layers = TRY(top.array("layers", oci_layers_max));
  std::vector<OciDescriptor> found;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    auto layer = TRY(parse_descriptor(TRY(layers.object(i))));
    if (layer.media == OciMedia::simple_signing) found.push_back(std::move(layer));
  }
  return found;
}

std::optional<Sha256Digest> signed_by_tag(std::string_view tag) {
  constexpr std::string_view begin = "sha256-";
  constexpr std::string_view end = ".sig";
  if (!tag.starts_with(begin) || !tag.ends_with(end) || tag.size() < begin.size() + end.size()) return {};
  const auto digest = Sha256Digest::parse(tag.substr(begin.size(), tag.size() - begin.size() - end.size()));
  return digest.ok() ? std::optional(digest.value()) : std::nullopt;
}

Result<Sha256Digest> parse_simple_signing(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, oci_document_size_max, code));
  auto top = TRY(document.object());
  for (const auto& name : top.names()) {
    if (name != "critical" && name != "optional")
      return top.malformed(name, "critical and optional alone", name);
  }
  // Whoever does not know a member of it has to refuse it.
  auto critical = TRY(top.object("critical"));
  TRY(critical.expect("type", "cosign container image signature"));
  TRY(critical.object("identity"));
  auto image = TRY(critical.object("image"));
  const auto digest =
      TRY(digest_of(image, "docker-manifest-digest", TRY(image.text("docker-manifest-digest", 200))));
  TRY(image.finish());
  TRY(critical.finish());
  return digest;
}

namespace {

struct Machine {
  std::string_view oci;
  std::string_view uname;
};
constexpr std::array<Machine, 6> machines{{{"amd64", "x86_64"},
                                           {"arm64", "aarch64"},
                                           {"386", "i686"},
                                           {"ppc64le", "ppc64le"},
                                           {"riscv64", "riscv64"},
                                           {"s390x", "s390x"}}};

}  // namespace

std::string machine_of_oci(std::string_view architecture) {
  for (const auto& machine : machines) {
    if (machine.oci == architecture) return std::string(machine.uname);
  }
  return {};
}

Result<void> check_oci_machine(std::string_view machine) {
  std::string names;
  for (const auto& known : machines) {
    if (known.uname == machine) return {};
    names += (names.empty() ? "" : ", ") + std::string(known.uname);
  }
  const auto meant = machine_of_oci(machine);
  return Error(Code::usage_error, "--architecture", "for an image, as uname -m calls it: " + names,
               std::string(machine) + (meant.empty() ? "" : ", which is called " + meant + " here"));
}

}  // namespace sallyport
