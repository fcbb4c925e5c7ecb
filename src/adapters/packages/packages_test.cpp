// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "adapters/packages/dpkg.h"
#include "adapters/packages/memory.h"

namespace sallyport {
namespace {

namespace fs = std::filesystem;

// A host with a shell from a package, and a file that is no program.
class Host {
 public:
  virtual ~Host() = default;
  virtual HostPackages& packages() = 0;
};

class MadeUpHost final : public Host {
 public:
  MadeUpHost() {
    host_.packages = {{"dash", "amd64", "0.5.12-2"}};
    host_.add("/bin/dash", 0, "dash");
    host_.add("/usr/share/words", 0, "words");
    host_.files["/usr/share/words"].executable = false;
  }
  HostPackages& packages() override { return host_; }

 private:
  MemoryPackages host_;
};

// The same in a folder, with what dpkg keeps of it.
class FolderHost final : public Host {
 public:
  FolderHost() {
    std::string name = (fs::temp_directory_path() / "host-XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr);
    root = name;
    write("var/lib/dpkg/status",
          "Package: dash\nStatus: install ok installed\nArchitecture: amd64\nMulti-Arch: same\n"
          "Version: 0.5.12-2\nConffiles:\n /etc/dash.sh " +
              MemoryPackages::md5_of("conf") + "\n\nPackage: gone\nStatus: deinstall ok config-files\n");
    write("var/lib/dpkg/info/dash:amd64.list",
          "/.\n/bin\n/bin/dash\n/bin/link\n/usr/share/words\n/etc/dash.sh\n");
    write("var/lib/dpkg/info/dash:amd64.md5sums", MemoryPackages::md5_of("dash") + "  bin/dash\n" +
                                                      MemoryPackages::md5_of("words") +
                                                      "  usr/share/words\n");
    program("usr/bin/dash", "dash");
    fs::create_directory_symlink("usr/bin", root + "/bin");  // as Debian has it
    fs::create_symlink("/etc/passwd", root + "/usr/bin/link");
    write("usr/share/words", "words");
    program("etc/dash.sh", "conf");
    host_ = DpkgPackages::at(root).value();
  }
  ~FolderHost() override { fs::remove_all(root); }
  HostPackages& packages() override { return *host_; }

  void write(const std::string& path, const std::string& content) const {
    fs::create_directories(fs::path(root + "/" + path).parent_path());
    std::ofstream(root + "/" + path) << content;
  }
  void program(const std::string& path, const std::string& content) const {
    write(path, content);
    CHECK(::chmod((root + "/" + path).c_str(), 0755) == 0);
  }

  std::string root;

 private:
  std::unique_ptr<DpkgPackages> host_;
};

struct Kind {
  const char* name;
  std::function<std::unique_ptr<Host>()> make;
};

class HostPackagesTest : public testing::TestWithParam<Kind> {
 protected:
  std::unique_ptr<Host> host = GetParam().make();
};

TEST_P(HostPackagesTest, SaysWhatIsInstalledAndWhoseTheFilesAre) {
  const auto installed = host->packages().installed().value();
  EXPECT_EQ(installed.database, "dpkg");
  ASSERT_EQ(installed.packages.size(), 1U);
  EXPECT_EQ(installed.packages[0].name, "dash");
  EXPECT_EQ(installed.packages[0].architecture, "amd64");
  EXPECT_EQ(installed.packages[0].version, "0.5.12-2");
  const auto found = std::ranges::find(installed.files, "/bin/dash", &InstalledFile::path);
  ASSERT_NE(found, installed.files.end());
  EXPECT_EQ(found->package, 0U);
  EXPECT_EQ(found->md5, MemoryPackages::md5_of("dash"));
}

TEST_P(HostPackagesTest, MeasuresProgramsAndNothingElse) {
  auto& packages = host->packages();
  const auto program = packages.measure("/bin/dash", Wanted::executable).value();
  ASSERT_TRUE(program);
  EXPECT_EQ(program->size, 4U);
  EXPECT_EQ(program->digest, file_digest(as_bytes("dash")));
  EXPECT_EQ(program->md5, MemoryPackages::md5_of("dash"));
  EXPECT_FALSE(packages.measure("/usr/share/words", Wanted::executable).value());
  EXPECT_TRUE(packages.measure("/usr/share/words", Wanted::any).value());
  EXPECT_FALSE(packages.measure("/bin", Wanted::any).value());
  EXPECT_FALSE(packages.measure("/bin/none", Wanted::any).value());
}

INSTANTIATE_TEST_SUITE_P(All, HostPackagesTest,
                         testing::Values(Kind{"Memory", [] { return std::make_unique<MadeUpHost>(); }},
                                         Kind{"Folder", [] { return std::make_unique<FolderHost>(); }}),
                         [](const auto& kind) { return std::string(kind.param.name); });

TEST(DpkgPackagesTest, ConffilesAndDiversionsAreConsidered) {
  FolderHost host;
  host.write("var/lib/dpkg/diversions", "/bin/dash\n/bin/dash.distrib\nother\n");
  const auto installed = host.packages().installed().value();
  const auto of = [&](const std::string& path) {
    return std::ranges::find(installed.files, path, &InstalledFile::path);
  };
  EXPECT_EQ(of("/etc/dash.sh")->md5, MemoryPackages::md5_of("conf"));
  EXPECT_EQ(of("/bin/dash"), installed.files.end());
  EXPECT_EQ(of("/bin/dash.distrib")->md5, MemoryPackages::md5_of("dash"));
}

// A link is no program of its own, and none leads out of the host's root.
TEST(DpkgPackagesTest, LinksDoNotLeadOutOfTheRoot) {
  FolderHost host;
  EXPECT_FALSE(host.packages().measure("/bin/link", Wanted::any).value());
  fs::create_directory_symlink("/etc", host.root + "/out");
  EXPECT_FALSE(host.packages().measure("/out/passwd", Wanted::any).value());
  EXPECT_TRUE(host.packages().measure("/out/dash.sh", Wanted::any).value());
  EXPECT_FALSE(host.packages().measure("/../../../etc/passwd", Wanted::any).value());
}

TEST(DpkgPackagesTest, AnotherFormIsRefusedAndNoDatabaseIsMissing) {
  FolderHost host;
  host.write("var/lib/dpkg/info/dash:amd64.list", "bin/dash\n");
  EXPECT_EQ(host.packages().installed().error().code, Code::package_database_malformed);
  fs::remove(host.root + "/var/lib/dpkg/status");
  EXPECT_EQ(host.packages().installed().error().code, Code::file_missing);
  EXPECT_EQ(DpkgPackages::at(host.root + "/none").error().code, Code::file_missing);
}

// The database of this machine, where dpkg is: the test's own shell is a program of a package.
TEST(DpkgPackagesTest, TheDatabaseOfThisMachineIsRead) {
  if (!fs::exists("/var/lib/dpkg/status")) GTEST_SKIP() << "no dpkg here";
  const auto packages = DpkgPackages::at("/").value();
  const auto installed = packages->installed().value();
  EXPECT_GT(installed.packages.size(), 50U);
  const auto dash = std::ranges::find_if(installed.files, [&](const InstalledFile& file) {
    return installed.packages[file.package].name == "dash" && file.path.ends_with("/bin/dash");
  });
  ASSERT_NE(dash, installed.files.end());
  const auto program = packages->measure(dash->path, Wanted::executable).value();
  ASSERT_TRUE(program);
  EXPECT_EQ(program->md5, dash->md5);
}

}  // namespace
}  // namespace sallyport
