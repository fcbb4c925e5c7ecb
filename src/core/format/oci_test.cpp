// SPDX-License-Identifier: Apache-2.0
#include "core/format/oci.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

const std::string digits(64, 'a');
const std::string index_type = "application/vnd.oci.image.index.v1+json";
const std::string manifest_type = "application/vnd.oci.image.manifest.v1+json";
const std::string config_type = "application/vnd.oci.image.config.v1+json";
const std::string layer_type = "application/vnd.oci.image.layer.v1.tar+gzip";
const std::string signing_type = "application/vnd.dev.cosign.simplesigning.v1+json";

std::string descriptor(const std::string& type, const std::string& more = "") {
  return R"({"mediaType":")" + type + R"(","digest":"sha256:)" + digits + R"(","size":7)" + more + "}";
}
std::string document(const std::string& type, const std::string& members) {
  return R"({"schemaVersion":2,"mediaType":")" + type + "\"," + members + "}";
}
const std::string index_of_one = document(index_type, R"("manifests":[)" + descriptor(manifest_type) + "]");
const std::string image = document(manifest_type, R"("config":)" + descriptor(config_type) +
                                                      R"(,"layers":[)" + descriptor(layer_type) + "]");
const std::string config =
    R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:)" + digits +
    R"("]}})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

template <class Read>
bool is_read(const Result<Read>& read) {
  if (!read.ok()) {
    EXPECT_EQ(read.error().code, Code::archive_malformed);
  }
  return read.ok();
}
bool is_index(const std::string& json) {
  return is_read(parse_oci_index(as_bytes(json)));
}
bool is_image(const std::string& json) {
  return is_read(parse_oci_manifest(as_bytes(json)));
}
bool is_config(const std::string& json) {
  return is_read(parse_oci_config(as_bytes(json)));
}
bool has_signatures(const std::string& json) {
  return is_read(parse_oci_signatures(as_bytes(json)));
}

TEST(Oci, DocumentsAreRead) {
  const auto index =
      document(index_type,
               R"("manifests":[)" +
                   descriptor(manifest_type, R"(,"platform":{"architecture":"arm64","os":"linux"},)"
                                             R"("annotations":{"org.opencontainers.image.ref.name":"v1"})") +
                   "]");
  const auto listed = parse_oci_index(as_bytes(index)).value();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].media, OciMedia::manifest);
  EXPECT_EQ(listed[0].digest.text(), digits);
  EXPECT_EQ(listed[0].size, 7U);
  EXPECT_EQ(listed[0].architecture + " " + listed[0].os + " " + listed[0].tag, "arm64 linux v1");
  const auto manifest = parse_oci_manifest(as_bytes(image)).value();
  EXPECT_EQ(manifest.config.media, OciMedia::config);
  ASSERT_EQ(manifest.layers.size(), 1U);
  const auto read = parse_oci_config(as_bytes(config)).value();
  EXPECT_EQ(read.architecture + " " + read.os, "amd64 linux");
  EXPECT_EQ(read.diff_ids.at(0).text(), digits);
  EXPECT_EQ(kind_of_oci_document(as_bytes(index)).value(), OciMedia::index);
  EXPECT_EQ(kind_of_oci_document(as_bytes(image)).value(), OciMedia::manifest);
  // What says nothing of its own kind is what it was looked up as.
  EXPECT_TRUE(is_image(replaced(image, R"("mediaType":")" + manifest_type + "\",", "")));
  EXPECT_TRUE(
      is_image(replaced(image, manifest_type, "application/vnd.docker.distribution.manifest.v2+json")));
}

// One that is an index for one reader and an image for the next has two contents.
TEST(OciAttack, C13_NothingIsTwoThings) {
  EXPECT_FALSE(is_index(replaced(index_of_one, index_type, manifest_type)));
  EXPECT_FALSE(is_image(replaced(image, manifest_type, index_type)));
  EXPECT_FALSE(has_signatures(replaced(image, manifest_type, index_type)));
  EXPECT_FALSE(is_image(replaced(image, manifest_type, "application/vnd.example")));
  EXPECT_FALSE(is_index(replaced(index_of_one, "\"manifests\"", "\"layers\":[],\"manifests\"")));
  EXPECT_FALSE(is_index(replaced(index_of_one, "\"manifests\"", "\"config\":{},\"manifests\"")));
  EXPECT_FALSE(is_image(replaced(image, "\"layers\"", "\"manifests\":[],\"layers\"")));
  EXPECT_FALSE(has_signatures(replaced(image, "\"layers\"", "\"manifests\":[],\"layers\"")));
  for (const std::string version : {"1", "3"})
    EXPECT_FALSE(is_image(replaced(image, "\"schemaVersion\":2", "\"schemaVersion\":" + version))) << version;
}

