// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/wrap.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "adapters/openpgp/memory.h"
#include "adapters/unpacker/libarchive.h"
#include "testkit/pki.h"
#include "testkit/raw_rpm.h"

namespace sallyport::vendor {
namespace {

static_assert(!std::is_default_constructible_v<Wrapping>);

class Files {
 public:
  trust::NamedFile named(const std::string& name, const std::string& text) {
    auto held = std::make_shared<Held>(text);
    return {name, std::shared_ptr<const trust::SteadySource>(held, &held->steady)};
  }

 private:
  struct Held {
    explicit Held(std::string of)
        : text(std::move(of)), source(as_bytes(text)), steady(trust::SteadySource::begin(source).value()) {}
    std::string text;
    MemorySource source;
    trust::SteadySource steady;
  };
};

const std::string good_status =
    "[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG 9B54E59BE6C5EAC3 Archive\n[GNUPG:] VALIDSIG "
    "519B801EFAB9A3170589626D9B54E59BE6C5EAC3 2026-11-26 1795713762 0 4 0 22 8 01 "
    "519B801EFAB9A3170589626D9B54E59BE6C5EAC3\n";
// Of a file, and not of a text in clear.
const std::string detached_status =
    "[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG 9B54E59BE6C5EAC3 Archive\n[GNUPG:] VALIDSIG "
    "519B801EFAB9A3170589626D9B54E59BE6C5EAC3 2026-11-26 1795713762 0 4 0 22 8 00 "
    "519B801EFAB9A3170589626D9B54E59BE6C5EAC3\n";
const std::string unknown_status =
    "[GNUPG:] NEWSIG\n[GNUPG:] ERRSIG 9B54E59BE6C5EAC3 22 8 00 1795713762 9 -\n";
const std::string keyring("\x99\x00\x01\x04", 4);

class WrapTest : public testing::Test {
 protected:
  WrapTest()
      : request_{"sallyport test", {}, {}, {}, {}, {files_.named("debian.gpg", keyring)}, testkit::noon()} {}

  // A list of two packages, which gpgv is said to believe in.
  void debs() {
    const std::string texts[] = {"content of mme", "content of lib"};
    std::string packages;
    for (const auto& text : texts) {
      const auto name = text.substr(text.size() - 3);
      request_.payloads.push_back(files_.named("pool/" + name + ".deb", text));
      packages += "Package: " + name +
                  "\nVersion: 1\nArchitecture: amd64\nSize: 14\nSHA256: " + sha256(as_bytes(text)).text() +
                  "\n\n";
    }
    release_ = "SHA256:\n " + sha256(as_bytes(packages)).text() + " " + std::to_string(packages.size()) +
               " main/binary-amd64/Packages\n";
    request_.packages = files_.named("lists/Packages", packages);
    request_.release = files_.named("lists/InRelease",
                                    "-----BEGIN PGP SIGNED MESSAGE-----\nx\n-----END PGP SIGNATURE-----\n");
  }
  Result<Wrapping> wrap(const std::string& status = good_status) {
    MemoryOpenPgp openpgp({status, copy(as_bytes(release_))});
    LibarchiveUnpacker unpacker;
    return wrap_debs(request_, openpgp, unpacker);
  }
  static SourceListing listing(const std::string& second = "lib") {
    SourceListing made{{},
                       {{"mme", "1", "amd64", {"postinst"}}, {second, "1", "amd64"}},
                       {},
                       {},
                       Instant::from_seconds(0).value()};
    return made;
  }

