// SPDX-License-Identifier: Apache-2.0
// What is tried against the signatures and certificates of packages of other tools.
#include <gtest/gtest.h>

#include "core/crypto/cms.h"
#include "core/trust/examine_for_test.h"

namespace sallyport {
namespace {

using for_test::codes;
using for_test::Codes;
using for_test::image;
using for_test::unsigned_csar;
using for_test::Vendor;
using testkit::acme;
using testkit::ForeignParts;
using testkit::make_foreign;
using testkit::make_option_2;
using testkit::make_zip;
using testkit::Members;
using testkit::replaced;

ForeignParts with_signature(const Bytes& signature, const std::string& file, const std::string& line = {}) {
  ForeignParts parts;
  parts.edit_octets = [line](std::string& octets) {
    octets = replaced(octets, "Source: Artifacts/image.bin\n", "Source: Artifacts/image.bin\n" + line);
  };
  parts.edit_signed = [signature, file](Members& members) { members.push_back({file, signature}); };
  return parts;
}

TEST(ForeignAttack, SignaturesOverAnotherMember) {
  const auto over = [](BytesView content) { return testkit::sign_cms(content, {&acme()}); };
  const std::string file = "Artifacts/image.sig.cms";
  EXPECT_EQ(codes(make_foreign(with_signature(over(image), file))), Codes{});
  const auto members = testkit::foreign_members({});
  for (const auto& other : members) {
    if (other.name == "Artifacts/image.bin") continue;
    EXPECT_EQ(codes(make_foreign(with_signature(over(other.content), file))), Codes{Code::signature_invalid})
        << other.name;
  }
  // The package's own signature, cut out of the manifest.
  const auto manifest = std::string(as_text(members.back().content));
  const auto own = copy(as_bytes(manifest.substr(manifest.find("-----BEGIN"))));
  EXPECT_EQ(codes(make_foreign(with_signature(own, file))), Codes{Code::signature_invalid});
}

TEST(ForeignAttack, ASignatureHoldsOverEachArtifactThatNamesIt) {
  const auto both = [](const Bytes& one, const Bytes& two, const Bytes& signed_content) {
    ForeignParts parts;
    parts.files = {{"Definitions/mme.yaml", {'y'}}, {"Artifacts/one", one}, {"Artifacts/two", two}};
    parts.edit_octets = [](std::string& octets) {
      for (const std::string name : {"one", "two"})
        octets = replaced(octets, "Source: Artifacts/" + name + "\n",
                          "Source: Artifacts/" + name + "\nSignature: s.cms\n");
    };
    parts.edit_signed = [&](Members& members) {
      members.push_back({"s.cms", testkit::sign_cms(signed_content, {&acme()})});
    };
    return codes(make_foreign(parts));
  };
  EXPECT_EQ(both({1}, {1}, {1}), Codes{});
  EXPECT_EQ(both({1}, {2}, {1}), Codes{Code::signature_invalid});
  EXPECT_EQ(both({1}, {2}, {2}), Codes{Code::signature_invalid});
}

TEST(ForeignAttack, D07_ASignatureFileIsASignatureAndNothingElse) {
  const auto der = testkit::sign_cms(image, {&acme()});
  const auto pem = std::string(as_text(as_bytes(cms_to_pem(der))));
  const auto with = [&](Bytes bytes) {
    return codes(make_foreign(with_signature(std::move(bytes), "Artifacts/image.sig.cms")));
  };
  const auto text = [&](const std::string& words) { return with(copy(as_bytes(words))); };
  EXPECT_EQ(with(der), Codes{});
  EXPECT_EQ(text(pem), Codes{});
  std::string crlf;
  for (const char c : pem) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(text(crlf), Codes{});
  EXPECT_EQ(text(replaced(replaced(pem, "BEGIN CMS", "BEGIN PKCS7"), "END CMS", "END PKCS7")), Codes{});
  auto longer = der;
  longer.push_back(0);
  auto shorter = der;
  shorter.pop_back();
  const Codes malformed{Code::signature_malformed};
  EXPECT_EQ(with(longer), malformed);
  EXPECT_EQ(with(shorter), malformed);
  EXPECT_EQ(with({}), malformed);
  for (const auto& words :
       {pem + "x", pem + pem, "x\n" + pem, " " + pem, pem.substr(0, pem.size() / 2),
        replaced(pem, "BEGIN CMS", "BEGIN PKCS7"),
        replaced(replaced(pem, "BEGIN CMS", "BEGIN CERTIFICATE"), "END CMS", "END CERTIFICATE"),
        replaced(pem, "-----BEGIN CMS-----\n", "-----BEGIN CMS-----\nX: y\n\n"),
        replaced(pem, "-----BEGIN CMS-----\n", ""), pem + "\xff", "\xef\xbb\xbf" + pem}) {
    EXPECT_EQ(text(words), malformed) << words;
  }
}

TEST(ForeignAttack, ACertificateOfAnArtifactGoesWithItsSignature) {
  ForeignParts parts;
  parts.files.push_back({"Artifacts/some.cert", copy(as_bytes(acme().certificate_pem()))});
  EXPECT_EQ(codes(make_foreign(parts)), Codes{});
  parts.edit_octets = [](std::string& octets) {
    octets = replaced(octets, "Source: Artifacts/image.bin\n",
                      "Source: Artifacts/image.bin\nCertificate: Artifacts/some.cert\n");
  };
  EXPECT_EQ(codes(make_foreign(parts)), Codes{Code::manifest_malformed});
}

TEST(ForeignAttack, SignaturesThatBelongToNoneOrToSeveral) {
  const auto der = testkit::sign_cms(image, {&acme()});
  for (const std::string file :
       {"Artifacts/imag.sig.cms", "image.sig.cms", "Artifacts/Image.sig.cms", "x.sig.p7b"}) {
    const auto found = codes(make_foreign(with_signature(der, file)));
    EXPECT_FALSE(found.empty()) << file;
  }
  // A name that is nothing but the suffix is no signature's.
  EXPECT_EQ(codes(make_foreign(with_signature(der, "Artifacts/.sig.cms"))),
            Codes{Code::package_member_unlisted});
  ForeignParts two = with_signature(der, "Artifacts/image.sig.cms");
  two.files.push_back({"Artifacts/image.raw", image});
  EXPECT_TRUE(codes(make_foreign(two)).contains(Code::package_layout_invalid)) << "of which of the two?";
  // The certificate beside it is no artifact of that name.
  two.files.back() = {"Artifacts/image.tar.gz", image};
  EXPECT_EQ(codes(make_foreign(two)), Codes{}) << "two extensions are another name";
}

TEST(ForeignAttack, TheCertificateIsInExactlyOnePlace) {
  const Vendor vendor;
  const auto pem = copy(as_bytes(vendor.pem));
  const testkit::Member by_name{"Definitions/mme.cert", pem};
  const testkit::Member named{"Files/signer.pem", pem};
  const std::string line = "Entry-Certificate: Files/signer.pem\n";
  const Codes ambiguous{Code::signer_certificate_ambiguous};
  EXPECT_EQ(vendor.beside({}, {}, Vendor::Inside::with_certificate), Codes{});
  EXPECT_EQ(vendor.beside({by_name}), Codes{});
  EXPECT_EQ(vendor.beside({{by_name.name, vendor.der}}), Codes{});
  EXPECT_EQ(vendor.beside({named}, line), Codes{});
  EXPECT_EQ(vendor.beside({by_name}, "Entry-Certificate: Definitions/mme.cert\n"), Codes{})
      << "named, and in its place";
  EXPECT_EQ(vendor.beside({named}, line + "ETSI-" + line), Codes{}) << "both spellings of one place";
  const Codes missing{Code::signer_certificate_missing, Code::signer_unknown};
  const Codes elsewhere{Code::signer_certificate_missing, Code::signer_unknown,
                        Code::package_member_unlisted};
  EXPECT_EQ(vendor.beside({}), missing);
  EXPECT_EQ(vendor.beside({by_name}, {}, Vendor::Inside::with_certificate), ambiguous);
  EXPECT_EQ(vendor.beside({named}, line, Vendor::Inside::with_certificate), ambiguous);
  EXPECT_EQ(vendor.beside({named, by_name}, line),
            (Codes{Code::signer_certificate_ambiguous, Code::package_member_unlisted}));
  // Names of other places are no places.
  EXPECT_EQ(vendor.beside({{"mme.cert", pem}}), elsewhere);
  EXPECT_EQ(vendor.beside({{"Definitions/mme.crt", pem}}), elsewhere);
}

TEST(ForeignAttack, ACertificateFileIsCertificatesAndNothingElse) {
  const Vendor vendor;
  const auto with = [&](const Bytes& bytes) { return vendor.beside({{"Definitions/mme.cert", bytes}}); };
  const auto text = [&](const std::string& words) { return with(copy(as_bytes(words))); };
  EXPECT_EQ(text(vendor.pem), Codes{});
  EXPECT_EQ(text(vendor.pem + vendor.authority.certificate().pem()).contains(Code::signer_unknown), false);
  auto longer = vendor.der;
  longer.push_back(0);
  for (const auto& bytes :
       {longer, Bytes{}, Bytes{1, 2, 3}, copy(as_bytes(vendor.pem + "x")), copy(as_bytes("x" + vendor.pem)),
        copy(as_bytes(replaced(vendor.pem, "BEGIN CERTIFICATE", "BEGIN X509"))),
        copy(as_bytes(vendor.pem.substr(0, 200)))}) {
    const auto found = with(bytes);
    EXPECT_TRUE(found.contains(Code::certificate_malformed)) << as_text(bytes);
  }
  // The authority's, and another's of the same authority: the signature is by neither.
  const auto other = testkit::make_identity(vendor.authority);
  for (const auto& pem : {vendor.authority.certificate().pem(), other.certificate.pem()})
    EXPECT_FALSE(text(pem).empty());
}

TEST(ForeignAttack, E01_TheAnchorIsThePolicys) {
  const Vendor vendor;
  const Vendor stranger;
  ForeignParts parts;
  parts.sign = [&](BytesView octets) { return stranger.sign(octets, Vendor::Inside::without); };
  parts.edit_signed = [&](Members& members) {
    members.push_back(
        {"Definitions/mme.cert", copy(as_bytes(stranger.pem + stranger.authority.certificate().pem()))});
  };
  EXPECT_EQ(codes(make_foreign(parts), vendor.policy), Codes{Code::signer_unknown});
}

TEST(ForeignAttack, TheSignatureAroundIsOverTheWholeCsar) {
  const auto csar = unsigned_csar();
  const auto over = [&](BytesView content) {
    return codes(make_option_2(csar, testkit::sign_cms(content, {&acme()})));
  };
  EXPECT_EQ(over(csar), Codes{});
  EXPECT_EQ(over(BytesView(csar).first(csar.size() - 1)), Codes{Code::signature_invalid});
  EXPECT_EQ(over(Bytes{1}), Codes{Code::signature_invalid});
  const auto manifest = testkit::take_apart(csar).back().content;
  EXPECT_EQ(over(manifest), Codes{Code::signature_invalid});
  // A signature inside has to hold, too, and may not stand for the one around.
  ForeignParts strange;
  strange.signers = {&testkit::stranger()};
  const auto inside = make_foreign(strange);
  EXPECT_EQ(codes(make_option_2(inside, testkit::sign_cms(inside, {&acme()}))), Codes{Code::signer_unknown});
  const auto good = make_foreign();
  EXPECT_EQ(codes(make_option_2(good, testkit::sign_cms(good, {&testkit::stranger()}))),
            Codes{Code::signer_unknown});
  EXPECT_EQ(codes(make_zip({{"mme.csar", good}})), Codes{Code::signature_missing});
}

TEST(ForeignAttack, A07_OfOption2BothSignersMaySignTheProduct) {
  const Vendor ours;
  const Vendor theirs{testkit::Authority::root("Zeta root")};
  auto parts = testkit::parts(ours.authority.certificate().pem());
  parts.sources.push_back({"zeta", {"other"}, {theirs.authority.certificate().pem()}});
  const auto policy = testkit::make_policy(parts);
  const auto signed_by = [&](const Vendor& inside, const Vendor& around) {
    ForeignParts foreign;
    foreign.sign = [&](BytesView octets) { return inside.sign(octets, Vendor::Inside::with_certificate); };
    const auto csar = make_foreign(foreign);
    return codes(make_option_2(csar, around.sign(csar, Vendor::Inside::with_certificate)), policy);
  };
  EXPECT_EQ(signed_by(ours, ours), Codes{});
  EXPECT_EQ(signed_by(theirs, ours), Codes{Code::signer_not_for_product});
  EXPECT_EQ(signed_by(ours, theirs), Codes{Code::signer_not_for_product});
}

TEST(ForeignAttack, A07_WhoeverSignedAnArtifactMaySignTheProduct) {
  const Vendor ours;
  const Vendor theirs{testkit::Authority::root("Zeta root")};
  auto parts = testkit::parts(ours.authority.certificate().pem());
  parts.sources.push_back({"zeta", {"other"}, {theirs.authority.certificate().pem()}});
  const auto policy = testkit::make_policy(parts);
  const auto signed_by = [&](const Vendor& vendor, Vendor::Inside inside, const Members& more) {
    ForeignParts foreign;
    foreign.sign = [&](BytesView octets) { return ours.sign(octets, Vendor::Inside::with_certificate); };
    foreign.edit_signed = [&](Members& members) {
      members.push_back({"Artifacts/image.sig.cms", vendor.sign(image, inside)});
      members.insert(members.end(), more.begin(), more.end());
    };
    return codes(make_foreign(foreign), policy);
  };
  EXPECT_EQ(signed_by(ours, Vendor::Inside::with_certificate, {}), Codes{});
  EXPECT_EQ(signed_by(theirs, Vendor::Inside::with_certificate, {}), Codes{Code::signer_not_for_product});
  // Its certificate beside it is no second artifact of that name.
  const Members beside = {{"Artifacts/image.cert", copy(as_bytes(ours.pem))}};
  EXPECT_EQ(signed_by(ours, Vendor::Inside::without, beside), Codes{});
  EXPECT_EQ(signed_by(ours, Vendor::Inside::with_certificate, beside),
            Codes{Code::signer_certificate_ambiguous});
}

TEST(ForeignAttack, OfOption2TheCertificateStandsBesideTheCsar) {
  const Vendor vendor;
  const auto csar = unsigned_csar();
  const auto pem = copy(as_bytes(vendor.pem));
  const auto without = vendor.sign(csar, Vendor::Inside::without);
  const auto with = vendor.sign(csar, Vendor::Inside::with_certificate);
  EXPECT_EQ(codes(make_option_2(csar, with), vendor.policy), Codes{});
  EXPECT_EQ(codes(make_option_2(csar, without, {{"mme.cert", pem}}), vendor.policy), Codes{});
  EXPECT_EQ(codes(make_option_2(csar, without), vendor.policy),
            (Codes{Code::signer_certificate_missing, Code::signer_unknown}));
  EXPECT_EQ(codes(make_option_2(csar, with, {{"mme.cert", pem}}), vendor.policy),
            Codes{Code::signer_certificate_ambiguous});
  const auto other = codes(make_option_2(csar, without, {{"other.cert", pem}}), vendor.policy);
  EXPECT_EQ(other,
            (Codes{Code::package_layout_invalid, Code::signer_certificate_missing, Code::signer_unknown}));
}

}  // namespace
}  // namespace sallyport
