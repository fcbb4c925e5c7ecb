// SPDX-License-Identifier: Apache-2.0
// The texts of packages of other tools: TOSCA.meta and the manifest. docs/spec/foreign.md.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/format/sol004_manifest.h"
#include "core/format/sol004_meta.h"
#include "testkit/foreign.h"

namespace sallyport {
namespace {

using testkit::replaced;

const std::string digest_a(64, 'a');

std::string entry(const std::string& source, const std::string& more = {}) {
  return "Source: " + source + "\nAlgorithm: SHA-256\nHash: " + digest_a + "\n" + more + "\n";
}

const std::string metadata =
    "metadata:\n  vnf_product_name: mme\n  vnf_provider_id: Acme\n  vnf_package_version: 1.0\n"
    "  vnf_release_date_time: 2025-01-01T10:00:00Z\n\n";

Tolerances everything() {
  Tolerances all;
  for (const auto& info : all_tolerances()) all.insert(info.what);
  return all;
}

struct Seen {
  Sol004Manifest manifest;
  std::vector<Error> findings;
  std::vector<Tolerated> tolerated;

  // "manifest-malformed manifest line 3; …"
  std::string text() const {
    std::string all;
    for (const auto& finding : findings)
      all += (all.empty() ? "" : "; ") + std::string(name(finding.code)) + " " + finding.where;
    return all;
  }
};

Seen see(const std::string& text, const Tolerances& tolerances = {}) {
  Leniency leniency(tolerances);
  Findings findings;
  auto manifest = parse_sol004_manifest(as_bytes(text), leniency, findings);
  return {std::move(manifest), findings.sorted(), leniency.used()};
}

// Refused at this line with this code, whatever is tolerated.
std::string always(const std::string& text) {
  const auto strict = see(text).text();
  EXPECT_EQ(see(text, everything()).text(), strict);
  return strict;
}

// Refused, whatever is tolerated, if maybe for fewer reasons.
bool is_refused(const std::string& text) {
  return !see(text).findings.empty() && !see(text, everything()).findings.empty();
}

TEST(Sol004Manifest, SaysWhatItSays) {
  const auto seen = see(metadata + entry("a") + entry("b", "Signature: b.sig.cms\nCertificate: b.cert\n"));
  ASSERT_EQ(seen.text(), "");
  const auto& manifest = seen.manifest;
  EXPECT_EQ(manifest.kind, Sol004Kind::vnf);
  EXPECT_EQ(manifest.product, "mme");
  EXPECT_EQ(manifest.provider, "Acme");
  EXPECT_EQ(manifest.version, "1.0");
  EXPECT_EQ(manifest.released, "2025-01-01T10:00:00Z");
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].line, 7U);
  EXPECT_EQ(manifest.entries[0].source.text(), "a");
  EXPECT_EQ(hex(manifest.entries[0].digest), digest_a);
  EXPECT_EQ(manifest.entries[1].line, 11U);
  EXPECT_EQ(manifest.entries[1].signature->text(), "b.sig.cms");
  EXPECT_EQ(manifest.entries[1].certificate->text(), "b.cert");
}

TEST(Sol004Manifest, EntriesInAnyOrderOfTheirLines) {
  for (const auto& text : {"Algorithm: SHA-256\nHash: " + digest_a + "\nSource: a\n",
                           "Hash: " + digest_a + "\nSource: a\nAlgorithm: SHA-256\n",
                           "Source:a\r\nAlgorithm:\tSHA-256 \r\nHash:  " + digest_a + "\r\n"}) {
    const auto seen = see(metadata + text);
    EXPECT_EQ(seen.text(), "");
    ASSERT_EQ(seen.manifest.entries.size(), 1U);
    EXPECT_EQ(seen.manifest.entries[0].source.text(), "a");
  }
  // No blank line between them.
  const auto dense = see(metadata + replaced(entry("a"), "\n\n", "\n") + entry("b"));
  EXPECT_EQ(dense.text(), "");
  EXPECT_EQ(dense.manifest.entries.size(), 2U);
}

