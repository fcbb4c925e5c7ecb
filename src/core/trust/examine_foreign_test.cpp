// SPDX-License-Identifier: Apache-2.0
// What is tried against packages of other tools: containers, texts, what is listed. tests/attacks/intake.txt
#include <gtest/gtest.h>

#include <algorithm>

#include "core/crypto/cms.h"
#include "core/trust/examine_for_test.h"
#include "testkit/raw_zip.h"

namespace sallyport {
namespace {

using for_test::codes;
using for_test::Codes;
using for_test::image;
using for_test::text_of;
using for_test::unsigned_csar;
using testkit::acme;
using testkit::ForeignParts;
using testkit::make_foreign;
using testkit::make_option_2;
using testkit::make_zip;
using testkit::member;
using testkit::Members;
using testkit::replaced;

Codes edited(const std::function<void(Members&)>& edit) {
  ForeignParts parts;
  parts.edit_signed = edit;
  return codes(make_foreign(parts));
}

Codes signed_as(const std::function<void(std::string&)>& edit) {
  ForeignParts parts;
  parts.edit_octets = edit;
  return codes(make_foreign(parts));
}

TEST(ForeignAttack, B36_NoMemberIsExempt) {
  for (const std::string name :
       {"Artifacts/x.qcow2", "Artifacts/x.img", "Files/x.iso", "x.mf", "Definitions/x.mf", "Files/x.cert",
        "META-INF/x", ".hidden", "TOSCA-Metadata/x.meta"}) {
    EXPECT_EQ(edited([&](Members& members) {
                members.push_back({name, {1}});
              }),
              Codes{Code::package_member_unlisted})
        << name;
  }
  // What looks like a signature has to be one.
  EXPECT_EQ(edited([](Members& members) {
              members.push_back({"Artifacts/image.sig.cms", {1}});
            }),
            Codes{Code::signature_malformed});
}

TEST(ForeignAttack, C02_ListedMembersAreThere) {
  EXPECT_EQ(edited([](Members& members) {
              std::erase_if(members, [](const auto& one) { return one.name == "Artifacts/image.bin"; });
            }),
            Codes{Code::package_member_missing});
  EXPECT_EQ(signed_as([](std::string& octets) {
              octets += testkit::manifest_entry({"Artifacts/none", {1}});
            }),
            Codes{Code::package_member_missing});
  EXPECT_EQ(signed_as([](std::string& octets) {
              octets += testkit::manifest_entry({"Definitions/mme.mf", {1}});
            }),
            (Codes{Code::package_layout_invalid, Code::member_digest_mismatch}));
}

TEST(ForeignAttack, C03_OneMemberForAnother) {
  EXPECT_EQ(
      edited([](Members& members) { member(members, "Artifacts/image.bin").name = "Artifacts/other.bin"; }),
      (Codes{Code::package_member_missing, Code::package_member_unlisted}));
  EXPECT_EQ(edited([](Members& members) {
              std::swap(member(members, "Artifacts/image.bin").content,
                        member(members, "Definitions/mme.yaml").content);
            }),
            Codes{Code::member_digest_mismatch});
}

TEST(ForeignAttack, C05_NamesAreExact) {
  for (const std::string name : {"Artifacts/Image.bin", "artifacts/image.bin", "Artifacts/image",
                                 "Artifacts/image.bin.gz", "Artifacts/image.bin ", "image.bin"}) {
    EXPECT_EQ(edited([&](Members& members) { member(members, "Artifacts/image.bin").name = name; }),
              (Codes{Code::package_member_missing, Code::package_member_unlisted}))
        << name;
  }
}

TEST(ForeignAttack, C16_TheManifestOfOneTheContentOfAnother) {
  ForeignParts other;
  other.files[1].content.assign(5000, 'j');
  const auto theirs = testkit::foreign_members(other);
  EXPECT_EQ(edited([&](Members& members) { members.back() = theirs.back(); }),
            Codes{Code::member_digest_mismatch});
}

// Every byte is read to its end, listed or not: CRC-32 and compression are those of the headers.
TEST(ForeignAttack, B23_DataThatItsHeadersDoNotDescribe) {
  const auto changed = [](const Bytes& archive, const std::function<void(testkit::RawMember&)>& edit) {
    auto raw = testkit::dissect(archive);
    for (auto& one : raw.members) {
      if (one.local.name != "Artifacts/image.bin" && one.local.name != "mme.cms") continue;
      const auto plain = one.data;
      one.data = testkit::deflated(plain);
      for (auto* const header : {&one.local, &one.central}) header->method = 8;
      edit(one);
      for (auto* const header : {&one.local, &one.central})
        header->stored_size = static_cast<std::uint32_t>(one.data.size());
    }
    return codes(testkit::print(raw));
  };
  const auto csar = [] {
    ForeignParts parts;
    parts.signers.clear();
    return make_foreign(parts);
  }();
  for (const auto& archive : {make_foreign(), make_option_2(csar, testkit::sign_cms(csar, {&acme()}))}) {
    EXPECT_EQ(changed(archive, [](testkit::RawMember&) {}), Codes{});
    EXPECT_EQ(changed(archive, [](testkit::RawMember& one) { one.local.crc = one.central.crc = 1; }),
              Codes{Code::zip_checksum_mismatch});
    EXPECT_EQ(changed(archive, [](testkit::RawMember& one) { one.data.push_back(0); }),
              Codes{Code::zip_data_malformed});
    EXPECT_TRUE(changed(archive, [](testkit::RawMember& one) {
                  one.data.pop_back();
                }).contains(Code::zip_data_malformed));
  }
}

TEST(ForeignAttack, B10_WithoutToscaMetaOneDescriptorStandsAtTheTop) {
  ForeignParts parts;
  parts.meta = "";
  parts.files = {{"mme.yaml", {'y'}}, {"image.bin", {1}}};
  EXPECT_EQ(codes(make_foreign(parts)), Codes{});
  for (const std::string more : {"a.yaml", "z.yml"}) {
    auto two = parts;
    two.files.push_back({more, {'y'}});
    EXPECT_EQ(codes(make_foreign(two)), Codes{Code::package_layout_invalid}) << more;
  }
  parts.files[0].name = "in/mme.yaml";
  EXPECT_EQ(codes(make_foreign(parts)), Codes{Code::package_layout_invalid});
  // Another manifest than the one beside the descriptor.
  parts.files[0].name = "other.yaml";
  EXPECT_EQ(codes(make_foreign(parts)), Codes{Code::package_member_missing});
}

TEST(ForeignAttack, C10_SomethingAroundTheSignature) {
  const auto with = [](const std::function<void(std::string&)>& edit) {
    ForeignParts parts;
    parts.edit_signed = [&](Members& members) {
      std::string text(as_text(members.back().content));
      edit(text);
      members.back().content = copy(as_bytes(text));
    };
    const auto inside = make_foreign(parts);
    const auto around = codes(make_option_2(inside, testkit::sign_cms(inside, {&acme()})));
    EXPECT_EQ(around, codes(inside)) << "it has to hold inside of option 2, too";
    return around;
  };
  EXPECT_EQ(with([](std::string&) {}), Codes{});
  EXPECT_FALSE(with([](std::string& text) { text += "Source: x\n"; }).empty());
  EXPECT_FALSE(with([](std::string& text) { text += text.substr(text.find("-----BEGIN")); }).empty());
  EXPECT_FALSE(with([](std::string& text) { text.resize(text.size() - 30); }).empty());
  EXPECT_FALSE(with([](std::string& text) {
                 text = replaced(text, "-----BEGIN CMS-----", "-----BEGIN CMS----- ");
               }).empty());
  EXPECT_FALSE(with([](std::string& text) { text = replaced(text, "Source:", "\nSource:"); }).empty());
}

// The package does not say whether it is checked.
TEST(ForeignAttack, C26_WhatIsTakenAwayIsMissed) {
  const auto meta = [](std::string_view from, std::string_view to) {
    return edited([&](Members& members) {
      auto& content = member(members, "TOSCA-Metadata/TOSCA.meta").content;
      content = copy(as_bytes(replaced(std::string(as_text(content)), from, to)));
    });
  };
  EXPECT_EQ(meta("Entry-Manifest: Definitions/mme.mf\n", ""), Codes{Code::member_digest_mismatch});
  EXPECT_EQ(meta("mme.mf", "none.mf"), Codes{Code::package_member_missing});
  EXPECT_EQ(edited([](Members& members) { members.pop_back(); }), Codes{Code::package_member_missing});
  EXPECT_EQ(edited([](Members& members) {
              auto& content = members.back().content;
              content.resize(as_text(content).find("-----BEGIN"));
            }),
            Codes{Code::signature_missing});
  // Nothing listed is nothing proved.
  EXPECT_EQ(signed_as([](std::string& octets) { octets.resize(octets.find("Source:")); }),
            Codes{Code::manifest_malformed});
}

// A tolerance passes TOSCA.meta over; what it then names without a signature is still signed and whole.
TEST(ForeignAttack, C26_UnsignedToscaMetaLeadsToNothingUnsigned) {
  ForeignParts parts;
  parts.edit_octets = [](std::string& octets) {
    const auto at = octets.find("Source: TOSCA");
    octets.erase(at, octets.find("Source:", at + 1) - at);
  };
  const auto lenient = [&](const std::string& from, const std::string& to, const Members& more) {
    auto changed = parts;
    changed.edit_signed = [&](Members& members) {
      auto& content = member(members, "TOSCA-Metadata/TOSCA.meta").content;
      if (!from.empty()) content = copy(as_bytes(replaced(std::string(as_text(content)), from, to)));
      members.insert(members.end(), more.begin(), more.end());
    };
    return for_test::codes_of(for_test::examine(make_foreign(changed), {Tolerance::unlisted_tosca_meta}));
  };
  EXPECT_EQ(lenient("", "", {}), Codes{});
  EXPECT_EQ(lenient("mme.mf", "other.mf", {{"Definitions/other.mf", copy(as_bytes("metadata:\n"))}}),
            (Codes{Code::signature_missing, Code::manifest_malformed}));
  EXPECT_EQ(lenient("Definitions/mme.mf\n", "Definitions/mme.mf\nEntry-Certificate: x\n", {{"x", {1}}}),
            (Codes{Code::signer_certificate_ambiguous, Code::certificate_malformed}));
}

TEST(ForeignAttack, C27_WhatIsElsewhereIsNotThere) {
  ForeignParts parts;
  parts.edit_octets = [](std::string& octets) {
    octets += "Source: http://example.com/image\nAlgorithm: SHA-256\nHash: " + std::string(64, 'a') + "\n";
  };
  const auto examination = for_test::examine(make_foreign(parts), {Tolerance::external_sources});
  ASSERT_TRUE(examination.foreign) << text_of(examination);
  EXPECT_EQ((*examination.foreign)->manifest.external, std::vector<std::string>{"http://example.com/image"});
  EXPECT_EQ((*examination.foreign)->members.size(), 4U) << "it is no member";
}

// Looking through a hostile package is bounded, and proves nothing.
TEST(ForeignAttack, B33_ThousandsOfBrokenThings) {
  ForeignParts parts;
  for (int i = 0; i < 1500; ++i) parts.files.push_back({"Artifacts/" + std::to_string(i), {1}});
  parts.edit_octets = [](std::string& octets) { std::replace(octets.begin(), octets.end(), 'S', 's'); };
  const auto examination = for_test::examine(make_foreign(parts));
  EXPECT_FALSE(examination.foreign);
  EXPECT_EQ(examination.findings.sorted().size(), Findings::listed_max);
}

// One signature that two entries name holds over both, or not at all.
// Bytes that nothing covers would stand where a member has to be listed by nobody.
TEST(ForeignAttack, C02_WhatToscaMetaNamesIsThere) {
  for (const std::string key : {"Entry-Change-Log", "Entry-Tests", "ETSI-Entry-Licenses"}) {
    ForeignParts parts;
    parts.meta += key + ": Files/it\n";
    EXPECT_EQ(codes(make_foreign(parts)), Codes{Code::package_member_missing}) << key;
    parts.files.push_back({"Files/it", {1}});
    EXPECT_EQ(codes(make_foreign(parts)), Codes{}) << key;
    parts.files.back().name = "Files/it-not";
    EXPECT_EQ(codes(make_foreign(parts)), Codes{Code::package_member_missing}) << key;
  }
}

// What comes with the package is never its own anchor.
TEST(ForeignAttack, B10_ExactlyOnePackageInAPackage) {
  const auto csar = unsigned_csar();
  const auto cms = testkit::sign_cms(csar, {&acme()});
  EXPECT_EQ(codes(make_option_2(csar, cms)), Codes{});
  const auto other = make_zip({{"x", {1}}});
  const Codes invalid{Code::package_layout_invalid};
  EXPECT_EQ(codes(make_option_2(csar, cms, {{"other.csar", csar}})), invalid);
  EXPECT_EQ(codes(make_option_2(csar, cms, {{"a.csar", other}})), invalid);
  EXPECT_FALSE(codes(make_zip({{"a.csar", other}, {"mme.csar", csar}, {"mme.cms", cms}})).empty());
  EXPECT_EQ(codes(make_option_2(csar, cms, {{"mme.cms.cms", cms}})), invalid);
  EXPECT_EQ(codes(make_option_2(csar, cms, {{"more/mme.csar", csar}})), invalid);
  EXPECT_EQ(codes(make_option_2(csar, cms, {{"mme.CSAR2", csar}})), invalid);
  EXPECT_EQ(codes(make_option_2(csar, cms, {{"mme.mf", {1}}})), invalid);
  EXPECT_EQ(codes(make_zip({{"in/mme.csar", csar}, {"in/mme.cms", cms}})),
            (Codes{Code::package_layout_invalid, Code::package_member_missing}));
}

// Whoever signed inside may sign the product, too.
TEST(ForeignAttack, B10_NoFoldersAroundACsar) {
  const auto csar = unsigned_csar();
  auto raw = testkit::dissect(make_option_2(csar, testkit::sign_cms(csar, {&acme()})));
  auto folder = raw.members.back();
  folder.data.clear();
  folder.external = (040755U << 16U) | 0x10U;
  for (auto* const header : {&folder.local, &folder.central}) {
    header->name = "in/";
    header->crc = header->size = header->stored_size = 0;
  }
  raw.members.push_back(folder);
  EXPECT_EQ(codes(testkit::print(raw)), Codes{Code::package_layout_invalid});
}

TEST(ForeignAttack, C02_DigestsInsideOfOption2Hold) {
  ForeignParts parts;
  parts.signers.clear();
  parts.edit_signed = [](Members& members) { member(members, "Artifacts/image.bin").content[7] ^= 1U; };
  const auto csar = make_foreign(parts);
  EXPECT_EQ(codes(make_option_2(csar, testkit::sign_cms(csar, {&acme()}))),
            Codes{Code::member_digest_mismatch});
  parts.edit_signed = [](Members& members) { members.push_back({"Artifacts/unlisted", {1}}); };
  const auto more = make_foreign(parts);
  EXPECT_EQ(codes(make_option_2(more, testkit::sign_cms(more, {&acme()}))), Codes{}) << "covered from around";
}

}  // namespace
}  // namespace sallyport