  Files files_;
  WrapRequest request_;
  std::string release_;
};

TEST_F(WrapTest, DebsWithTheirScriptsAndChain) {
  debs();
  const auto wrapping = wrap();
  ASSERT_TRUE(wrapping.ok()) << wrapping.error().where << wrapping.error().found;
  ASSERT_EQ(wrapping.value().payloads().size(), 2U);
  const auto provenance = wrapping.value().provenance(listing()).value();
  EXPECT_EQ(provenance.inputs[0].not_run, std::vector<std::string>{"postinst"});
  EXPECT_TRUE(provenance.inputs[1].not_run.empty());
  std::string names;
  for (const auto& one : provenance.originals) names += one.name.text() + " ";
  EXPECT_EQ(names, "InRelease Packages keys/debian.gpg lib.deb mme.deb ");
  EXPECT_TRUE(print_provenance(provenance).ok());
}

TEST_F(WrapTest, WhatIsUnpackedIsWhatTheListSays) {
  debs();
  const auto wrapping = wrap().value();
  EXPECT_EQ(wrapping.provenance(listing("other")).error().code, Code::publisher_signature_invalid);
  auto older = listing();
  older.components[0].version = "0";
  EXPECT_EQ(wrapping.provenance(older).error().code, Code::publisher_signature_invalid);
  auto elsewhere = listing();
  elsewhere.components[1].architecture = "arm64";
  EXPECT_EQ(wrapping.provenance(elsewhere).error().code, Code::publisher_signature_invalid);
}

TEST_F(WrapTest, TwoFilesOfOneNameAreNotKeptAsOne) {
  debs();
  request_.payloads.push_back(request_.payloads.front());
  EXPECT_EQ(wrap().error().code, Code::usage_error);
  request_.payloads.pop_back();
  request_.keys.push_back(files_.named("other/debian.gpg", keyring));
  EXPECT_EQ(wrap().error().code, Code::usage_error);
}

TEST_F(WrapTest, NoKeyNoListNoSignature) {
  debs();
  EXPECT_EQ(wrap(unknown_status).error().code, Code::publisher_unknown);
  request_.keys.clear();
  EXPECT_EQ(wrap().error().code, Code::publisher_unknown);
  request_.packages.reset();
  EXPECT_EQ(wrap().error().code, Code::publisher_signature_missing);
}

// A publisher without an archive signs each file.
TEST_F(WrapTest, DebsWithASignatureEach) {
  debs();
  request_.signatures = {files_.named("mme.asc", "s"), files_.named("lib.asc", "s")};
  EXPECT_EQ(wrap().error().code, Code::usage_error);  // which of the two would count?
  request_.release.reset();
  request_.packages.reset();
  EXPECT_EQ(wrap().error().code, Code::publisher_signature_invalid);
  const auto wrapping = wrap(detached_status);
  ASSERT_TRUE(wrapping.ok()) << wrapping.error().expected;
  const auto provenance = wrapping.value().provenance(listing()).value();
  EXPECT_EQ(provenance.inputs[0].not_run, std::vector<std::string>{"postinst"});
  EXPECT_EQ(provenance.inputs[1].chain.front().text(), "lib.asc");
  request_.signatures.pop_back();
  EXPECT_EQ(wrap().error().code, Code::usage_error);
}

// The signature is in each of them; what gpgv is asked about is the header.
TEST_F(WrapTest, RpmsCarryTheirSignature) {
  testkit::RawRpm app;
  app.files = {{"/usr/bin/app", "program"}};
  app.tags = {testkit::rpm_text(1024, "touch x")};
  request_.payloads = {files_.named("pool/app.rpm", testkit::raw_rpm(app))};
  MemoryOpenPgp openpgp({detached_status, {}});
  const auto wrapping = wrap_rpms(request_, openpgp);
  ASSERT_TRUE(wrapping.ok()) << wrapping.error().expected;
  ASSERT_EQ(wrapping.value().components().size(), 1U);
  EXPECT_EQ(wrapping.value().components()[0].version, "1.0-2");
  const SourceListing made{
      {}, {{"app", "1.0-2", "x86_64", {"post"}}}, {}, {}, Instant::from_seconds(0).value()};
  const auto provenance = wrapping.value().provenance(made).value();
  EXPECT_EQ(provenance.inputs[0].kind, InputKind::rpm);
  EXPECT_EQ(provenance.inputs[0].chain.front().text(), "app.rpm");
  EXPECT_EQ(provenance.inputs[0].not_run, std::vector<std::string>{"post"});
  EXPECT_TRUE(print_provenance(provenance).ok());
  auto other = made;
  other.components[0].version = "1.0-1";
  EXPECT_EQ(wrapping.value().provenance(other).error().code, Code::publisher_signature_invalid);
  MemoryOpenPgp text({good_status, {}});  // a signature of a text in clear
  EXPECT_EQ(wrap_rpms(request_, text).error().code, Code::publisher_signature_invalid);
  request_.signatures = {files_.named("app.sig", "s")};
  EXPECT_EQ(wrap_rpms(request_, openpgp).error().code, Code::usage_error);  // which of the two would count?
  request_.signatures.clear();
  request_.digest = sha256({});
  EXPECT_EQ(wrap_rpms(request_, openpgp).error().code, Code::usage_error);
}

// Release.gpg covers the bytes of Release.
TEST_F(WrapTest, DebsByASignatureBesideRelease) {
  debs();
  request_.release = files_.named("lists/Release", release_);
  request_.signatures = {files_.named("lists/Release.gpg", "s")};
  EXPECT_EQ(wrap().error().code, Code::publisher_signature_invalid);
  const auto wrapping = wrap(detached_status);
  ASSERT_TRUE(wrapping.ok()) << wrapping.error().expected;
  const auto provenance = wrapping.value().provenance(listing()).value();
  std::string chain;
  for (const auto& one : provenance.inputs[0].chain) chain += one.text() + " ";
  EXPECT_EQ(chain, "Release.gpg Release Packages ");
}

TEST_F(WrapTest, ArchivesHaveOneSignatureEach) {
  MemoryOpenPgp openpgp({detached_status, {}});
  request_.payloads = {files_.named("app.tar", "x")};
  EXPECT_EQ(wrap_tars(request_, openpgp).error().code, Code::publisher_signature_missing);
  request_.signatures = {files_.named("app.sig", "s"), files_.named("more.sig", "s")};
  EXPECT_EQ(wrap_tars(request_, openpgp).error().code, Code::usage_error);
  request_.signatures.pop_back();
  EXPECT_TRUE(wrap_tars(request_, openpgp).ok());
  MemoryOpenPgp nobody({unknown_status, {}});
  EXPECT_EQ(wrap_tars(request_, nobody).error().code, Code::publisher_unknown);
}

}  // namespace
}  // namespace sallyport::vendor