TEST(Sol004Manifest, C06_DigestsAreWholeAndOfTheirAlgorithm) {
  const auto with = [](const std::string& algorithm, const std::string& digits) {
    return metadata + "Source: a\nAlgorithm: " + algorithm + "\nHash: " + digits + "\n";
  };
  struct Good {
    std::string_view prefix;
    std::size_t digits;
    Sha2 algorithm;
  };
  for (const auto& good :
       {Good{"256", 64, Sha2::sha256}, {"384", 96, Sha2::sha384}, {"512", 128, Sha2::sha512}}) {
    for (const std::string word : {"SHA-", "SHA", "sha-", "sha"}) {
      const auto seen = see(with(word + std::string(good.prefix), std::string(good.digits, 'a')));
      EXPECT_EQ(seen.text(), "") << word;
      ASSERT_EQ(seen.manifest.entries.size(), 1U);
      EXPECT_EQ(seen.manifest.entries[0].algorithm, good.algorithm);
      EXPECT_EQ(seen.manifest.entries[0].digest.size(), good.digits / 2);
    }
    const auto name = "SHA-" + std::string(good.prefix);
    for (const auto& digits : {std::string(good.digits - 1, 'a'), std::string(good.digits - 2, 'a'),
                               std::string(good.digits + 2, 'a'), std::string(good.digits, 'g'),
                               std::string(), std::string(good.digits - 2, 'a') + "0x"}) {
      EXPECT_EQ(always(with(name, digits)), "manifest-malformed manifest line 9") << digits;
      EXPECT_TRUE(see(with(name, digits)).manifest.entries.empty());
    }
  }
}

TEST(Sol004Manifest, C08_WeakAndUnknownAlgorithms) {
  for (const std::string word : {"MD5", "SHA-1", "sha1", "SHA-224", "CRC32", "none", "", "SHA-256,MD5",
                                 "Sha-256", "SHA_256", "SHA3-256"}) {
    EXPECT_EQ(always(metadata + replaced(entry("a"), "SHA-256", word)),
              "manifest-algorithm-refused manifest line 8")
        << word;
  }
  EXPECT_EQ(always(metadata + replaced(entry("a"), "Algorithm: SHA-256\n", "")),
            "manifest-algorithm-refused manifest line 7");
}

TEST(Sol004Manifest, C07_EachLineOnceInAnEntryAndEachSourceOnce) {
  for (const auto& key : std::vector<std::string>{"Algorithm: SHA-512", "Hash: " + digest_a, "Signature: x",
                                                  "Certificate: x"}) {
    const auto twice = entry("a", key + "\n" + key + "\n");
    EXPECT_TRUE(always(metadata + twice).starts_with("manifest-malformed manifest line 1")) << key;
  }
  EXPECT_EQ(always(metadata + entry("a") + entry("a")), "manifest-malformed a");
  EXPECT_EQ(always(metadata + entry("a") + replaced(entry("a"), "aaaa", "bbbb")), "manifest-malformed a");
}

TEST(Sol004Manifest, C21_WhatIsMissingOrUnknown) {
  EXPECT_EQ(always(metadata + replaced(entry("a"), "Source: a\n", "")), "manifest-malformed manifest line 7");
  EXPECT_EQ(always(metadata + replaced(entry("a"), "Hash: " + digest_a + "\n", "")),
            "manifest-malformed manifest line 7");
  EXPECT_EQ(always(metadata + entry("a", "Colour: red\n")), "manifest-malformed manifest line 10");
  EXPECT_EQ(always(metadata + entry("a", "no colon\n")), "manifest-malformed manifest line 10");
  EXPECT_EQ(always(metadata + entry("a", ": red\n")), "manifest-malformed manifest line 10");
  EXPECT_EQ(always(metadata + replaced(entry("a"), "Hash:", " Hash:")),
            "manifest-malformed manifest line 9; manifest-malformed manifest line 7");
  EXPECT_TRUE(is_refused(entry("a")));
  EXPECT_TRUE(is_refused("\xef\xbb\xbf" + metadata + entry("a"))) << "a byte order mark";
  EXPECT_TRUE(is_refused(" " + metadata + entry("a")));
  EXPECT_TRUE(is_refused(replaced(metadata, "metadata:", "Metadata:") + entry("a")));
  EXPECT_TRUE(is_refused(""));
  for (const std::string line : {"vnf_product_name: mme", "vnf_provider_id: Acme", "vnf_package_version: 1.0",
                                 "vnf_release_date_time: 2025-01-01T10:00:00Z"}) {
    EXPECT_EQ(always(replaced(metadata, "  " + line + "\n", "") + entry("a")),
              "manifest-malformed manifest metadata");
    const auto key = line.substr(0, line.find(':'));
    EXPECT_NE(always(replaced(metadata, line, key + ":") + entry("a")), "") << key;
  }
}

