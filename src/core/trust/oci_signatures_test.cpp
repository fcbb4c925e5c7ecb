// SPDX-License-Identifier: Apache-2.0
#include "core/trust/oci_signatures.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "testkit/statements.h"

namespace sallyport::trust {
namespace {

using testkit::TestKey;

const std::string image = R"({"schemaVersion":2,"layers":[]})";
const std::string other_image = R"({"schemaVersion":2,"layers":[], "other":1})";

std::string digest_text(const std::string& text) {
  return sha256(as_bytes(text)).text();
}

// A layout in memory, with what cosign would put beside the images in it.
class Layout : public testing::Test {
 protected:
  struct Held {
    explicit Held(std::string of)
        : text(std::move(of)), source(as_bytes(text)), steady(SteadySource::begin(source).value()) {}
    std::string text;
    MemorySource source;
    SteadySource steady;
  };
  static NamedFile named(const std::string& name, const std::string& text) {
    const auto held = std::make_shared<const Held>(text);
    return {name, std::shared_ptr<const SteadySource>(held, &held->steady)};
  }

  std::string put(const std::string& text) {
    texts_[digest_text(text)] = text;
    return R"("digest":"sha256:)" + digest_text(text) + R"(","size":)" + std::to_string(text.size());
  }
  static std::string text_about(const std::string& of, const std::string& more = "") {
    return R"({"critical":{"identity":{"docker-reference":"r/app"},"image":{"docker-manifest-digest":"sha256:)" +
           digest_text(of) + R"("},"type":"cosign container image signature")" + more +
           R"(},"optional":null})";
  }
  std::string layer(const std::string& text, const std::string& by, const std::string& what) {
    return R"({"mediaType":"application/vnd.dev.cosign.simplesigning.v1+json",)" + put(text) +
           R"(,"annotations":{"dev.cosignproject.cosign/signature":")" +
           base64(TestKey(by).sign(as_bytes(what))) + R"("}})";
  }
  // Under the tag of `of`.
  void add(const std::string& layers, const std::string& of = image) {
    const auto config =
        R"("config":{"mediaType":"application/vnd.oci.image.config.v1+json",)" + put("{}") + "}";
    const auto manifest = R"({"schemaVersion":2,)" + config + R"(,"layers":[)" + layers + "]}";
    manifests_ += (manifests_.empty() ? "" : ",") +
                  std::string(R"({"mediaType":"application/vnd.oci.image.manifest.v1+json",)") +
                  put(manifest) + R"(,"annotations":{"org.opencontainers.image.ref.name":"sha256-)" +
                  digest_text(of) + R"(.sig"}})";
  }
  Result<SignedImage> find(const std::optional<Sha256Digest>& digest = {},
                           const std::string& key = "publisher") {
    for (const auto& one : {image, other_image}) texts_.emplace(digest_text(one), one);
    return signed_image(
        named("index.json", R"({"schemaVersion":2,"manifests":[)" + manifests_ + "]}"),
        [this](const Sha256Digest& wanted) -> Result<NamedFile> {
          const auto found = texts_.find(wanted.text());
          if (found == texts_.end()) return Error(Code::file_missing, wanted.text());
          return named(wanted.text(), found->second);
        },
        {TestKey("stranger").public_key(), TestKey(key).public_key()}, digest);
  }
  Code code(const std::optional<Sha256Digest>& digest = {}, const std::string& key = "publisher") {
    const auto found = find(digest, key);
    return found.ok() ? Code::internal_error : found.error().code;
  }

  std::map<std::string, std::string> texts_;
  std::string manifests_;
};

TEST_F(Layout, TheSignedTextNamesTheImage) {
  add(layer(text_about(image), "publisher", text_about(image)));
  const auto found = find();
  ASSERT_TRUE(found.ok()) << found.error().expected << found.error().found;
  EXPECT_EQ(found.value().image.file().bytes->digest().text(), digest_text(image));
  EXPECT_EQ(found.value().image.signer().form, SignerForm::raw);
  EXPECT_EQ(found.value().image.signer().key, TestKey("publisher").public_key().id().text());
  EXPECT_EQ(found.value().signatures.size(), 2U);
  EXPECT_EQ(code({}, "nobody"), Code::publisher_signature_invalid);
}

// A genuine signature of another image, under the tag of this one (attack N05).
TEST_F(Layout, N05_ASignatureOfAnotherImage) {
  add(layer(text_about(other_image), "publisher", text_about(other_image)));
  EXPECT_EQ(code(), Code::publisher_signature_invalid);
}

TEST_F(Layout, OneThatHoldsIsEnough) {
  const auto good = layer(text_about(image), "publisher", text_about(image));
  const auto bad = layer("{}", "nobody", "{}");
  add(bad + "," + good);
  EXPECT_EQ(code(), Code::internal_error);
}

TEST_F(Layout, TextsThatAreNotTheSigned) {
  add(layer(text_about(image), "publisher", text_about(other_image)));
  EXPECT_EQ(code(), Code::publisher_signature_invalid);
  manifests_.clear();
  const auto more = text_about(image, R"(,"expires":1)");
  add(layer(more, "publisher", more));
  EXPECT_EQ(code(), Code::archive_malformed);
  manifests_.clear();
  add("");
  EXPECT_EQ(code(), Code::publisher_signature_missing);
  manifests_.clear();
  EXPECT_EQ(code(), Code::publisher_signature_missing);
}

TEST_F(Layout, SeveralAreChosenFromByTheDigest) {
  add(layer(text_about(image), "publisher", text_about(image)));
  add(layer(text_about(other_image), "publisher", text_about(other_image)), other_image);
  EXPECT_EQ(code(), Code::usage_error);
  EXPECT_EQ(find(sha256(as_bytes(other_image))).value().image.file().bytes->digest(),
            sha256(as_bytes(other_image)));
  EXPECT_EQ(code(sha256(as_bytes("x"))), Code::publisher_signature_missing);
}

// A blob under a name that is not its digest.
TEST_F(Layout, BlobsThatWereExchanged) {
  add(layer(text_about(image), "publisher", text_about(image)));
  texts_[digest_text(image)] = other_image;
  EXPECT_EQ(code(), Code::publisher_signature_invalid);
  texts_[digest_text(image)] = image;
  texts_[digest_text(text_about(image))] = text_about(other_image);
  EXPECT_EQ(code(), Code::publisher_signature_invalid);
}

TEST(SimpleSigning, TagsOfSignatures) {
  const std::string digest(64, 'a');
  EXPECT_EQ(signed_by_tag("sha256-" + digest + ".sig")->text(), digest);
  for (const std::string& tag :
       {std::string(), std::string("latest"), "sha256-" + digest, "sha256:" + digest + ".sig",
        "sha256-" + digest + "a.sig", "sha256-" + std::string(64, 'A') + ".sig", "sha256-" + digest + ".att",
        std::string("sha256-.sig"), std::string("sha256-sig")})
    EXPECT_FALSE(signed_by_tag(tag).has_value()) << tag;
}

}  // namespace
}  // namespace sallyport::trust
