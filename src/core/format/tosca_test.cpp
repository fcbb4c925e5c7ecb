// SPDX-License-Identifier: Apache-2.0
#include "core/format/tosca.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

const std::string good =
    "TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\nCreated-By: Acme Networks\nEntry-Definitions: "
    "mme.yaml\n"
    "ETSI-Entry-Manifest: mme.mf\nETSI-Entry-Change-Log: Files/ChangeLog.txt\nETSI-Entry-Licenses: "
    "Files/Licenses\n";

TEST(Tosca, OneSpelling) {
  const auto layout = package_layout("mme").value();
  EXPECT_EQ(print_tosca(layout.tosca_meta("Acme Networks")), good);
  EXPECT_EQ(print_tosca(parse_tosca(as_bytes(good)).value()), good);
}

TEST(Tosca, LayoutIsInTheOrderOfTheProfile) {
  const auto members = package_layout("mme").value().members();
  ASSERT_EQ(members.size(), 8U);
  EXPECT_EQ(members.front().text(), "TOSCA-Metadata/TOSCA.meta");
  EXPECT_EQ(members[1].text(), "mme.mf");
  EXPECT_EQ(members.back().text(), "Artifacts/content.pack");
}

TEST(Tosca, NamesThatAreNoComponent) {
  for (const std::string_view name : {"", "a/b", "..", "../x", "a\\b", "a\nb"}) {
    EXPECT_FALSE(package_layout(name).ok()) << name;
  }
}

TEST(ToscaAttack, C26_ExtraMissingOrChangedLines) {
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string text = good;
    text.erase(i, 1);
    const auto meta = parse_tosca(as_bytes(text));
    if (meta.ok()) {
      EXPECT_EQ(print_tosca(meta.value()), text);
    }
    text = good;
    text[i] = '\n';
    if (good[i] != '\n') {
      EXPECT_FALSE(parse_tosca(as_bytes(text)).ok()) << i;
    }
  }
  for (const auto& text :
       {good + "\n", good + "ETSI-Entry-Certificate: x.cert\n", "\n" + good, "\xef\xbb\xbf" + good,
        good + good, std::string(), std::string(tosca_size_max + 1, 'a')}) {
    const auto meta = parse_tosca(as_bytes(text));
    ASSERT_FALSE(meta.ok());
    EXPECT_EQ(meta.error().code, Code::package_layout_invalid);
  }
}

}  // namespace
}  // namespace sallyport
