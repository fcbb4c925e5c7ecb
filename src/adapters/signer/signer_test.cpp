// SPDX-License-Identifier: Apache-2.0
// One contract for every signer: memory, file, and a PKCS#11 token (SoftHSM2 in a folder of its own).
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "adapters/signer/create.h"
#include "adapters/signer/memory.h"
#include "adapters/signer/open.h"
#include "testkit/command.h"
#include "testkit/pki.h"

namespace sallyport {
namespace {

using testkit::run;

std::string temporary_folder() {
  std::string path = testing::TempDir() + "signer_XXXXXX";
  CHECK(mkdtemp(path.data()) != nullptr);
  return path;
}

void write_file(const std::string& path, std::string_view text, mode_t mode = 0600) {
  std::ofstream(path, std::ios::binary) << text;
  CHECK(::chmod(path.c_str(), mode) == 0);
}

constexpr const char* module_path = "/usr/lib/softhsm/libsofthsm2.so";

// A token with one key pair, started once for all tests of the process.
class Token {
 public:
  static const Token& get() {
    static const Token token;
    return token;
  }
  std::string uri(std::string_view object, std::string_view query) const {
    return "pkcs11:token=vendor;object=" + std::string(object) + "?module-path=" + module_path +
           std::string(query);
  }
  std::string uri(std::string_view object) const {
    return uri(object, "&pin-source=file:" + folder_ + "/pin");
  }

 private:
  Token() : folder_(temporary_folder()) {
    CHECK(::mkdir((folder_ + "/tokens").c_str(), 0700) == 0);
    write_file(folder_ + "/softhsm2.conf",
               "directories.tokendir = " + folder_ + "/tokens\nlog.level = ERROR\n");
    write_file(folder_ + "/pin", "24680\n");
    CHECK(::setenv("SOFTHSM2_CONF", (folder_ + "/softhsm2.conf").c_str(), 1) == 0);
    const std::string tool =
        "pkcs11-tool --module " + std::string(module_path) + " --token-label vendor --login --pin 24680 ";
    CHECK(run("softhsm2-util --init-token --free --label vendor --pin 24680 --so-pin 13579").status == 0);
    CHECK(run(tool + "--keypairgen --key-type EC:prime256v1 --label p256 --id 01").status == 0);
    CHECK(run(tool + "--keypairgen --key-type EC:secp384r1 --label p384 --id 02").status == 0);
    CHECK(run(tool + "--keypairgen --key-type rsa:3072 --label rsa --id 03").status == 0);
    CHECK(run(tool + "--keypairgen --key-type rsa:2048 --label weak --id 04").status == 0);
  }

