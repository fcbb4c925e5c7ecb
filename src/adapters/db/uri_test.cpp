// SPDX-License-Identifier: Apache-2.0
// What a database is called by, and the files of SQLite.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "adapters/db/sql.h"

namespace sallyport {
namespace {

TEST(DatabaseFiles, AreTheOwnersAlone) {
  const auto path = testing::TempDir() + "private.db";
  const auto mode_of = [](const std::string& name) {
    struct stat status {};
    return ::stat(name.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
  };
  std::ofstream(path).close();
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);  // as earlier versions made it
  const auto database = open_database("sqlite:" + path).value();
  for (const auto* beside : {"", "-wal", "-shm"}) {
    EXPECT_EQ(mode_of(path + beside), 0600U) << beside;
    std::remove((path + beside).c_str());
  }
}

// What would be written into it is lost at the next start.
TEST(DatabaseFiles, AreTheOnesThatWereOpened) {
  auto folder = (std::filesystem::temp_directory_path() / "sallyport-db-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const auto path = folder + "/server.db";
  const auto db = open_database("sqlite:" + path).value();
  EXPECT_TRUE(db->ping().ok());
  std::filesystem::rename(path, folder + "/elsewhere");
  EXPECT_EQ(db->ping().error().code, Code::io_failed);
  ASSERT_TRUE(open_database("sqlite:" + path).ok());
  EXPECT_EQ(db->ping().error().code, Code::io_failed);
  std::filesystem::rename(folder + "/elsewhere", path);
  EXPECT_TRUE(db->ping().ok());
  std::filesystem::remove_all(folder);
}

TEST(DatabaseUri, NamesOneOfTheTwo) {
  for (const auto* uri : {"", "sqlite:", "mysql:x", "server.db", "sqlite:a\" vfs=\"x"})
    EXPECT_EQ(open_database(uri).error().code, Code::usage_error) << uri;
  EXPECT_EQ(open_database("sqlite:/nonexistent/x.db").error().code, Code::io_failed);
  for (const auto* uri : {"sqlite:x", "postgresql:dbname=x", "postgresql://a@b/x"})
    EXPECT_TRUE(check_database_uri(uri).ok()) << uri;
}

// What cannot be read is printed for whoever starts the server, and kept by whatever keeps what it prints.
TEST(DatabaseUri, APasswordIsRepeatedToNobody) {
  for (const auto* uri :
       {"postgres:host=h password=secret", "postgresql://u:secret@/nonexistent/x?host=/nonexistent",
        "mysql://u:secret@h/x", "secret"}) {
    const auto error = open_database(uri).error();
    EXPECT_EQ((error.where + error.expected + error.found).find("secret", 0), std::string::npos)
        << error.where << error.expected << error.found;
  }
}

}  // namespace
}  // namespace sallyport
