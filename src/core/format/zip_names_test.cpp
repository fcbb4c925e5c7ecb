// SPDX-License-Identifier: Apache-2.0
#include "core/format/zip_names.h"

#include <gtest/gtest.h>

namespace sallyport::zip {
namespace {

RelativePath path(std::string_view text) {
  return RelativePath::parse(text).value();
}

bool is_added(const Result<void>& added) {
  if (!added.ok()) {
    EXPECT_EQ(added.error().code, Code::zip_name_duplicate);
  }
  return added.ok();
}

// Whether the second is added, too.
bool files(std::string_view one, std::string_view other) {
  NameSet names;
  EXPECT_TRUE(is_added(names.add(path(one))));
  return is_added(names.add(path(other)));
}
bool file_and_folder(std::string_view file, std::string_view folder) {
  NameSet names;
  EXPECT_TRUE(is_added(names.add(path(file))));
  return is_added(names.add_folder(path(folder)));
}
bool folder_and_file(std::string_view folder, std::string_view file) {
  NameSet names;
  EXPECT_TRUE(is_added(names.add_folder(path(folder))));
  return is_added(names.add(path(file)));
}
bool folders(std::string_view one, std::string_view other) {
  NameSet names;
  EXPECT_TRUE(is_added(names.add_folder(path(one))));
  return is_added(names.add_folder(path(other)));
}

TEST(ZipNames, B09_DotsAndSpacesAtTheEndOfEachComponentSayNothing) {
  EXPECT_TRUE(files("a/b", "a/c"));
  EXPECT_FALSE(files("a./b", "a/b"));
  EXPECT_FALSE(files("a. ./b", "A/b."));
  EXPECT_FALSE(files("a./b/c", "a /b./c"));
  EXPECT_FALSE(files("a", "a./b"));
}

TEST(ZipNames, B09_WhereAFileIsThereIsNoFolder) {
  EXPECT_TRUE(file_and_folder("a/b", "a"));
  EXPECT_TRUE(file_and_folder("a", "b"));
  EXPECT_FALSE(file_and_folder("a", "a"));
  EXPECT_FALSE(file_and_folder("a", "A."));
  EXPECT_FALSE(file_and_folder("a", "a/b"));
  EXPECT_FALSE(file_and_folder("a/b", "a/b/c"));
  EXPECT_TRUE(folder_and_file("a", "a/b"));
  EXPECT_FALSE(folder_and_file("a", "a"));
  EXPECT_FALSE(folder_and_file("a/b", "A"));
}

TEST(ZipNames, B09_AFolderIsAMemberOnce) {
  EXPECT_TRUE(folders("a", "a/b"));
  EXPECT_TRUE(folders("a/b", "a"));
  EXPECT_FALSE(folders("a", "a"));
  EXPECT_FALSE(folders("a/b", "A/b "));
}

}  // namespace
}  // namespace sallyport::zip
