// SPDX-License-Identifier: Apache-2.0
// Revocation lists, OCSP responses, and what follows from them.
#include "core/crypto/revocation.h"

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <map>

#include "adapters/signer/der_writer.h"
#include "core/crypto/cms.h"
#include "core/crypto/cms_edit.h"
#include "testkit/revocation.h"
#include "testkit/table.h"

namespace sallyport {
namespace {

using testkit::Authority;
using testkit::Identity;
using testkit::KeyType;
using testkit::ListOptions;
using testkit::ResponseOptions;

constexpr Code genuine = Code::usage_error;  // no check returns it
const Bytes content = copy(as_bytes("Source: Artifacts/content.pack\n"));

Instant instant(std::string_view text) {
  return Instant::parse(text).value();
}

// A vendor with an intermediate authority, a time stamp authority, and a signature with a stamp at 11:00:00,
// which says at the latest 11:00:01.
class Revocation : public testing::Test {
 protected:
  static testkit::ForgedSigner signer(const Identity& who) {
    return {who,
            testkit::digest_identifier(Sha2::sha256),
            testkit::ecdsa_identifier(Sha2::sha256),
            testkit::plain(Sha2::sha256),
            {},
            Sha2::sha256};
  }
  Bytes plain() const {
    testkit::ForgedCms cms;
    cms.signers = {signer(release)};
    cms.certificates = {copy(release.certificate.der()), copy(middle.certificate().der())};
    return testkit::forge_cms(content, cms);
  }
  Bytes stamped() const {
    const auto cms = plain();
    return with_time_stamps(cms, {testkit::make_time_stamp(stamper, signatures_of(cms).value().front())})
        .value();
  }
  RevocationList list(const ListOptions& options = {}) const { return list_of(middle, options); }
  static RevocationList list_of(const Authority& authority, const ListOptions& options = {}) {
    return RevocationList::from_der(testkit::make_list(authority, options)).value();
  }
  Result<std::vector<CmsSigner>> verify(const Bytes& cms, std::vector<RevocationList> lists,
                                        RevocationNeed need = RevocationNeed::if_known,
                                        Occasion occasion = Occasion::admission,
                                        Instant at = testkit::noon()) const {
    const SigningAuthority authority{
        {root.certificate()}, {stamps.certificate()}, TimeStamps::optional, need, std::move(lists)};
    return verify_by_authorities(cms, content, {authority}, at, occasion);
  }
  Code code(const Bytes& cms, std::vector<RevocationList> lists,
            RevocationNeed need = RevocationNeed::if_known, Occasion occasion = Occasion::admission,
            Instant at = testkit::noon()) const {
    const auto result = verify(cms, std::move(lists), need, occasion, at);
    return result.ok() ? genuine : result.error().code;
  }
  ListOptions revoking(const Certificate& certificate, long reason = -1,
                       const std::string& at = "20260610000000Z") const {
    ListOptions options;
    options.entries = {{certificate, at, reason}};
    return options;
  }