TEST(Sol004Manifest, C09_MetadataOnceAndOfOneKind) {
  const auto more = [](const std::string& line) {
    return replaced(metadata, "1.0\n", "1.0\n  " + line + "\n") + entry("a");
  };
  for (const std::string line :
       {"vnf_product_name: other", "vnf_product_name: mme", "pnfd_name: other", "nsd_name: other",
        "vnf_release_data_time: 2026", "pnfd_provider: x", "nsd_id: 1", "VNF_PRODUCT_NAME: other",
        "Vnf_Provider_Id: other", "vnf product: x"}) {
    EXPECT_NE(always(more(line)), "") << line;
  }
  for (const std::string line : {"vnfd_id: 1", "vnf_software_version: 2",
                                 "compatible_specification_versions: 2.7.1", "vnfm_info: etsivnfm:v2.3.1"}) {
    EXPECT_EQ(always(more(line)), "") << line;
    EXPECT_NE(always(more(line + "\n  " + line)), "") << line;
    EXPECT_NE(always(more(line.substr(0, line.find(':') + 1))), "") << line;
  }
  EXPECT_EQ(see(more("colour: red")).text(), "manifest-malformed manifest line 5");
  EXPECT_EQ(see(more("colour: red"), {Tolerance::unknown_keys}).text(), "");
}

TEST(Sol004Manifest, B28_SourcesArePlainPaths) {
  for (const auto& path : std::vector<std::string>{
           "../a", "/a", "a/../b", "a//b", "a/", "./a", "a\\b", ".", "..", "", "a\tb", std::string("a\0b", 3),
           std::string(256, 'x'), std::string("a\xff"), std::string("\xe2\x80\xae") + "txt"}) {
    EXPECT_NE(always(metadata + entry(path)), "") << path;
    EXPECT_TRUE(see(metadata + entry(path), everything()).manifest.entries.empty()) << path;
    if (!path.empty()) {
      EXPECT_NE(always(metadata + entry("a", "Signature: " + path + "\n")), "") << path;
    }
  }
  EXPECT_EQ(always(metadata + entry("a b/\xc3\xa4.bin")), "");
}

TEST(Sol004Manifest, C27_AddressesAreListedAndNothingMore) {
  for (const std::string address :
       {"http://example/x", "https://example/x", "file:///etc/shadow", "ftp://x/y"}) {
    const auto text = metadata + entry(address);
    EXPECT_EQ(see(text).text(), "package-source-external manifest line 7");
    const auto seen = see(text, {Tolerance::external_sources});
    EXPECT_EQ(seen.text(), "");
    EXPECT_TRUE(seen.manifest.entries.empty());
    EXPECT_EQ(seen.manifest.external, std::vector<std::string>{address});
  }
}

