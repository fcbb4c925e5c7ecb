// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "adapters/disk/file_source.h"

namespace sallyport {
namespace {

class OutputFileTest : public testing::Test {
 protected:
  OutputFileTest() {
    std::array<char, 32> name{"/tmp/sallyport-file-XXXXXX"};
    folder = ::mkdtemp(name.data());
  }
  ~OutputFileTest() override { std::filesystem::remove_all(folder); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
  }
  std::string folder;
};

TEST_F(OutputFileTest, AppearsWhenItIsComplete) {
  const auto path = folder + "/out";
  const auto file = OutputFile::create(path, Readers::by_umask).value();
  file->write(as_bytes("abc")).value();
  file->write_at(1, as_bytes("X")).value();
  EXPECT_FALSE(std::filesystem::exists(path));
  file->commit().value();
  EXPECT_EQ(as_text(read_whole_file(path, 10).value()), "aXc");
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputFileTest, NeverOverwrites) {
  const auto path = folder + "/out";
  const auto late = OutputFile::create(path, Readers::by_umask).value();
  write_new_file(path, as_bytes("first"), Readers::by_umask).value();
  EXPECT_EQ(late->commit().error().code, Code::file_exists);
  EXPECT_EQ(OutputFile::create(path, Readers::by_umask).error().code, Code::file_exists);
  EXPECT_EQ(as_text(read_whole_file(path, 10).value()), "first");
}

TEST_F(OutputFileTest, ReplacesOnlyWhenToldTo) {
  const auto path = folder + "/out";
  write_new_file(path, as_bytes("first"), Readers::by_umask).value();
  replace_whole_file(path, as_bytes("second"), Readers::owner_only).value();
  EXPECT_EQ(as_text(read_whole_file(path, 10).value()), "second");
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(OutputFileTest, WhatWasNotCommittedIsGone) {
  OutputFile::create(folder + "/out", Readers::by_umask).value()->write(as_bytes("x")).value();
  EXPECT_EQ(files(), 0U);
}

// Who is killed removes nothing.
TEST_F(OutputFileTest, WhatIsUnderWayHasNoName) {
  const auto file = OutputFile::create(folder + "/out", Readers::by_umask).value();
  file->write(as_bytes("x")).value();
  EXPECT_EQ(files(), 0U);
  const auto other = OutputFile::create_replacement(folder + "/out", Readers::by_umask).value();
  other->write(as_bytes("y")).value();
  EXPECT_EQ(files(), 0U);
  file->commit().value();
  other->commit_replacing().value();
  EXPECT_EQ(files(), 1U);
  EXPECT_EQ(as_text(read_whole_file(folder + "/out", 10).value()), "y");
}

TEST_F(OutputFileTest, NoFolderIsTold) {
  EXPECT_EQ(OutputFile::create(folder + "/none/out", Readers::by_umask).error().code, Code::file_missing);
}

TEST_F(OutputFileTest, SourcesAreRegularFiles) {
  EXPECT_EQ(FileSource::open(folder).error().code, Code::file_missing);
  EXPECT_EQ(FileSource::open(folder + "/none").error().code, Code::file_missing);
  EXPECT_EQ(FileSource::open(std::string(5000, 'x')).error().code, Code::file_missing);
  std::filesystem::create_symlink("loop", folder + "/loop");
  EXPECT_EQ(FileSource::open(folder + "/loop").error().code, Code::file_missing);
  ASSERT_EQ(::mkfifo((folder + "/fifo").c_str(), 0600), 0);
  EXPECT_EQ(FileSource::open(folder + "/fifo").error().code, Code::file_missing);
  write_new_file(folder + "/a", as_bytes("abcd"), Readers::by_umask).value();
  EXPECT_EQ(read_whole_file(folder + "/a", 3).error().code, Code::file_too_large);
  const auto source = FileSource::open(folder + "/a").value();
  std::filesystem::resize_file(folder + "/a", 2);
  EXPECT_EQ(source->read(0, 4, 10).error().code, Code::truncated);
}

}  // namespace
}  // namespace sallyport
