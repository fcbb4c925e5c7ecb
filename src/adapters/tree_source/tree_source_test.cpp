// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "adapters/tree_source/debs.h"
#include "adapters/tree_source/folder.h"
#include "core/format/capabilities.h"

namespace sallyport {
namespace {

namespace fs = std::filesystem;

class TreeSources : public testing::Test {
 protected:
  TreeSources() {
    std::string name = "/tmp/sallyport-source-XXXXXX";
    CHECK(::mkdtemp(name.data()) != nullptr);
    top_ = name;
    fs::create_directory(top_ / "in");
  }
  ~TreeSources() override {
    fs::permissions(top_, fs::perms::owner_all);
    fs::remove_all(top_);
  }

  fs::path in(const std::string& path) const { return top_ / "in" / path; }

  void file(const std::string& path, std::string_view content, mode_t mode = 0644) const {
    fs::create_directories(in(path).parent_path());
    std::ofstream(in(path), std::ios::binary) << content;
    ASSERT_EQ(::chmod(in(path).c_str(), mode), 0);
  }

  Result<SourceListing> list() const { return FolderTreeSource::at(in("").string()).value()->list(); }

  Code refusal() const {
    const auto listed = list();
    EXPECT_FALSE(listed.ok());
    return listed.ok() ? Code::internal_error : listed.error().code;
  }

  // A .deb of what is in `in`, by Debian's own tool.
  std::string deb(const std::string& package, const std::string& architecture,
                  const std::string& compression) {
    fs::create_directories(in("DEBIAN"));
    std::ofstream(in("DEBIAN/control"))
        << "Package: " << package << "\nVersion: 1:2.0+x\nArchitecture: " << architecture
        << "\nMaintainer: Nobody <nobody@example.com>\nDescription: test\n";
    const std::string path = (top_ / (package + ".deb")).string();
    const std::string command = "dpkg-deb --root-owner-group -Z" + compression + " -b " + in("").string() +
                                " " + path + " >/dev/null 2>" + (top_ / "log").string();
    CHECK(std::system(command.c_str()) == 0);
    fs::remove_all(in(""));
    fs::create_directory(in(""));
    return path;
  }