TEST(Sol004Manifest, CountsAreBounded) {
  std::string many;
  for (std::size_t i = 0; i < sol004_entries_max; ++i) many += entry("a" + std::to_string(i));
  EXPECT_EQ(always(metadata + many), "");
  EXPECT_TRUE(always(metadata + many + entry("one-more")).starts_with("zip-limit-exceeded"));
  std::string addresses;
  for (std::size_t i = 0; i < sol004_entries_max + 100; ++i) addresses += entry("x://" + std::to_string(i));
  const auto seen = see(metadata + addresses, {Tolerance::external_sources});
  EXPECT_EQ(seen.manifest.external.size(), sol004_entries_max);
  ASSERT_EQ(seen.tolerated.size(), 1U);
  EXPECT_EQ(seen.tolerated[0].count, sol004_entries_max + 100) << "those that are not listed are counted";
  const auto sets = [](int count) {
    std::string text = "non_mano_artifact_sets:\n";
    for (int i = 0; i < count; ++i) text += "  set" + std::to_string(i) + ":\n    Source: a\n";
    return metadata + entry("a") + text;
  };
  EXPECT_EQ(always(sets(64)), "");
  EXPECT_NE(always(sets(65)), "");
  EXPECT_EQ(always(replaced(metadata, "1.0", std::string(8000, '1')) + entry("a")), "");
  EXPECT_NE(always(replaced(metadata, "1.0", std::string(8200, '1')) + entry("a")), "");
}

TEST(Sol004Manifest, ArtifactSetsSayNothingAboutContents) {
  const auto sets = [](const std::string& lines) {
    return metadata + entry("a") + "non_mano_artifact_sets:\n" + lines;
  };
  EXPECT_EQ(always(sets("  onap:\n    Source: a\n    source: a\n")), "");
  for (const std::string lines :
       {"  Source: a\n", "  onap:\n    Source: ../a\n", "  onap:\n    Hash: a\n", "  onap\n"})
    EXPECT_NE(always(sets(lines)), "") << lines;
  const auto outside = sets("  onap:\n    Source: a\n    Source: https://example/x\n");
  EXPECT_EQ(see(outside).text(), "package-source-external manifest line 14");
  const auto seen = see(outside, {Tolerance::external_sources});
  EXPECT_EQ(seen.text(), "");
  ASSERT_EQ(seen.manifest.in_sets.size(), 1U);
  EXPECT_EQ(seen.manifest.in_sets[0].source.text(), "a");
  EXPECT_EQ(seen.manifest.in_sets[0].line, 13U);
}

TEST(Sol004Manifest, B28_TextIsPlainAndEnds) {
  const auto whole = metadata + entry("a");
  EXPECT_EQ(always(whole.substr(0, whole.size() - 1)), "");
  EXPECT_EQ(always(whole.substr(0, whole.size() - 2)), "manifest-malformed manifest line (the last)");
  for (const auto& odd : {std::string("\0", 1), std::string("\r"), std::string("\x1b"),
                          std::string("\xe2\x80\x8b"), std::string("\xff")}) {
    EXPECT_NE(always(replaced(metadata, "Acme", "Ac" + odd + "me") + entry("a")), "");
  }
}

struct SeenMeta {
  Sol004Meta meta;
  std::size_t count;
};

SeenMeta see_meta(const std::string& text, const Tolerances& tolerances = {}) {
  Leniency leniency(tolerances);
  Findings findings;
  auto meta = parse_sol004_meta(as_bytes(text), leniency, findings);
  for (const auto& finding : findings.sorted()) EXPECT_EQ(finding.code, Code::package_layout_invalid);
  return {std::move(meta), findings.sorted().size()};
}

std::size_t always_meta(const std::string& text) {
  const auto count = see_meta(text).count;
  EXPECT_EQ(see_meta(text, everything()).count, count) << text;
  return count;
}

const std::string good_meta =
    "TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\nCreated-By: Other\nEntry-Definitions: "
    "Definitions/mme.yaml\n";

