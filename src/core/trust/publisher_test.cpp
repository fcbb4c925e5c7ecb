// SPDX-License-Identifier: Apache-2.0
#include "core/trust/publisher.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <utility>

#include "core/trust/debian_chain.h"
#include "core/trust/oci_chain.h"
#include "testkit/code_signer.h"
#include "testkit/pki.h"

namespace sallyport::trust {
namespace {

using testkit::acme;

// Nobody else can say that a file is its publisher's.
static_assert(!std::is_constructible_v<Published, NamedFile, PublisherSigner>);
static_assert(!std::is_default_constructible_v<Published>);

// Bytes, and the file that they are read as.
class File {
 public:
  explicit File(std::string text) : text_(std::move(text)), source_(as_bytes(text_)) {}
  NamedFile named(const std::string& name) const {
    return {name, std::make_shared<const SteadySource>(SteadySource::begin(source_).value())};
  }

 private:
  std::string text_;
  MemorySource source_;
};

Code refusal(const std::vector<Bytes>& keys) {
  const auto parsed = parse_publisher_keys(keys);
  return parsed.ok() ? Code::internal_error : parsed.error().code;
}

Bytes bytes(const std::string& text) {
  return copy(as_bytes(text));
}

TEST(PublisherKeys, AreOfOneKind) {
  const auto certificate = bytes(acme().anchor_pem());
  const auto keyring = bytes(std::string("\x99\x00\x01\x04", 4));
  EXPECT_TRUE(parse_publisher_keys({certificate, certificate}).ok());
  EXPECT_TRUE(parse_publisher_keys({keyring, keyring}).ok());
  EXPECT_EQ(refusal({bytes(std::string("\x99\x01\x0d\x04", 4))}), Code::usage_error);  // it is cut
  EXPECT_EQ(refusal({}), Code::publisher_unknown);
  EXPECT_EQ(refusal({certificate, keyring}), Code::usage_error);
  EXPECT_EQ(refusal({keyring, certificate}), Code::usage_error);
  EXPECT_EQ(refusal({bytes("-----BEGIN PGP PUBLIC KEY BLOCK-----\n")}), Code::usage_error);
  EXPECT_EQ(refusal({bytes("-----BEGIN PRIVATE KEY-----\n")}), Code::usage_error);
  EXPECT_EQ(refusal({{}}), Code::usage_error);
  EXPECT_EQ(refusal({bytes("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")}),
            Code::signature_algorithm_refused);
}

// Somebody gives the wrong file: not a byte of it may end up on a screen or in a log.
TEST(PublisherKeys, NothingOfAPrivateKeyIsShown) {
  const std::string secret = "MC4CAQAwBQYDK2VwBCIEIJ";
  for (const std::string& file :
       {"-----BEGIN PRIVATE KEY-----\n" + secret + "\n-----END PRIVATE KEY-----\n",
        "-----BEGIN EC PRIVATE KEY-----\n" + secret + "\n-----END EC PRIVATE KEY-----\n",
        "-----BEGIN OPENSSH PRIVATE KEY-----\n" + secret, "\x94" + secret, "\xc5" + secret, secret,
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n" + secret + "\n",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + secret + "\n" + secret + "!\n",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n=" + secret + "\n" + secret + "\n",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n" + secret + "\n",
        "-----BEGIN PUBLIC KEY-----\n" + secret + "\n-----END PUBLIC KEY-----\n",
        "-----BEGIN CERTIFICATE-----\n" + secret + "\n-----END CERTIFICATE-----\n"}) {
    const auto parsed = parse_publisher_keys({bytes(file)});
    ASSERT_FALSE(parsed.ok()) << file;
    const auto& error = parsed.error();
    for (const auto& said : {error.where, error.expected, error.found})
      EXPECT_EQ(said.find("MC4C"), std::string::npos) << said;
  }
  EXPECT_EQ(parse_publisher_keys({bytes("\x94 secret")}).error().found, "a private key");
}

TEST(Publisher, WhatIsPinnedHasTheDigest) {
  const File file("content");
  const auto digest = sha256(as_bytes("content"));
  EXPECT_EQ(pinned(file.named("a"), digest).value().signer().key, digest.text());
  EXPECT_EQ(pinned(file.named("a"), sha256(as_bytes("other"))).error().code,
            Code::publisher_signature_invalid);
}

TEST(Publisher, AnEmptyFileIsNoSignature) {
  const File file("content");
  const auto anchors = Certificate::chain_from_pem(acme().anchor_pem()).value();
  EXPECT_EQ(published(file.named("a"), {}, anchors, testkit::noon()).error().code,
            Code::publisher_signature_missing);
  const auto large = bytes(std::string(publisher_signature_size_max + 1, 'x'));
  EXPECT_EQ(published(file.named("a"), large, anchors, testkit::noon()).error().code,
            Code::publisher_signature_invalid);
}

const std::string good_status =
    "[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG 9B54E59BE6C5EAC3 Archive\n[GNUPG:] VALIDSIG "
    "519B801EFAB9A3170589626D9B54E59BE6C5EAC3 2026-11-26 1795713762 0 4 0 22 8 01 "
    "519B801EFAB9A3170589626D9B54E59BE6C5EAC3\n";
const std::string frame_begin = "-----BEGIN PGP SIGNED MESSAGE-----\n";
const std::string frame_end = "-----END PGP SIGNATURE-----\n";

class DebianChainTest : public testing::Test {
 protected:
  const File deb{"what is in the .deb"};
  const File list{"Package: mme\nVersion: 1\nArchitecture: amd64\nSize: 19\nSHA256: " +
                  sha256(as_bytes("what is in the .deb")).text() + "\n"};
  std::string release_text(const std::string& name = "main/binary-amd64/Packages") const {
    const auto file = list.named("Packages");
    return "SHA256:\n " + file.bytes->digest().text() + " " + std::to_string(file.bytes->size()) + " " +
           name + "\n";
  }
  Result<DebianChain> begin(const std::string& text, const std::string& status = good_status) const {
    return DebianChain::begin(in_release.named("InRelease"), {status, bytes(text)}, {deb.named("mme.deb")},
                              testkit::noon());
  }
  const File in_release{frame_begin + "text\n" + frame_end};
};

TEST_F(DebianChainTest, LeadsDownToTheFile) {
  auto chain = begin(release_text()).value();
  ASSERT_TRUE(chain.packages(list.named("Packages")).ok());
  const auto text = list.named("Packages").bytes->read(0, list.named("Packages").bytes->size(), 1000).value();
  ASSERT_TRUE(chain.feed(text).ok());
  ASSERT_TRUE(chain.finish().ok());
  const auto found = chain.published(deb.named("mme.deb"));
  ASSERT_TRUE(found.ok()) << found.error().found;
  EXPECT_EQ(found.value().package.package, "mme");
  EXPECT_EQ(found.value().published.signer().name, "Archive");
  const File other("another .deb file!!");
  EXPECT_EQ(chain.published(other.named("x.deb")).error().code, Code::publisher_signature_missing);
}

// gpgv takes CR LF for the end of a line, and verifies the first of two texts.
TEST_F(DebianChainTest, NothingStandsBesideTheTextThatIsSigned) {
  const std::string one = frame_begin + "text\n" + frame_end;
  std::string in_dos = one;
  in_dos.insert(in_dos.size() - 1, "\r");
  // The second text, whose lines end otherwise, or which has no end of its own.
  const std::string hidden = frame_begin.substr(0, frame_begin.size() - 1) + "\r\nother\r\n" + one.substr(35);
  for (const auto& both : {one + one, in_dos + one, one + " ", "x" + one, in_dos, frame_begin + one, hidden,
                           frame_begin + "te\rxt\n" + frame_end}) {
    const File two{both};
    const auto begun = DebianChain::begin(two.named("InRelease"), {good_status, bytes(release_text())},
                                          {deb.named("mme.deb")}, testkit::noon());
    ASSERT_FALSE(begun.ok()) << both;
    EXPECT_EQ(begun.error().code, Code::publisher_signature_invalid) << both;
  }
}

TEST_F(DebianChainTest, UnpacksToWhatIsListed) {
  const auto plain = sha256(as_bytes("something else")).text();
  auto chain =
      begin(release_text("main/binary-amd64/Packages.xz") + " " + plain + " 14 main/binary-amd64/Packages\n")
          .value();
  ASSERT_TRUE(chain.packages(list.named("Packages.xz")).ok());
  ASSERT_TRUE(chain.feed(as_bytes("Package: evil\n")).ok());
  EXPECT_EQ(chain.finish().error().code, Code::publisher_signature_invalid);
}

// A small file that unpacks without end is stopped at what was signed.
TEST_F(DebianChainTest, B22_UnpacksToNoMoreThanIsListed) {
  const auto plain = sha256(as_bytes("12345678")).text();
  auto chain =
      begin(release_text("main/binary-amd64/Packages.xz") + " " + plain + " 8 main/binary-amd64/Packages\n")
          .value();
  ASSERT_TRUE(chain.packages(list.named("Packages.xz")).ok());
  ASSERT_TRUE(chain.feed(as_bytes("1234567")).ok());
  EXPECT_EQ(chain.feed(as_bytes("89")).error().code, Code::publisher_signature_invalid);
}

TEST_F(DebianChainTest, AFileOfAnotherSizeThanIsListed) {
  const File wrong{"Package: mme\nVersion: 1\nArchitecture: amd64\nSize: 20\nSHA256: " +
                   sha256(as_bytes("what is in the .deb")).text() + "\n"};
  const auto named = wrong.named("Packages");
  auto chain = begin("SHA256:\n " + named.bytes->digest().text() + " " + std::to_string(named.bytes->size()) +
                     " main/binary-amd64/Packages\n")
                   .value();
  ASSERT_TRUE(chain.packages(named).ok());
  ASSERT_TRUE(chain.feed(named.bytes->read(0, named.bytes->size(), 1000).value()).ok());
  ASSERT_TRUE(chain.finish().ok());
  EXPECT_EQ(chain.published(deb.named("mme.deb")).error().code, Code::publisher_signature_invalid);
}

TEST_F(DebianChainTest, OtherFilesOfTheListAreNoListsOfPackages) {
  for (const std::string name :
       {"main/source/Sources", "main/Contents-amd64", "main/binary-amd64/Packages.bz2",
        "main/binary-amd64/NotPackages", "main/binary-amd64/Packages/x"}) {
    auto chain = begin(release_text(name)).value();
    EXPECT_EQ(chain.packages(list.named("Packages")).error().code, Code::publisher_signature_missing) << name;
  }
}

TEST_F(DebianChainTest, ASizeThatIsAnother) {
  auto text = release_text();
  text.insert(text.find(" main"), "0");
  auto chain = begin(text).value();
  EXPECT_EQ(chain.packages(list.named("Packages")).error().code, Code::publisher_signature_invalid);
}

TEST_F(DebianChainTest, AListWhoseTimeIsOver) {
  EXPECT_TRUE(begin("Valid-Until: Thu, 1 Jan 2099 00:00:00 UTC\n" + release_text()).ok());
  EXPECT_EQ(begin("Valid-Until: Sat, 1 Jan 2000 00:00:00 UTC\n" + release_text()).error().code,
            Code::publisher_index_expired);
}

// A signature beside a file covers its bytes, one around a text does not cover the ends of its lines.
TEST_F(DebianChainTest, ReleaseWithItsSignatureBesideIt) {
  const File release(release_text());
  auto beside = good_status;
  beside.replace(beside.find(" 8 01 "), 6, " 8 00 ");
  const auto begin_detached = [&](const std::string& status) {
    return DebianChain::begin_detached(release.named("Release"), {status, bytes("of no concern")},
                                       {deb.named("mme.deb")}, testkit::noon());
  };
  ASSERT_TRUE(begin_detached(beside).ok());
  auto chain = begin_detached(beside).value();
  EXPECT_TRUE(chain.packages(list.named("Packages")).ok());
  EXPECT_EQ(begin_detached(good_status).error().code, Code::publisher_signature_invalid);
  EXPECT_EQ(begin_detached("").error().code, Code::publisher_signature_missing);
}

TEST_F(DebianChainTest, NothingIsReadWithoutASignature) {
  EXPECT_EQ(begin(release_text(), "").error().code, Code::publisher_signature_missing);
  EXPECT_EQ(begin(release_text(), "[GNUPG:] NEWSIG\n[GNUPG:] BADSIG 9B54E59BE6C5EAC3 x\n").error().code,
            Code::publisher_signature_invalid);
}

class OciChainTest : public testing::Test {
 protected:
  std::string put(const std::string& text) {
    const auto digest = sha256(as_bytes(text)).text();
    blobs_.emplace_back(digest, std::make_unique<File>(text));
    return "\"digest\":\"sha256:" + digest + "\",\"size\":" + std::to_string(text.size());
  }
  Result<OciImage> image(const std::string& index) {
    const File file(index);
    const auto signature = testkit::sign_cms(as_bytes(index), {&acme()});
    const auto anchors = Certificate::chain_from_pem(acme().anchor_pem()).value();
    const auto proved = published(file.named("index.json"), signature, anchors, testkit::noon());
    CHECK(proved.ok());
    return oci_image(
        proved.value(),
        [&](const Sha256Digest& digest) -> Result<NamedFile> {
          for (const auto& [name, blob] : blobs_) {
            if (name == digest.text()) return blob->named(name);
          }
          return Error(Code::file_missing, digest.text());
        },
        "x86_64");
  }
  Code code(const std::string& index) {
    const auto found = image(index);
    return found.ok() ? Code::internal_error : found.error().code;
  }
  std::string index_of(const std::string& descriptor, const std::string& kind = "index") const {
    return R"({"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.)" + kind +
           R"(.v1+json",)" + descriptor + "}]}";
  }
  // An index of a whole image of one layer.
  std::string index_of_image(const std::string& config_of = R"("architecture":"amd64","os":"linux")",
                             std::size_t diff_ids = 1) {
    std::string ids;
    for (std::size_t i = 0; i < diff_ids; ++i)
      ids += (i == 0 ? "\"sha256:" : ",\"sha256:") + std::string(64, 'a') + "\"";
    const auto config = "{" + config_of + R"(,"rootfs":{"type":"layers","diff_ids":[)" + ids + "]}}";
    const auto manifest =
        R"({"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json",)" +
        put(config) + R"(},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar",)" + put("layer") +
        "}]}";
    return index_of(put(manifest), "manifest");
  }
  std::vector<std::pair<std::string, std::unique_ptr<File>>> blobs_;
};