  fs::path top_;
};

const SourceEntry& find(const SourceListing& listing, const std::string& path) {
  for (const auto& entry : listing.entries) {
    if (entry.path.text() == path) return entry;
  }
  abort_because(path.c_str(), __FILE__, __LINE__);
}

std::size_t index_of(const SourceListing& listing, const std::string& path) {
  return static_cast<std::size_t>(&find(listing, path) - listing.entries.data());
}

std::string content(TreeSource& source, const SourceListing& listing, const std::string& path) {
  Bytes bytes(find(listing, path).size);
  CHECK(source.open(index_of(listing, path)).value()->read(bytes).ok());
  return std::string(as_text(bytes));
}

TEST_F(TreeSources, FolderIsListedWithWhatCounts) {
  file("usr/bin/mme", "program", 04755);
  file("usr/lib/empty", "");
  fs::create_symlink("../bin/mme", in("usr/lib/link"));
  fs::create_hard_link(in("usr/bin/mme"), in("usr/lib/hard"));
  ASSERT_EQ(::chmod(in("usr/lib").c_str(), 02750), 0);
  const auto source = FolderTreeSource::at(in("").string()).value();
  const auto listing = source->list().value();
  EXPECT_EQ(listing.entries.size(), 7U);
  EXPECT_EQ(find(listing, "usr/bin/mme").mode, 04755U);
  EXPECT_EQ(find(listing, "usr/bin/mme").uid, 0U);
  EXPECT_EQ(find(listing, "usr/lib").mode, 02750U);
  EXPECT_EQ(find(listing, "usr/lib/link").link_target, "../bin/mme");
  EXPECT_EQ(content(*source, listing, "usr/lib/hard"), "program");
  EXPECT_EQ(content(*source, listing, "usr/lib/empty"), "");
}

TEST_F(TreeSources, FolderTimeIsTheNewestOfItsFiles) {
  file("a", "x");
  const struct timespec times[2] = {{5000, 0}, {5000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, in("a").c_str(), times, 0), 0);
  EXPECT_EQ(list().value().newest.seconds(), 5000);
}

TEST_F(TreeSources, FolderKeepsFileCapabilities) {
  file("ping", "x", 0755);
  const Bytes attribute = encode_capabilities({"cap_net_raw"}).value();
  if (::setxattr(in("ping").c_str(), "security.capability", attribute.data(), attribute.size(), 0) != 0)
    GTEST_SKIP() << "not allowed to set file capabilities here";
  EXPECT_EQ(list().value().entries[0].capabilities, std::vector<std::string>{"cap_net_raw"});
}

TEST_F(TreeSources, B02_FolderNamesThatNoPackageCarries) {
  for (const char* bad : {"back\\slash", "line\nend", "\xff\xfe", "bidi\xe2\x80\xae"}) {
    file(bad, "x");
    EXPECT_EQ(refusal(), Code::input_refused) << bad;
    fs::remove(in(bad));
  }
}

TEST_F(TreeSources, B26_FolderWithSpecialFiles) {
  ASSERT_EQ(::mkfifo(in("fifo").c_str(), 0644), 0);
  EXPECT_EQ(refusal(), Code::input_refused);
}

TEST_F(TreeSources, J_FolderThatChangesAfterItWasListed) {
  file("a/file", "content");
  const auto source = FolderTreeSource::at(in("").string()).value();
  ASSERT_TRUE(source->list().ok());
  file("a/file", "content and more");
  EXPECT_EQ(source->open(1).error().code, Code::input_refused);
  fs::remove(in("a/file"));
  fs::create_symlink("/etc/passwd", in("a/file"));
  EXPECT_EQ(source->open(1).error().code, Code::input_refused);
  fs::rename(in("a"), in("b"));
  fs::create_symlink("/etc", in("a"));
  EXPECT_EQ(source->open(1).error().code, Code::input_refused);
  EXPECT_EQ(FolderTreeSource::at(in("missing").string()).error().code, Code::file_missing);
}

TEST_F(TreeSources, DebsBecomeOneTree) {
  for (const char* compression : {"xz", "zstd", "gzip"}) {
    file("usr/bin/mme", "program", 0755);
    fs::create_hard_link(in("usr/bin/mme"), in("usr/bin/same"));
    fs::create_symlink("mme", in("usr/bin/link"));
    file("usr/share/doc/mme/copyright", "Some licence.\n");
    const auto first = deb("mme", "amd64", compression);
    file("usr/lib/libmme.so", "library");
    const auto second = deb("libmme", "all", compression);
    DebTreeSource source({first, second});
    const auto listing = source.list().value();
    EXPECT_EQ(listing.architecture, "x86_64");
    ASSERT_EQ(listing.components.size(), 2U);
    EXPECT_EQ(listing.components[0].version, "1:2.0+x");
    EXPECT_NE(listing.licences.find("Some licence."), std::string::npos);
    EXPECT_EQ(find(listing, "usr/bin/mme").mode, 0755U);
    EXPECT_EQ(find(listing, "usr/bin/link").link_target, "mme");
    EXPECT_EQ(
        find(listing, "usr/bin/same").same_as.has_value() + find(listing, "usr/bin/mme").same_as.has_value(),
        1);
    EXPECT_EQ(content(source, listing, "usr/lib/libmme.so"), "library");
    EXPECT_EQ(content(source, listing, "usr/share/doc/mme/copyright"), "Some licence.\n");  // going back
    fs::remove(first);
    fs::remove(second);
  }
}

TEST_F(TreeSources, DebsThatBringTheSameFileAreRefused) {
  file("usr/bin/mme", "program", 0755);
  const auto first = deb("one", "amd64", "gzip");
  file("usr/bin/mme", "program", 0755);
  const auto second = deb("two", "amd64", "gzip");
  DebTreeSource source({first, second});
  EXPECT_EQ(source.list().error().code, Code::input_refused);
  file("usr/bin/other", "program", 0755);
  DebTreeSource machines({first, deb("three", "arm64", "gzip")});
  EXPECT_EQ(machines.list().error().code, Code::input_refused);
}

TEST_F(TreeSources, B20_DebsThatAreCutOrNone) {
  file("usr/bin/mme", std::string(100000, 'x') + "y", 0755);
  const auto whole = deb("one", "amd64", "gzip");
  const auto size = fs::file_size(whole);
  for (const auto part : {size - 1, size - 40, size / 2, std::uintmax_t{100}, std::uintmax_t{0}}) {
    const std::string path = (top_ / "cut.deb").string();
    fs::remove(path);
    fs::copy(whole, path);
    fs::resize_file(path, part);
    DebTreeSource source({path});
    const auto listing = source.list();
    if (listing.ok()) {
      // The cut is in the padding behind the data; every byte is still there.
      EXPECT_EQ(content(source, listing.value(), "usr/bin/mme").back(), 'y');
      EXPECT_GE(part, size - 40);
    } else {
      EXPECT_EQ(listing.error().code, Code::archive_malformed);
    }
  }
  EXPECT_EQ(DebTreeSource({(top_ / "missing.deb").string()}).list().error().code, Code::file_missing);
  ASSERT_EQ(::mkfifo((top_ / "fifo.deb").c_str(), 0600), 0);
  EXPECT_EQ(DebTreeSource({(top_ / "fifo.deb").string()}).list().error().code, Code::file_missing);
}

}  // namespace
}  // namespace sallyport
