// SPDX-License-Identifier: Apache-2.0
#include "core/format/provenance.h"

#include <gtest/gtest.h>

#include <functional>

namespace sallyport {
namespace {

RelativePath path(const std::string& text) {
  return RelativePath::parse(text).value();
}

Provenance usual() {
  return {"sallyport 0.1.0",
          {{InputKind::deb,
            path("mme.deb"),
            {SignerForm::openpgp, std::string(40, 'a'), "Debian"},
            {path("InRelease"), path("Packages.xz")},
            {"postinst"}}},
          2,
          {{path("InRelease"), OriginalRole::signature, 10, sha256(as_bytes("r"))},
           {path("Packages.xz"), OriginalRole::index, 20, sha256(as_bytes("p"))},
           {path("keys/debian.gpg"), OriginalRole::publisher_key, 30, sha256(as_bytes("k"))},
           {path("mme.deb"), OriginalRole::payload, 40, sha256(as_bytes("d"))}}};
}

std::string printed() {
  return print_provenance(usual()).value();
}

Code refusal(const std::string& json) {
  const auto parsed = parse_provenance(as_bytes(json));
  return parsed.ok() ? Code::internal_error : parsed.error().code;
}

std::string changed(const std::string& from, const std::string& to) {
  auto text = printed();
  const auto at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

TEST(Provenance, IsReadAsItIsPrinted) {
  const auto parsed = parse_provenance(as_bytes(printed()));
  ASSERT_TRUE(parsed.ok()) << parsed.error().found;
  EXPECT_EQ(print_provenance(parsed.value()).value(), printed());
  EXPECT_EQ(parsed.value().inputs[0].not_run, std::vector<std::string>{"postinst"});
  EXPECT_EQ(parsed.value().originals[3].sha256, sha256(as_bytes("d")));
}

TEST(Provenance, HasOneSpelling) {
  const std::string cases[][2] = {
      {"\"laid_over\":2", "\"laid_over\": 2"},
      {"provenance-1", "provenance-2"},
      {"\"kind\":\"deb\"", "\"kind\":\"snap\""},
      {"\"member\":\"\"", "\"member\":\"../x\""},
      {"\"tool\":\"sallyport 0.1.0\"", "\"tool\":\"\""},
      {",\"laid_over\":2", ""},
      {std::string(40, 'a'), std::string(39, 'a')},
      {std::string(40, 'a'), std::string(40, 'A')},
      {"\"size\":10", "\"size\":010"},
      {"\"not_run\":[\"postinst\"]", "\"not_run\":[\"postinst\"],\"more\":1"},
      {"}]}\n", "}]}"},
  };
  for (const auto& [from, to] : cases)
    EXPECT_EQ(refusal(changed(from, to)), Code::provenance_malformed) << to;
}

// What was passed over when a vendor's package was verified is a part of the record.
TEST(Provenance, TellsWhatWasTolerated) {
  auto vendor = usual();
  auto& input = vendor.inputs[0];
  input.kind = InputKind::csar;
  input.tolerated = {"key-case", "unknown-keys"};
  const auto text = print_provenance(vendor).value();
  EXPECT_NE(text.find(R"("not_run":["postinst"],"tolerated":["key-case","unknown-keys"]})"),
            std::string::npos);
  const auto parsed = parse_provenance(as_bytes(text));
  ASSERT_TRUE(parsed.ok()) << parsed.error().found;
  EXPECT_EQ(parsed.value().inputs[0].tolerated, input.tolerated);
  EXPECT_NE(describe_provenance(parsed.value()).find("tolerated: key-case, unknown-keys"), std::string::npos);
  const auto refused = [&](std::vector<std::string> names, InputKind kind = InputKind::csar) {
    auto other = vendor;
    other.inputs[0].kind = kind;
    other.inputs[0].tolerated = std::move(names);
    return !print_provenance(other).ok();
  };
  EXPECT_FALSE(refused({"key-case"}));
  EXPECT_TRUE(refused({"key-case"}, InputKind::deb));
  EXPECT_TRUE(refused({"unknown-keys", "key-case"}));
  EXPECT_TRUE(refused({"key-case", "key-case"}));
  EXPECT_TRUE(refused({"everything"}));
  auto empty = text;
  empty.replace(empty.find(R"(["key-case","unknown-keys"])"), 27, "[]");
  EXPECT_EQ(refusal(empty), Code::provenance_malformed);
}

TEST(Provenance, NamesOnlyWhatItHas) {
  EXPECT_EQ(refusal(changed("\"original\":\"mme.deb\"", "\"original\":\"other.deb\"")),
            Code::provenance_malformed);
  EXPECT_EQ(refusal(changed("[\"InRelease\",\"Packages.xz\"]", "[]")), Code::provenance_malformed);
  EXPECT_EQ(refusal(changed("[\"InRelease\",\"Packages.xz\"]", "[\"Release\"]")), Code::provenance_malformed);
  EXPECT_EQ(refusal(changed("\"name\":\"mme.deb\"", "\"name\":\"../mme.deb\"")), Code::provenance_malformed);
  EXPECT_EQ(refusal(changed("\"name\":\"mme.deb\"", "\"name\":\"InRelease\"")), Code::provenance_malformed);
  auto other = usual();
  std::swap(other.originals[0], other.originals[1]);
  EXPECT_EQ(print_provenance(other).error().code, Code::provenance_malformed);
  other = usual();
  other.originals.insert(other.originals.begin(), other.originals.front());
  EXPECT_EQ(print_provenance(other).error().code, Code::provenance_malformed);
  // Nothing is written that nobody reads.
  other = usual();
  other.inputs[0].signer.key = std::string(39, 'a');
  EXPECT_EQ(print_provenance(other).error().code, Code::provenance_malformed);
  auto none = usual();
  none.inputs.clear();
  EXPECT_EQ(print_provenance(none).error().code, Code::provenance_malformed);
}

TEST(Provenance, WhatIsPinnedHasTheDigest) {
  auto pinned = usual();
  pinned.inputs[0].kind = InputKind::oci;
  pinned.inputs[0].signer = {SignerForm::digest, sha256(as_bytes("d")).text(), "SHA-256"};
  const auto json = print_provenance(pinned);
  ASSERT_TRUE(json.ok()) << json.error().expected;
  EXPECT_TRUE(parse_provenance(as_bytes(json.value())).ok());
  EXPECT_EQ(describe_provenance(pinned),
            "mme.deb (oci), pinned by its digest, " + sha256(as_bytes("d")).text());
  pinned.inputs[0].signer.key = sha256(as_bytes("r")).text();
  EXPECT_EQ(print_provenance(pinned).error().code, Code::provenance_malformed);
}

TEST(Provenance, MembersHaveOneOrder) {
  const auto b = path("Files/Provenance/originals/b");
  const auto a = path("Files/Provenance/originals/a");
  EXPECT_EQ(provenance_members({b, path("Files/sbom.cdx.json"), provenance_record(), a}),
            (std::vector<RelativePath>{provenance_record(), a, b}));
  // Without the record it is asked for all the same.
  EXPECT_EQ(provenance_members({b}), (std::vector<RelativePath>{provenance_record(), b}));
  EXPECT_TRUE(provenance_members({path("Files/sbom.cdx.json"), path("Files/ProvenanceX")}).empty());
}

class ProvenanceFit : public testing::Test {
 protected:
  ProvenanceFit() {
    for (const auto& one : usual().originals) add(provenance_member(one.name), one.size, one.sha256);
    add(provenance_record(), 5, sha256({}));
  }
  void add(const RelativePath& name, std::uint64_t size, const Sha256Digest& digest) {
    directory.members.push_back({name, 0, 0, size, 0});
    manifest.entries.push_back({name, Sha2::sha256, copy(digest.bytes())});
  }
  Code fit() const {
    const auto fits = check_provenance(usual(), directory, manifest);
    return fits.ok() ? Code::internal_error : fits.error().code;
  }
  ZipDirectory directory{{}, 0, 0};
  Manifest manifest{{}, {}, {}, Instant::from_seconds(0).value(), {}};
};

TEST_F(ProvenanceFit, IsExact) {
  EXPECT_TRUE(check_provenance(usual(), directory, manifest).ok());
}
TEST_F(ProvenanceFit, AnOriginalIsMissing) {
  directory.members.erase(directory.members.begin());
  EXPECT_EQ(fit(), Code::provenance_malformed);
}
TEST_F(ProvenanceFit, AMemberIsNoOriginal) {
  add(path("Files/Provenance/originals/more"), 1, sha256({}));
  EXPECT_EQ(fit(), Code::provenance_malformed);
}
TEST_F(ProvenanceFit, AnOriginalIsNotListed) {
  manifest.entries.erase(manifest.entries.begin());
  EXPECT_EQ(fit(), Code::provenance_malformed);
}
TEST_F(ProvenanceFit, AnotherSize) {
  ++directory.members[1].size;
  EXPECT_EQ(fit(), Code::provenance_malformed);
}
TEST_F(ProvenanceFit, AnotherDigest) {
  manifest.entries[2].digest[0] ^= 1;
  EXPECT_EQ(fit(), Code::provenance_malformed);
}
TEST_F(ProvenanceFit, ADigestOfAnotherKind) {
  manifest.entries[2].algorithm = Sha2::sha512;
  EXPECT_EQ(fit(), Code::provenance_malformed);
}

}  // namespace
}  // namespace sallyport