TEST_F(OciChainTest, LeadsDownToTheLayers) {
  const auto found = image(index_of_image());
  ASSERT_TRUE(found.ok()) << found.error().where << found.error().expected;
  ASSERT_EQ(found.value().layers.size(), 1U);
  EXPECT_EQ(found.value().layers[0].diff_id.text(), std::string(64, 'a'));
  EXPECT_EQ(found.value().documents.size(), 2U);
}

TEST_F(OciChainTest, IndexesInIndexesAreBounded) {
  auto index = index_of_image();
  for (int i = 0; i < 3; ++i) index = index_of(put(index));
  EXPECT_EQ(code(index), Code::internal_error);
  index = index_of(put(index));
  EXPECT_EQ(code(index), Code::archive_malformed);
  EXPECT_EQ(code(index_of(put("{}"), "manifest")), Code::archive_malformed);
  EXPECT_EQ(code(R"({"schemaVersion":2,"manifests":[]})"), Code::usage_error);
  EXPECT_EQ(code(index_of("\"digest\":\"sha256:" + std::string(64, 'a') + "\",\"size\":1")),
            Code::file_missing);
}

// Whoever keeps the layout hands out what he likes: each blob is held to the document above it.
TEST_F(OciChainTest, EveryBlobIsTheOneThatIsNamed) {
  const auto index = index_of_image();
  for (std::size_t i = 0; i < blobs_.size(); ++i) {
    auto kept = std::exchange(blobs_[i].second, std::make_unique<File>("another"));
    EXPECT_EQ(code(index), Code::publisher_signature_invalid) << i;
    const auto size = static_cast<std::size_t>(kept->named("").bytes->size());
    blobs_[i].second = std::make_unique<File>(std::string(size, ' '));
    EXPECT_EQ(code(index), Code::publisher_signature_invalid) << i << ", of the same size";
    blobs_[i].second = std::move(kept);
  }
  EXPECT_EQ(code(index), Code::internal_error);
  auto other_size = index;
  const auto at = other_size.find("\"size\":") + 7;
  other_size.insert(at, "1");
  EXPECT_EQ(code(other_size), Code::publisher_signature_invalid);
}

TEST_F(OciChainTest, ImagesAreForTheMachine) {
  EXPECT_EQ(code(index_of_image(R"("architecture":"arm64","os":"linux")")), Code::usage_error);
  EXPECT_EQ(code(index_of_image(R"("architecture":"amd64","os":"windows")")), Code::usage_error);
  for (const std::size_t ids : {0U, 2U})
    EXPECT_EQ(code(index_of_image(R"("architecture":"amd64","os":"linux")", ids)), Code::archive_malformed);
  const auto on = [&](const std::string& platform) {
    auto index = index_of_image();
    index.insert(index.rfind('}', index.size() - 3), R"(,"platform":{)" + platform + "}");
    return code(index);
  };
  EXPECT_EQ(on(R"("architecture":"amd64","os":"linux")"), Code::internal_error);
  EXPECT_EQ(on(R"("architecture":"amd64","os":"windows")"), Code::usage_error);
  EXPECT_EQ(on(R"("architecture":"arm64","os":"linux")"), Code::usage_error);
}

}  // namespace
}  // namespace sallyport::trust