  const Authority root = Authority::root("Vendor CA");
  const Authority middle = root.intermediate(testkit::authority_options("Vendor Issuing CA"));
  const Identity release = testkit::make_identity(middle);
  const Authority stamps = Authority::root("Stamp CA");
  const Identity stamper = testkit::make_identity(stamps, KeyType::p256, testkit::stamper_options());
};

// Reason, when it was signed.
testkit::Table table() {
  return testkit::read_table("tests/vectors/revocation.txt");
}

TEST_F(Revocation, E12_EveryCellOfTheTable) {
  // The stamp says 11:00:01 at the latest.
  const std::map<std::string, std::string> revoked_at{{"nobody-knows", "20260615110002Z"},
                                                      {"before", "20260615110002Z"},
                                                      {"same-moment", "20260615110001Z"},
                                                      {"after", "20260615110000Z"}};
  const auto cells = table();
  ASSERT_EQ(cells.size(), 10U * revoked_at.size());
  const auto without = plain();
  const auto with = stamped();
  for (const auto& [cell, outcome] : cells) {
    const auto& [reason, when] = cell;
    const auto known = revocation_reason(reason);
    ASSERT_TRUE(known) << reason;
    const auto der = testkit::make_list(
        middle, revoking(release.certificate, static_cast<long>(*known), revoked_at.at(when)));
    const auto parsed = RevocationList::from_der(der);
    if (!parsed.ok()) {
      EXPECT_EQ(name(parsed.error().code), outcome) << reason << " " << when;
      continue;
    }
    const auto found = code(when == "nobody-knows" ? without : with, {parsed.value()});
    EXPECT_EQ(found == genuine ? "stands" : name(found), outcome) << reason << " " << when;
  }
}

TEST_F(Revocation, TheTableForPeopleIsTheTable) {
  const auto rows = testkit::expect_same_on_page(
      "docs/spec/revocation.md", table(), {"nobody-knows", "before", "same-moment", "after"},
      [](const std::string& word) { return revocation_reason(word).has_value(); });
  EXPECT_EQ(rows, 10U);
}

TEST_F(Revocation, NoReasonCountsAsTheWorst) {
  EXPECT_EQ(code(stamped(), {list(revoking(release.certificate, -1, "20260615113000Z"))}),
            Code::certificate_revoked);
}

TEST_F(Revocation, BlocksNewAdmissionsOnly) {
  const auto lists = std::vector{list(revoking(release.certificate, 1))};
  EXPECT_EQ(code(plain(), lists), Code::certificate_revoked);
  EXPECT_EQ(code(plain(), lists, RevocationNeed::required, Occasion::proof_again), genuine);
}

TEST_F(Revocation, AClockThatIsSetBackTakesNothingAway) {
  const auto lists = std::vector{list(revoking(release.certificate, 4))};
  for (const char* at : {"2026-01-02T00:00:00Z", "2026-06-09T00:00:00Z", "2026-12-01T00:00:00Z"})
    EXPECT_EQ(code(plain(), lists, RevocationNeed::if_known, Occasion::admission, instant(at)),
              Code::certificate_revoked);
}

TEST_F(Revocation, E08_RevokedStampAuthority) {
  const auto cms = stamped();
  EXPECT_EQ(code(cms, {list_of(stamps)}), genuine);
  EXPECT_EQ(code(cms, {list_of(stamps, revoking(stamper.certificate, 1))}), Code::certificate_revoked);
  // In good hands until half an hour after the stamp.
  EXPECT_EQ(code(cms, {list_of(stamps, revoking(stamper.certificate, 4, "20260615113000Z"))}), genuine);
}

TEST_F(Revocation, E13_WhatHasToBeKnown) {
  const auto need = RevocationNeed::required;
  const auto root_list = list_of(root);
  EXPECT_EQ(code(plain(), {list(), root_list}, need), genuine);
  EXPECT_EQ(code(plain(), {}, need), Code::revocation_unknown);
  EXPECT_EQ(code(plain(), {list()}, need), Code::revocation_unknown);  // nothing about the intermediate
  EXPECT_EQ(code(plain(), {root_list}, need), Code::revocation_unknown);
  EXPECT_EQ(code(stamped(), {list(), root_list}, need), Code::revocation_unknown);  // nor about the stamp's
  EXPECT_EQ(code(stamped(), {list(), root_list, list_of(stamps)}, need), genuine);
  const auto other = Authority::root("Other CA");
  EXPECT_EQ(code(plain(), {list_of(other), root_list}, need), Code::revocation_unknown);
}

TEST_F(Revocation, E13_ListsThatAreNotCurrent) {
  const auto need = RevocationNeed::required;
  ListOptions old;
  old.issued = "20260601000000Z";
  old.next = "20260602000000Z";
  ListOptions future;
  future.issued = "20260615120001Z";
  for (const auto& options : {old, future}) {
    EXPECT_EQ(code(plain(), {list(options), list_of(root)}, need), Code::revocation_stale);
    EXPECT_EQ(code(plain(), {list(options)}), genuine);  // told, where it need not be known
  }
  // An entry counts, however old the list is.
  old.entries = {{release.certificate, "20260601000000Z", 4}};
  EXPECT_EQ(code(plain(), {list(old)}), Code::certificate_revoked);
}

TEST_F(Revocation, TellsWhatWasNotChecked) {
  const auto notes = verify(plain(), {list()}).value().front().notes;
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_NE(notes[0].finding.find("not revoked by list 07 of CN=Vendor Issuing CA"), std::string::npos)
      << notes[0].finding;
  EXPECT_NE(notes[1].finding.find("not checked"), std::string::npos);
}

TEST_F(Revocation, E14_TheHighestNumberCounts) {
  auto newer = revoking(release.certificate, 1);
  newer.number = 300;
  ListOptions older;
  older.number = 299;
  EXPECT_EQ(code(plain(), {list(newer), list(older)}), Code::certificate_revoked);
  EXPECT_EQ(code(plain(), {list(older), list(newer)}), Code::certificate_revoked);
  EXPECT_LT(list(older).number(), list(newer).number());
  ListOptions small;
  small.number = 44;
  EXPECT_LT(list(small).number(), list(older).number());  // 2c, 012b: not as text
}

TEST_F(Revocation, E13_ForgedLists) {
  // The same name, another key.
  const auto impostor = root.intermediate(testkit::authority_options("Vendor Issuing CA"));
  EXPECT_EQ(code(plain(), {list_of(impostor)}), Code::crl_signature_invalid);
  auto no_lists = testkit::authority_options("Vendor Issuing CA");
  no_lists.key_usage = "critical,keyCertSign";
  const auto silent = root.intermediate(no_lists);
  EXPECT_EQ(list_of(silent).verify(silent.certificate()).error().code, Code::certificate_usage_refused);
  ListOptions weak;
  weak.digest = "SHA1";
  EXPECT_EQ(list(weak).verify(middle.certificate()).error().code, Code::signature_algorithm_refused);
}

TEST_F(Revocation, E13_IncompleteLists) {
  const auto refused = [&](const ListOptions& options) {
    const auto parsed = RevocationList::from_der(testkit::make_list(middle, options));
    return parsed.ok() ? genuine : parsed.error().code;
  };
  ListOptions options;
  EXPECT_EQ(refused(options), genuine);
  for (const char* base : {"critical,1", "1"}) {
    options.extensions = {{NID_delta_crl, base}};
    EXPECT_EQ(refused(options), Code::crl_unsupported) << base;
  }
  for (const char* scope :
       {"critical,onlyuser:TRUE", "critical,indirectCRL:TRUE", "critical,onlysomereasons:keyCompromise"}) {
    options.extensions = {{NID_issuing_distribution_point, scope}};
    EXPECT_EQ(refused(options), Code::crl_unsupported) << scope;
  }
  options = revoking(release.certificate);
  options.entry_extensions = {{NID_certificate_issuer, "critical,DNS:other.example"}};
  EXPECT_EQ(refused(options), Code::crl_unsupported);
  options = {};
  options.extensions = {{NID_netscape_comment, "critical,unknown to us"}};
  EXPECT_EQ(refused(options), Code::crl_unsupported);
  options.extensions = {{NID_netscape_comment, "unknown to us"}};
  EXPECT_EQ(refused(options), genuine);
}

TEST_F(Revocation, E13_ListsOfAnotherForm) {
  const auto refused = [&](const ListOptions& options) {
    const auto parsed = RevocationList::from_der(testkit::make_list(middle, options));
    return parsed.ok() ? genuine : parsed.error().code;
  };
  ListOptions options;
  options.number = std::nullopt;
  EXPECT_EQ(refused(options), Code::crl_malformed);
  options.number = -1;
  EXPECT_EQ(refused(options), Code::crl_malformed);
  options = {};
  options.next = "";
  EXPECT_EQ(refused(options), Code::crl_malformed);
  options.next = options.issued;
  EXPECT_EQ(refused(options), Code::crl_malformed);
  options = revoking(release.certificate);
  options.entries.push_back(options.entries.front());
  EXPECT_EQ(refused(options), Code::crl_malformed);
  for (const long reason : {7L, 11L, 8L})
    EXPECT_EQ(refused(revoking(release.certificate, reason)), Code::crl_malformed);
  auto der = testkit::make_list(middle);
  der.push_back(0);
  EXPECT_EQ(RevocationList::from_file(der).error().code, Code::crl_malformed);
  EXPECT_EQ(RevocationList::from_file({}).error().code, Code::crl_malformed);
  const auto pem = testkit::list_pem(testkit::make_list(middle));
  EXPECT_TRUE(RevocationList::from_file(as_bytes(pem)).ok());
  EXPECT_EQ(RevocationList::from_file(as_bytes(pem + "x")).error().code, Code::crl_malformed);
}

TEST_F(Revocation, E19_ARevokedIntermediateIsNeverUsed) {
  EXPECT_EQ(code(plain(), {list_of(root, revoking(middle.certificate(), 5))}), Code::certificate_revoked);
}

// OCSP responses that came with the signature.
class Stapled : public Revocation {
 protected:
  Bytes with(const Bytes& response) const { return with_ocsp_response(plain(), response).value(); }
  Bytes response(const ResponseOptions& options = {}) const {
    return testkit::make_ocsp_response(release.certificate, middle, middle.key(), middle.certificate(),
                                       options);
  }
  Bytes by(const Authority& authority, const testkit::CertificateOptions& options,
           const ResponseOptions& says = {}) const {
    const auto responder = testkit::make_identity(authority, KeyType::p256, options);
    return testkit::make_ocsp_response(release.certificate, middle, responder.key.get(),
                                       responder.certificate, says);
  }
  static testkit::CertificateOptions responder_options() {
    testkit::CertificateOptions options;
    options.common_name = "Responder";
    options.extended_key_usage = "OCSPSigning";
    options.extensions = {{NID_id_pkix_OCSP_noCheck, "NULL"}};
    return options;
  }
  const RevocationNeed need = RevocationNeed::required;
};

TEST_F(Stapled, SpeaksForItsCertificate) {
  EXPECT_EQ(code(with(response()), {list_of(root)}, need), genuine);
  EXPECT_EQ(code(plain(), {list_of(root)}, need), Code::revocation_unknown);
}

TEST_F(Stapled, SaysThatItIsRevoked) {
  ResponseOptions options;
  options.status = ResponseOptions::Status::revoked;
  options.revoked = testkit::ListedCertificate{release.certificate, "20260610000000Z", 1};
  EXPECT_EQ(code(with(response(options)), {}), Code::certificate_revoked);
  // Whoever says that it is revoked is heard, whatever others say.
  EXPECT_EQ(code(with(response(options)), {list(), list_of(root)}, need), Code::certificate_revoked);
  EXPECT_EQ(code(with(response()), {list(revoking(release.certificate)), list_of(root)}, need),
            Code::certificate_revoked);
}

TEST_F(Stapled, E22_OfAnotherCertificateOrUnknown) {
  const auto other = testkit::make_identity(middle);
  const auto about_other =
      testkit::make_ocsp_response(other.certificate, middle, middle.key(), middle.certificate());
  EXPECT_EQ(code(with(about_other), {list_of(root)}, need), Code::revocation_unknown);
  ResponseOptions options;
  options.status = ResponseOptions::Status::unknown;
  EXPECT_EQ(code(with(response(options)), {list_of(root)}, need), Code::revocation_unknown);
}

TEST_F(Stapled, E22_Old) {
  ResponseOptions options;
  options.issued = "20260601000000Z";
  options.next = "20260602000000Z";
  EXPECT_EQ(code(with(response(options)), {list_of(root)}, need), Code::revocation_stale);
  EXPECT_EQ(code(with(response(options)), {}), genuine);
}

TEST_F(Stapled, E22_ByWhomItMayBe) {
  EXPECT_EQ(code(with(by(middle, responder_options())), {list_of(root)}, need), genuine);
  EXPECT_EQ(code(with(by(Authority::root("Other CA"), responder_options())), {}), Code::ocsp_invalid);
  EXPECT_EQ(code(with(by(root, responder_options())), {}),
            Code::ocsp_invalid);  // of another authority of the chain
  auto options = responder_options();
  options.extensions.clear();
  EXPECT_EQ(code(with(by(middle, options)), {}), Code::ocsp_invalid);
  options = responder_options();
  options.extended_key_usage = "codeSigning";
  EXPECT_EQ(code(with(by(middle, options)), {}), Code::ocsp_invalid);
  // The vendor's own key is no responder.
  const auto own =
      testkit::make_ocsp_response(release.certificate, middle, release.key.get(), release.certificate);
  EXPECT_EQ(code(with(own), {}), Code::ocsp_invalid);
}

// Its key may be in other hands by then, and these may write any time into an answer.
TEST_F(Stapled, E22_ByAResponderWhoseCertificateHasEnded) {
  auto options = responder_options();
  options.not_after = "20260615060000Z";
  ResponseOptions says;
  says.next = "20360101000000Z";
  EXPECT_EQ(code(with(by(middle, options, says)), {list_of(root)}, need), Code::revocation_stale);
  options.not_after = "20260615130000Z";
  EXPECT_EQ(code(with(by(middle, options, says)), {list_of(root)}, need), genuine);
  // That a certificate is revoked is heard, however old.
  options.not_after = "20260615060000Z";
  says.status = ResponseOptions::Status::revoked;
  says.revoked = testkit::ListedCertificate{release.certificate, "20260610000000Z", 1};
  EXPECT_EQ(code(with(by(middle, options, says)), {}), Code::certificate_revoked);
}

TEST_F(Stapled, E22_Tampered) {
  const auto good = response();
  std::size_t accepted = 0;
  for (std::size_t i = 40; i < good.size(); i += 3) {
    auto bad = good;
    bad[i] ^= 0x04U;
    const auto cms = with_ocsp_response(plain(), bad);
    if (cms.ok() && code(cms.value(), {list_of(root)}, need) == genuine) ++accepted;
  }
  EXPECT_EQ(accepted, 0U);
}

// Which of the two would be believed?
TEST_F(Stapled, TwoAnswersAboutOneCertificate) {
  ResponseOptions options;
  options.and_good = true;
  EXPECT_EQ(code(with(response(options)), {list_of(root)}, need), Code::ocsp_malformed);
  options.status = ResponseOptions::Status::revoked;
  options.revoked = {release.certificate};
  EXPECT_EQ(code(with(response(options)), {list_of(root)}, need), Code::ocsp_malformed);
}

TEST_F(Stapled, FormOfTheResponse) {
  ResponseOptions options;
  options.next = "";
  EXPECT_EQ(OcspResponse::from_der(response(options)).error().code, Code::ocsp_malformed);
  EXPECT_EQ(OcspResponse::from_der(Bytes{0x30, 0x03, 0x0a, 0x01, 0x06}).error().code, Code::ocsp_malformed);
  EXPECT_EQ(OcspResponse::from_der({}).error().code, Code::ocsp_malformed);
  const auto cms = with_ocsp_response(plain(), der::sequence({der::octets(Bytes{1})})).value();
  EXPECT_EQ(code(cms, {}), Code::ocsp_malformed);
}

TEST_F(Stapled, StandsBesideAStampAndOthers) {
  const auto root_said =
      testkit::make_ocsp_response(middle.certificate(), root, root.key(), root.certificate());
  auto cms = with_ocsp_response(stamped(), response()).value();
  cms = with_ocsp_response(cms, root_said).value();
  EXPECT_EQ(with_ocsp_response(cms, root_said).value(), cms);  // once is enough
  EXPECT_EQ(code(cms, {list_of(stamps)}, need), genuine);
  const auto again =
      with_time_stamps(cms, {testkit::make_time_stamp(stamper, signatures_of(cms).value().front())}).value();
  EXPECT_EQ(code(again, {list_of(stamps)}, need), genuine);
}

}  // namespace
}  // namespace sallyport