TEST(Sol004Meta, SaysWhatItSays) {
  const auto seen =
      see_meta(good_meta +
               "ETSI-Entry-Manifest: mme.mf\nETSI-Entry-Certificate: mme.cert\nETSI-Entry-Change-Log: "
               "log.txt\nETSI-Entry-Tests: Tests/\nETSI-Entry-Licenses: Licenses\n");
  EXPECT_EQ(seen.count, 0U);
  EXPECT_EQ(seen.meta.created_by, "Other");
  EXPECT_EQ(seen.meta.definitions->text(), "Definitions/mme.yaml");
  EXPECT_EQ(seen.meta.manifest->text(), "mme.mf");
  EXPECT_EQ(seen.meta.certificate->text(), "mme.cert");
  EXPECT_EQ(seen.meta.change_log->text(), "log.txt");
  EXPECT_EQ(seen.meta.tests->text(), "Tests");
  EXPECT_EQ(seen.meta.licenses->text(), "Licenses");
}

// Before 2.6.1 and since: one says what the other says.
TEST(Sol004Meta, TwoSpellingsOfAKeyAgree) {
  for (const std::string key : {"Manifest", "Certificate", "Change-Log", "Tests", "Licenses"}) {
    const auto both = [&](const std::string& a, const std::string& b) {
      return good_meta + "ETSI-Entry-" + key + ": " + a + "\nEntry-" + key + ": " + b + "\n";
    };
    EXPECT_EQ(always_meta(both("x", "x")), 0U) << key;
    EXPECT_EQ(always_meta(both("x", "X")), 1U) << key;
    EXPECT_EQ(always_meta(both("x", "y")), 1U) << key;
    EXPECT_EQ(always_meta(good_meta + "Entry-" + key + ": x\nEntry-" + key + ": x\n"), 1U) << key;
  }
}

TEST(Sol004Meta, C26_KeysThatAnotherReaderWouldTakeAreRefused) {
  for (const std::string key :
       {"entry-manifest", "ENTRY-MANIFEST", "etsi-entry-manifest", "Etsi-Entry-Certificate",
        "entry-definitions", "csar-version", "created-by"}) {
    EXPECT_GE(always_meta(good_meta + key + ": x\n"), 1U) << key;
    EXPECT_GE(always_meta(good_meta + "\nName: x\n" + key + ": x\n"), 1U) << key;
  }
  EXPECT_GE(always_meta(good_meta + "Entry-Manifest : ../x\n"), 1U);
  EXPECT_GE(always_meta(good_meta + "Entry Manifest: x\n"), 1U);
  EXPECT_GE(always_meta(good_meta + " Entry-Manifest: x\n"), 1U) << "a folded line to some";
  EXPECT_GE(always_meta(good_meta + "\nEntry-Manifest: x\n"), 1U) << "in a second block";
  const auto marked = "\xef\xbb\xbf" + good_meta;
  EXPECT_GE(see_meta(marked).count, 1U);
  EXPECT_GE(see_meta(marked, everything()).count, 1U);
  EXPECT_EQ(always_meta(good_meta + "\nName: Definitions/x.yaml\nContent-Type: application/x\n"), 0U);
  EXPECT_EQ(see_meta(good_meta + "Colour: red\n").count, 1U);
  EXPECT_EQ(see_meta(good_meta + "Colour: red\n", {Tolerance::unknown_keys}).count, 0U);
}

TEST(Sol004Meta, VersionsAndDefinitionsAreThere) {
  for (const std::string line :
       {"TOSCA-Meta-File-Version: 1.0\n", "CSAR-Version: 1.1\n", "Entry-Definitions: Definitions/mme.yaml\n"})
    EXPECT_EQ(always_meta(replaced(good_meta, line, "")), 1U) << line;
  for (const std::string version : {"2.0", "1", "1.0.0", "", "1.2"}) {
    EXPECT_EQ(always_meta(replaced(good_meta, "CSAR-Version: 1.1", "CSAR-Version: " + version)), 1U)
        << version;
    EXPECT_EQ(always_meta(replaced(good_meta, "File-Version: 1.0", "File-Version: " + version)), 1U)
        << version;
  }
  for (const std::string path : {"../x", "/x", "x//y", "", "a\\b"})
    EXPECT_GE(always_meta(good_meta + "Entry-Manifest: " + path + "\n"), 1U) << path;
}

}  // namespace
}  // namespace sallyport
