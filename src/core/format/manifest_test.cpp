// SPDX-License-Identifier: Apache-2.0
#include "core/format/manifest.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

const std::string hash_a(64, 'a');
const std::string metadata =
    "metadata:\n    vnf_provider_id: Acme\n    vnf_product_name: mme\n    vnf_release_date_time: "
    "2026-11-21T22:06:00Z\n"
    "    vnf_package_version: 1.0\n";
const std::string entry = "\nSource: a/b.txt\nAlgorithm: SHA-256\nHash: " + hash_a + "\n";
const std::string good = metadata + entry;
const std::string cms = "-----BEGIN CMS-----\nAAAA\n-----END CMS-----\n";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

Code code_of(const std::string& text) {
  const auto manifest = parse_manifest(as_bytes(text));
  return manifest.ok() ? Code::internal_error : manifest.error().code;
}

Code split_code(const std::string& text) {
  const auto split = split_manifest(as_bytes(text));
  return split.ok() ? Code::internal_error : split.error().code;
}

TEST(Manifest, ParsesWhatItPrints) {
  const auto manifest = parse_manifest(as_bytes(good)).value();
  EXPECT_EQ(manifest.provider, "Acme");
  EXPECT_EQ(manifest.product, "mme");
  EXPECT_EQ(manifest.version, "1.0");
  EXPECT_EQ(manifest.released.print(), "2026-11-21T22:06:00Z");
  ASSERT_EQ(manifest.entries.size(), 1U);
  EXPECT_EQ(manifest.entries[0].source.text(), "a/b.txt");
  EXPECT_EQ(print_manifest(manifest), good);
}

TEST(Manifest, OtherPeoplesSpellings) {
  std::string crlf;
  for (const char c : good) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  EXPECT_EQ(print_manifest(parse_manifest(as_bytes(crlf)).value()), good);
  const auto two_spaces = replaced(good, "    vnf_provider_id", "  vnf_provider_id");
  EXPECT_EQ(code_of(two_spaces), Code::internal_error);
  const auto sha512 = replaced(replaced(good, "SHA-256", "SHA-512"), hash_a, hash_a + hash_a);
  EXPECT_EQ(parse_manifest(as_bytes(sha512)).value().entries[0].algorithm, Sha2::sha512);
  const auto sha384 = replaced(replaced(good, "SHA-256", "SHA-384"), hash_a, std::string(96, '0'));
  EXPECT_EQ(parse_manifest(as_bytes(sha384)).value().entries[0].digest.size(), 48U);
}

TEST(Manifest, SplitsBeforeTheSignature) {
  const std::string text = good + cms + "\n\n";
  const auto split = split_manifest(as_bytes(text)).value();
  EXPECT_EQ(as_text(split.signed_octets), good);
  EXPECT_EQ(as_text(split.cms_block), cms);
}

TEST(ManifestAttack, A06_NoSignatureIsNotABadOne) {
  EXPECT_EQ(split_code(good), Code::signature_missing);
}

TEST(ManifestAttack, C10_DataAroundTheSignature) {
  for (const auto& text :
       {good + cms + "Source: x\n", good + cms + " ", good + cms + cms, good + cms + "\t\n",
        good + cms + "\r", cms + good, good + "-----BEGIN CMS-----\nAAAA\n", good + "-----END CMS-----\n",
        good + " " + cms, good + "-----END CMS-----\n-----BEGIN CMS-----\n", good + "x" + cms,
        good + replaced(cms, "CMS-----\nA", "CMS-----A"),
        good + replaced(cms, "END CMS-----\n", "END CMS-----x\n"),
        good + replaced(cms, "\n-----END", "-----END"), replaced(good, "Acme", "-----BEGIN CMS-----") + cms,
        good + "-----BEGIN CMS-----\n" + cms}) {
    EXPECT_EQ(split_code(text), Code::manifest_malformed) << text;
  }
}

TEST(ManifestAttack, C06_Hashes) {
  for (const std::string& hash :
       {std::string(), std::string(62, 'a'), std::string(63, 'a'), std::string(66, 'a'), std::string(64, 'A'),
        std::string(64, 'g'), "0x" + std::string(62, 'a'), std::string(96, 'a'), " " + hash_a,
        hash_a + " "}) {
    EXPECT_EQ(code_of(replaced(good, hash_a, hash)), Code::manifest_malformed) << hash;
  }
  EXPECT_EQ(code_of(replaced(good, "Hash: " + hash_a + "\n", "")), Code::manifest_malformed);
}

TEST(ManifestAttack, C08_C06_Algorithms) {
  for (const std::string_view name :
       {"MD5", "SHA-1", "SHA-224", "none", "sha-256", "SHA256", "SHA3-256", " SHA-256"}) {
    EXPECT_EQ(code_of(replaced(good, "SHA-256", name)), Code::manifest_algorithm_refused) << name;
  }
  EXPECT_EQ(code_of(replaced(good, "Algorithm: SHA-256\n", "")), Code::manifest_algorithm_refused);
}

