// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/forms.h"

#include <gtest/gtest.h>

namespace sallyport::intake {
namespace {

const std::string elf =
    "\x7f"
    "ELF\x02\x01\x01";
const std::string png = "\x89PNG\r\n\x1a\n";

bool disguised(const std::string& head, Archive archive) {
  return two_forms(as_bytes(head), archive).has_value();
}

TEST(Forms, AreKnownByTheirFirstBytes) {
  EXPECT_EQ(form_of(as_bytes(elf)), Form::elf);
  EXPECT_EQ(form_of(as_bytes("#!/bin/sh\n")), Form::script);
  EXPECT_EQ(form_of(as_bytes("%PDF-1.7\n")), Form::pdf);
  EXPECT_EQ(form_of(as_bytes(png)), Form::image);
  EXPECT_EQ(form_of(as_bytes("MZ is how this text begins")), Form::other);
  EXPECT_EQ(form_of(as_bytes(std::string("MZ\x90\0\0\0PE\0\0", 10))), Form::pe);
  EXPECT_EQ(form_of({}), Form::other);
}

TEST(FormsAttack, H10_TwoKindsAtOnceAreOneTooMany) {
  EXPECT_TRUE(disguised(elf, Archive::opened));            // ZIP behind a program
  EXPECT_TRUE(disguised("#!/bin/sh\n", Archive::opened));  // behind a script
  EXPECT_TRUE(disguised("%PDF-1.7\n", Archive::opened));
  EXPECT_TRUE(disguised(png, Archive::opened));
  EXPECT_TRUE(disguised("PK\x03\x04 and then %PDF-1.7", Archive::opened));
  EXPECT_TRUE(disguised(elf + "%PDF-1.7", Archive::none));
  EXPECT_FALSE(disguised(elf, Archive::none));
  EXPECT_FALSE(disguised("PK\x03\x04", Archive::opened));
  EXPECT_FALSE(disguised("a text about %PDF-1.7", Archive::none));
  EXPECT_FALSE(disguised("%PDF-1.7\n", Archive::none));
}

TEST(FormsAttack, H10_ProgramsBearNoNamesOfTextsAndImages) {
  for (const auto* name :
       {"usr/share/doc/README", "a/logo.png", "x.TXT", "etc/mme.conf", "mme.mf", "manual.pdf"})
    EXPECT_TRUE(other_than_named(Form::elf, name)) << name;
  for (const auto* name : {"usr/bin/mme", "usr/lib/libx.so.1", "readme.so", "conf", "usr/bin/txt"})
    EXPECT_FALSE(other_than_named(Form::elf, name)) << name;
  EXPECT_TRUE(other_than_named(Form::script, "a/logo.jpeg"));
  EXPECT_FALSE(other_than_named(Form::script, "a/example.txt"));
  EXPECT_FALSE(other_than_named(Form::other, "a/logo.png"));
}

}  // namespace
}  // namespace sallyport::intake