  std::string folder_;
};

struct Case {
  const char* name;
  std::unique_ptr<Signer> (*open)();
};

std::unique_ptr<Signer> in_memory(KeyKind kind) {
  return memory_signer(kind).value();
}

std::unique_ptr<Signer> in_file(KeyKind kind) {
  const std::string path = temporary_folder() + "/key.pem";
  CHECK(create_key_file(path, kind).ok());
  return open_signer("file:" + path).value();
}

std::unique_ptr<Signer> on_token(std::string_view object) {
  return open_signer(Token::get().uri(object)).value();
}

class SignerContract : public testing::TestWithParam<Case> {};

TEST_P(SignerContract, SignsStatements) {
  const auto signer = GetParam().open();
  const auto key = signer->public_key();
  for (int i = 0; i < 8; ++i) {  // half of all ECDSA signatures would have a high s
    const auto message = as_bytes(i % 2 == 0 ? "an order" : "");
    const auto signed_message = signer->sign(message);
    ASSERT_TRUE(signed_message.ok()) << signed_message.error().where << signed_message.error().found;
    const auto& signature = signed_message.value();
    EXPECT_TRUE(key.verify(message, signature, Code::order_signature_invalid).ok());
    EXPECT_FALSE(key.verify(as_bytes("another"), signature, Code::order_signature_invalid).ok());
  }
  EXPECT_EQ(PublicKey::from_pem(key.pem()).value().id(), key.id());
}

TEST_P(SignerContract, SignsPackagesThatOthersVerify) {
  const auto signer = GetParam().open();
  const auto authority = testkit::Authority::root("Vendor CA");
  const auto leaf = authority.issue(signer->public_key(), {});
  const auto content = as_bytes("the manifest\n");
  const auto cms = signer->sign_cms(content, {leaf}).value();
  const auto verified = verify_cms(cms, content, {authority.certificate()}, testkit::noon());
  ASSERT_TRUE(verified.ok()) << verified.error().where << verified.error().found;
  ASSERT_EQ(verified.value().size(), 1U);
  EXPECT_EQ(verified.value()[0].leaf.fingerprint(), leaf.fingerprint());
  EXPECT_EQ(verified.value()[0].anchor.fingerprint(), authority.certificate().fingerprint());
  EXPECT_EQ(verify_cms(cms, as_bytes("another"), {authority.certificate()}, testkit::noon()).error().code,
            Code::signature_invalid);
}

TEST_P(SignerContract, SignsPackagesThatOpensslVerifies) {
  const auto signer = GetParam().open();
  if (signer->public_key().family() == KeyFamily::ed25519) return;  // OpenSSL 3.0 has no Ed25519 in CMS
  const auto authority = testkit::Authority::root("Vendor CA");
  const std::string folder = temporary_folder();
  const auto cms =
      signer->sign_cms(as_bytes("the manifest\n"), {authority.issue(signer->public_key(), {})}).value();
  write_file(folder + "/manifest", "the manifest\n");
  write_file(folder + "/cms.pem", cms_to_pem(cms));
  write_file(folder + "/ca.pem", authority.certificate().pem());
  const std::string verify = "openssl cms -verify -binary -inform PEM -in " + folder + "/cms.pem -CAfile " +
                             folder + "/ca.pem -purpose any -attime " +
                             std::to_string(testkit::noon().seconds()) + " -out /dev/null -content " +
                             folder + "/manifest";
  const auto answer = run(verify);
  EXPECT_EQ(answer.status, 0) << answer.output;
  write_file(folder + "/manifest", "the manifest!\n");
  EXPECT_NE(run(verify).status, 0);
}

TEST_P(SignerContract, RefusesTheCertificateOfAnotherKey) {
  const auto signer = GetParam().open();
  const auto authority = testkit::Authority::root("Vendor CA");
  const auto other = memory_signer(KeyKind::ed25519).value();
  EXPECT_EQ(signer->sign_cms(as_bytes("x"), {authority.issue(other->public_key(), {})}).error().code,
            Code::key_unusable);
  EXPECT_EQ(signer->sign_cms(as_bytes("x"), {}).error().code, Code::key_unusable);
  testkit::CertificateOptions for_servers;
  for_servers.extended_key_usage = "serverAuth";
  const auto tls = authority.issue(signer->public_key(), for_servers);
  EXPECT_EQ(signer->sign_cms(as_bytes("x"), {tls}).error().code, Code::certificate_usage_refused);
}

TEST_P(SignerContract, AsksForACertificate) {
  const auto signer = GetParam().open();
  const std::string folder = temporary_folder();
  write_file(folder + "/csr.pem", certification_request(*signer, "Release Key", "Acme Networks").value());
  const auto answer =
      run("openssl req -in " + folder + "/csr.pem -noout -verify -subject -text -nameopt RFC2253");
  EXPECT_EQ(answer.status, 0) << answer.output;
  EXPECT_NE(answer.output.find("verify OK"), std::string::npos) << answer.output;
  EXPECT_NE(answer.output.find("CN=Release Key,O=Acme Networks"), std::string::npos) << answer.output;
  EXPECT_NE(answer.output.find("Code Signing"), std::string::npos) << answer.output;
}

INSTANTIATE_TEST_SUITE_P(All, SignerContract,
                         testing::Values(Case{"MemoryEd25519", [] { return in_memory(KeyKind::ed25519); }},
                                         Case{"MemoryP256", [] { return in_memory(KeyKind::p256); }},
                                         Case{"FileEd25519", [] { return in_file(KeyKind::ed25519); }},
                                         Case{"FileP384", [] { return in_file(KeyKind::p384); }},
                                         Case{"FileRsa", [] { return in_file(KeyKind::rsa3072); }},
                                         Case{"TokenP256", [] { return on_token("p256"); }},
                                         Case{"TokenP384", [] { return on_token("p384"); }},
                                         Case{"TokenRsa", [] { return on_token("rsa"); }}),
                         [](const auto& instance) { return std::string(instance.param.name); });

Code refusal(const std::string& uri) {
  const auto signer = open_signer(uri);
  return signer.ok() ? Code::internal_error : signer.error().code;
}

TEST(FileSigner, RefusesKeysThatOthersCanRead) {
  const std::string path = temporary_folder() + "/key.pem";
  ASSERT_TRUE(create_key_file(path, KeyKind::ed25519).ok());
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_TRUE(open_signer("file:" + path).ok());
  EXPECT_TRUE(open_signer("file://" + path).ok());
  for (const mode_t mode : {0640U, 0604U, 0620U, 0644U}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    EXPECT_EQ(refusal("file:" + path), Code::key_unusable);
  }
}

TEST(FileSigner, RefusesWhatIsNoKey) {
  const std::string folder = temporary_folder();
  EXPECT_EQ(refusal("file:" + folder + "/none"), Code::file_missing);
  EXPECT_EQ(refusal("file:" + folder), Code::key_unusable);
  EXPECT_EQ(refusal("file:/dev/null"), Code::key_unusable);
  write_file(folder + "/empty", "");
  EXPECT_EQ(refusal("file:" + folder + "/empty"), Code::key_unusable);
  write_file(folder + "/long", std::string(20000, 'x'));
  EXPECT_EQ(refusal("file:" + folder + "/long"), Code::key_unusable);
  ASSERT_EQ(
      run("openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out " + folder + "/weak")
          .status,
      0);
  ASSERT_EQ(::chmod((folder + "/weak").c_str(), 0600), 0);
  EXPECT_EQ(refusal("file:" + folder + "/weak"), Code::key_unusable);
}

TEST(FileSigner, ReadsTheKeysOfOpenssl) {
  const std::string folder = temporary_folder();
  ASSERT_EQ(
      run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " + folder + "/key").status,
      0);
  ASSERT_EQ(::chmod((folder + "/key").c_str(), 0600), 0);
  EXPECT_TRUE(open_signer("file:" + folder + "/key").ok());
}

TEST(CreateKey, NeverOverwrites) {
  const std::string path = temporary_folder() + "/key.pem";
  const auto created = create_key_file(path, KeyKind::p256).value();
  EXPECT_EQ(create_key_file(path, KeyKind::p256).error().code, Code::file_exists);
  EXPECT_EQ(open_signer("file:" + path).value()->public_key().id(), created.id());
  EXPECT_EQ(create_key_file(temporary_folder() + "/no/key.pem", KeyKind::p256).error().code,
            Code::file_missing);
}

TEST(CertificationRequest, RefusesNamesThatPeopleCannotRead) {
  const auto signer = memory_signer(KeyKind::ed25519).value();
  for (const std::string& name :
       {std::string(), std::string(65, 'x'), std::string("a\nb"), std::string("a\0b", 3)}) {
    EXPECT_EQ(certification_request(*signer, name, "").error().code, Code::usage_error);
  }
}

TEST(TokenSigner, RefusesWrongPinsAndMissingKeys) {
  const auto& token = Token::get();
  EXPECT_EQ(refusal(token.uri("p256", "&pin-value=11111")), Code::token_unavailable);
  EXPECT_EQ(refusal(token.uri("p256", "&pin-value=")), Code::token_unavailable);
  EXPECT_EQ(refusal(token.uri("none")), Code::token_unavailable);
  EXPECT_EQ(refusal(token.uri("weak")), Code::key_unusable);
  EXPECT_EQ(
      refusal("pkcs11:token=absent;object=p256?module-path=" + std::string(module_path) + "&pin-value=24680"),
      Code::token_unavailable);
  EXPECT_EQ(refusal("pkcs11:token=vendor;object=p256?module-path=/nonexistent.so&pin-value=24680"),
            Code::token_unavailable);
  EXPECT_TRUE(open_signer(token.uri("p256")).ok());
}

TEST(KeyUri, RefusesWhatItDoesNotUnderstand) {
  for (const auto* uri : {"", "key.pem", "pkcs11:token=x?pin-value=1", "file:", "tpm:0x81000001",
                          "pkcs11:", "pkcs11:?pin-value=1", "pkcs11:tokn=x", "pkcs11:token=x;token=y",
                          "pkcs11:token=%zz", "pkcs11:token=x;type=public", "pkcs11:token=x?module-name=y",
                          "pkcs11:token", "pkcs11:token=%00?pin-value=1"}) {
    EXPECT_EQ(refusal(uri), Code::usage_error) << uri;
  }
}

TEST(SelfSignedCertificate, IsAcceptedAsItsOwnAnchorAndNowhereElse) {
  const auto now = Instant::parse("2026-11-21T22:06:00Z").value();
  for (const auto until : {"2027-11-21T22:06:00Z", "2060-01-01T00:00:00Z"}) {
    for (const auto kind : {KeyKind::ed25519, KeyKind::p384}) {
      const auto signer = std::move(memory_signer(kind)).value();
      const auto stranger = std::move(memory_signer(kind)).value();
      const auto end = Instant::parse(until).value();
      const auto own = self_signed_certificate(*signer, "Own", now, end).value();
      const auto other = self_signed_certificate(*stranger, "Own", now, end).value();
      const auto cms = signer->sign_cms(as_bytes("content"), {own}).value();
      EXPECT_EQ(own.not_after(), end);
      EXPECT_TRUE(verify_cms(cms, as_bytes("content"), {own}, now.plus(1)).ok());
      EXPECT_EQ(verify_cms(cms, as_bytes("content"), {other}, now.plus(1)).error().code,
                Code::signer_unknown);
    }
  }
}

}  // namespace
}  // namespace sallyport