TEST(ManifestAttack, C07_TwoHashesForOneMember) {
  const std::string other = "Hash: " + std::string(64, 'b') + "\n";
  EXPECT_EQ(code_of(good + other), Code::manifest_malformed);
  EXPECT_EQ(code_of(good + "Algorithm: SHA-256\n" + other), Code::manifest_malformed);
  EXPECT_EQ(code_of(good + entry), Code::manifest_malformed);
}

TEST(ManifestAttack, C01_C22_NoEntries) {
  EXPECT_EQ(code_of(metadata), Code::manifest_malformed);
}

TEST(ManifestAttack, C21_UnknownKeys) {
  for (const auto& text :
       {good + "Signature: a.sig\n", good + "non_mano_artifact_sets:\n", replaced(good, "Source", "source"),
        replaced(good, "metadata:\n", "metadata:\n    vnfd_id: x\n"),
        replaced(good, "metadata:", "Metadata:"), replaced(good, "    vnf_provider_id", "vnf_provider_id"),
        "x\n" + good, replaced(good, "Source: ", "Source:")}) {
    EXPECT_EQ(code_of(text), Code::manifest_malformed) << text;
  }
}

TEST(ManifestAttack, MetadataMissingOrTwice) {
  for (const std::string_view key :
       {"vnf_provider_id", "vnf_product_name", "vnf_release_date_time", "vnf_package_version"}) {
    const auto at = good.find(key);
    const auto line = good.substr(at - 4, good.find('\n', at) + 1 - (at - 4));
    EXPECT_EQ(code_of(replaced(good, line, "")), Code::manifest_malformed) << key;
    EXPECT_EQ(code_of(replaced(good, line, line + line)), Code::manifest_malformed) << key;
    EXPECT_EQ(code_of(replaced(good, line, "    " + std::string(key) + ": \n")), Code::manifest_malformed)
        << key;
  }
  EXPECT_EQ(code_of(replaced(good, "22:06:00Z", "22:06:00+01:00")), Code::manifest_malformed);
}

TEST(ManifestAttack, B28_C14_SourcesAndText) {
  for (const std::string_view source :
       {"../a", "/a", "a\\b", "a//b", ".", "http://x/y", "file:///etc/passwd"}) {
    EXPECT_EQ(code_of(replaced(good, "a/b.txt", source)), Code::manifest_malformed) << source;
  }
  EXPECT_EQ(code_of(replaced(good, "Acme", std::string_view("Ac\0me", 5))), Code::manifest_malformed);
  EXPECT_EQ(code_of(replaced(good, "Acme",
                             "Ac\xff"
                             "me")),
            Code::manifest_malformed);
  EXPECT_EQ(code_of(replaced(good, "Acme",
                             "Ac\xe2\x80\xae"
                             "me")),
            Code::manifest_malformed);
  EXPECT_EQ(code_of("\xef\xbb\xbf" + good), Code::manifest_malformed);
  EXPECT_EQ(code_of(good.substr(0, good.size() - 1)), Code::manifest_malformed);
  EXPECT_EQ(code_of(""), Code::manifest_malformed);
}

const std::string second = "-----BEGIN POST-QUANTUM CMS-----\nBBBB\n-----END POST-QUANTUM CMS-----\n";

TEST(Manifest, SplitsOffASecondSignature) {
  const std::string text = good + cms + second + "\n";
  const auto split = split_manifest(as_bytes(text)).value();
  EXPECT_EQ(as_text(split.signed_octets), good);
  EXPECT_EQ(as_text(split.cms_block), cms);
  EXPECT_EQ(as_text(split.second_block), second);
}

TEST(ManifestAttack, D19_TheSecondSignatureHasOnePlace) {
  for (const auto& text :
       {good + cms + second + second, good + cms + second + cms, good + cms + "\n" + second,
        good + cms + second + "x", good + cms + " " + second, good + cms + second + " ",
        good + cms + replaced(second, "END POST-QUANTUM CMS-----\n", "END POST-QUANTUM CMS-----x\n"),
        good + cms + replaced(second, "\n-----END", "-----END"),
        good + cms + replaced(second, "CMS-----\nB", "CMS-----B"),
        good + cms + "-----BEGIN POST-QUANTUM CMS-----\n",
        good + cms + "-----END POST-QUANTUM CMS-----\n-----BEGIN POST-QUANTUM CMS-----\n"}) {
    EXPECT_EQ(split_code(text), Code::manifest_malformed) << text;
  }
  EXPECT_EQ(split_code(good + second), Code::signature_missing);
  // Before the first it is among what is signed, where no such line is understood.
  const std::string before = good + second + cms;
  const auto split = split_manifest(as_bytes(before)).value();
  EXPECT_TRUE(split.second_block.empty());
  EXPECT_EQ(parse_manifest(split.signed_octets).error().code, Code::manifest_malformed);
}

}  // namespace
}  // namespace sallyport