// A reader that does not look at the case would take the last of them.
TEST(OciAttack, C13_MembersHaveOneSpelling) {
  EXPECT_FALSE(is_index(replaced(index_of_one, "\"manifests\"", "\"Manifests\":[],\"manifests\"")));
  EXPECT_FALSE(is_index(replaced(index_of_one, "\"digest\"", "\"Digest\":\"x\",\"digest\"")));
  EXPECT_FALSE(is_image(replaced(image, "\"layers\"", "\"LAYERS\":[],\"layers\"")));
  EXPECT_FALSE(is_image(replaced(image, "\"size\"", "\"sizE\":1,\"size\"")));
  EXPECT_FALSE(has_signatures(replaced(image, "\"layers\"", "\"Layers\":[],\"layers\"")));
  EXPECT_FALSE(is_config(replaced(config, "\"rootfs\"", "\"RootFS\":{},\"rootfs\"")));
  EXPECT_FALSE(is_config(replaced(config, "\"diff_ids\"", "\"Diff_IDs\":[],\"diff_ids\"")));
  const auto platform =
      descriptor(manifest_type, R"(,"platform":{"architecture":"arm64","os":"linux","OS":"x"})");
  EXPECT_FALSE(is_index(document(index_type, R"("manifests":[)" + platform + "]")));
  EXPECT_TRUE(is_config(replaced(config, "\"os\"", "\"Author\":\"x\",\"os\"")));  // which decides nothing
}

TEST(OciAttack, OnlyWhatIsHereAndWhatIsKnown) {
  for (const std::string& digest :
       {"sha512:" + digits, digits, "sha256:" + digits.substr(1), std::string("sha256:")}) {
    EXPECT_FALSE(is_image(replaced(image, "sha256:" + digits, digest))) << digest;
    EXPECT_FALSE(is_config(replaced(config, "sha256:" + digits, digest))) << digest;
  }
  const auto elsewhere = descriptor(layer_type, R"(,"urls":["https://example.org/layer"])");
  EXPECT_FALSE(is_image(replaced(image, descriptor(layer_type), elsewhere)));
  EXPECT_FALSE(is_image(replaced(image, layer_type, "application/vnd.example.layer")));
  EXPECT_FALSE(is_image(replaced(image, layer_type, config_type)));
  EXPECT_FALSE(is_image(replaced(image, config_type, layer_type)));
  EXPECT_FALSE(is_image(replaced(image, descriptor(layer_type), "")));
  EXPECT_FALSE(is_config(replaced(config, "\"layers\"", "\"others\"")));
  EXPECT_TRUE(check_oci_layout(as_bytes(R"({"imageLayoutVersion":"1.0.0"})")).ok());
  EXPECT_FALSE(check_oci_layout(as_bytes(R"({"imageLayoutVersion":"2.0.0"})")).ok());
}

TEST(OciAttack, P01_ListsAreBounded) {
  const auto layers = [](std::size_t count) {
    std::string list = descriptor(layer_type);
    for (std::size_t i = 1; i < count; ++i) list += "," + descriptor(layer_type);
    return replaced(image, descriptor(layer_type), list);
  };
  EXPECT_TRUE(is_image(layers(oci_layers_max)));
  EXPECT_FALSE(is_image(layers(oci_layers_max + 1)));
}

TEST(Oci, SignaturesAreLayersOfTheirKind) {
  const auto signing =
      descriptor(signing_type, R"(,"annotations":{"dev.cosignproject.cosign/signature":"AAAA"})");
  const auto found = parse_oci_signatures(
      as_bytes(replaced(image, descriptor(layer_type), descriptor(layer_type) + "," + signing)));
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found.value().size(), 1U);
  EXPECT_EQ(found.value()[0].signature, "AAAA");
}

TEST(Oci, TagsOfSignaturesNameAnImage) {
  EXPECT_EQ(signed_by_tag("sha256-" + digits + ".sig")->text(), digits);
  for (const std::string& tag :
       {"sha256-" + digits + ".att", "sha256-" + digits, "sha256:" + digits + ".sig", digits + ".sig",
        "sha256-" + digits.substr(1) + ".sig", "sha256-" + digits + "a.sig", std::string("sha256-.sig"),
        std::string("sha256-sig"), std::string()})
    EXPECT_FALSE(signed_by_tag(tag)) << tag;
}

// Whoever does not know a member of what is critical has to refuse it.
TEST(OciAttack, ASignedTextSaysNothingBesides) {
  const std::string good =
      R"({"critical":{"identity":{"docker-reference":"r/app"},"image":{"docker-manifest-digest":)"
      R"("sha256:)" +
      digits + R"("},"type":"cosign container image signature"},"optional":{"creator":"x"}})";
  EXPECT_EQ(parse_simple_signing(as_bytes(good)).value().text(), digits);
  const auto refused = [&](const std::string& from, const std::string& to) {
    return !is_read(parse_simple_signing(as_bytes(replaced(good, from, to))));
  };
  EXPECT_TRUE(refused("\"optional\"", "\"other\""));
  EXPECT_TRUE(refused("\"optional\"", "\"critica1\":{},\"optional\""));
  EXPECT_TRUE(refused("\"identity\"", "\"until\":1,\"identity\""));
  EXPECT_TRUE(refused("\"docker-manifest-digest\"", "\"size\":1,\"docker-manifest-digest\""));
  EXPECT_TRUE(refused("cosign container image signature", "another"));
  EXPECT_TRUE(refused("sha256:" + digits, "sha512:" + digits));
  EXPECT_TRUE(refused("\"identity\"", "\"identit\""));
}

TEST(Oci, MachinesAreKnownByTheirOtherName) {
  EXPECT_EQ(machine_of_oci("amd64"), "x86_64");
  EXPECT_EQ(machine_of_oci("arm64"), "aarch64");
  EXPECT_EQ(machine_of_oci("386"), "i686");
  EXPECT_EQ(machine_of_oci("x86_64"), "");
  EXPECT_EQ(machine_of_oci(""), "");
}

}  // namespace
}  // namespace sallyport
