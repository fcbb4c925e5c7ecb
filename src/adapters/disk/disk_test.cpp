// SPDX-License-Identifier: Apache-2.0
// What every Disk does, whichever it is.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "adapters/disk/memory.h"
#include "adapters/disk/posix.h"
#include "adapters/disk/rehearsal.h"

namespace sallyport {
namespace {

struct Temporary {
  Temporary() {
    std::array<char, 32> name{"/tmp/sallyport-disk-XXXXXX"};
    path = ::mkdtemp(name.data());
  }
  ~Temporary() { std::filesystem::remove_all(path); }
  std::string path;
};

struct Kind {
  std::string name;
  std::function<std::unique_ptr<Disk>(const std::string& folder)> make;
};

class DiskContract : public testing::TestWithParam<Kind> {
 protected:
  void put(const std::string& path, std::string_view text, std::uint32_t mode = 0644) {
    const auto writer = disk->create_file(path).value();
    writer->write(as_bytes(text)).value();
    const auto status = disk->find(path).value();
    writer->seal({mode, status->uid, status->gid, {}}).value();
  }
  std::string text(const std::string& path) {
    return std::string(as_text(disk->read_small(path, 1000).value()));
  }
  Temporary temporary;
  std::unique_ptr<Disk> disk = GetParam().make(temporary.path);
};

TEST_P(DiskContract, FilesAreCreatedOnce) {
  put("a", "content", 0640);
  EXPECT_EQ(text("a"), "content");
  EXPECT_EQ(disk->create_file("a").error().code, Code::file_exists);
  const auto status = disk->find("a").value();
  EXPECT_EQ(status->type, FileType::file);
  EXPECT_EQ(status->mode, 0640U);
  EXPECT_EQ(status->size, 7U);
  EXPECT_EQ(status->links, 1U);
  EXPECT_EQ(disk->read_small("a", 6).error().code, Code::truncated);
}

TEST_P(DiskContract, J06_NobodySeesTheFinalModeBeforeTheContentIsComplete) {
  const auto writer = disk->create_file("su").value();
  EXPECT_EQ(disk->find("su").value()->mode, 0600U);
  writer->write(as_bytes("content")).value();
  const auto status = disk->find("su").value();
  EXPECT_EQ(status->mode, 0600U);
  writer->seal({04755, status->uid, status->gid, {}}).value();
  EXPECT_EQ(disk->find("su").value()->mode, 04755U);
}

TEST_P(DiskContract, WhatIsFrozenKeepsItsContentAndNothingElse) {
  put("a", "content");
  const auto keeper = disk->freeze("a").value();
  EXPECT_EQ(disk->freeze("a").value(), keeper);
  EXPECT_EQ(disk->append("a", as_bytes(" and more")).ok(), keeper == Frozen::by_nobody);
  EXPECT_EQ(disk->truncate("a", 3).ok(), keeper == Frozen::by_nobody);
  EXPECT_EQ(text("a"), keeper == Frozen::by_nobody ? "con" : "content");
  disk->link("a", "b").value();
  disk->remove("a").value();
  EXPECT_TRUE(disk->find("b").value().has_value());
  EXPECT_EQ(disk->freeze("no").error().code, Code::file_missing);
}

TEST_P(DiskContract, MissingThingsAreSaidToBeMissing) {
  EXPECT_FALSE(disk->find("no").value().has_value());
  EXPECT_EQ(disk->open("no").error().code, Code::file_missing);
  EXPECT_EQ(disk->list("no").error().code, Code::file_missing);
  EXPECT_EQ(disk->create_file("no/a").error().code, Code::file_missing);
  EXPECT_EQ(disk->rename("no", "yes").error().code, Code::file_missing);
  EXPECT_EQ(disk->remove("no").error().code, Code::file_missing);
  EXPECT_TRUE(disk->remove_tree("no").ok());
}

TEST_P(DiskContract, FoldersListTheirNamesInOrder) {
  disk->make_folder("f").value();
  EXPECT_EQ(disk->make_folder("f").error().code, Code::file_exists);
  EXPECT_TRUE(disk->ensure_folder("f").ok());
  put("f/b", "");
  put("f/a", "");
  disk->make_folder("f/c").value();
  EXPECT_EQ(disk->list("f").value(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(disk->find("f").value()->type, FileType::directory);
}

TEST_P(DiskContract, HardLinksShareOneInode) {
  put("a", "x");
  disk->link("a", "b").value();
  EXPECT_EQ(disk->find("a").value()->links, 2U);
  EXPECT_EQ(disk->link("a", "b").error().code, Code::file_exists);
  disk->remove("a").value();
  EXPECT_EQ(text("b"), "x");
}

TEST_P(DiskContract, LinksAreReplacedInOneStepAndNeverFollowed) {
  disk->make_folder("one").value();
  disk->replace_link("one", "active").value();
  disk->replace_link("two", "active").value();
  EXPECT_EQ(disk->read_link("active").value(), "two");
  disk->replace_link("one", "active").value();
  EXPECT_EQ(disk->find("active").value()->type, FileType::link);
  EXPECT_FALSE(disk->create_file("active/x").ok());
  EXPECT_FALSE(disk->open("active").ok());
  EXPECT_FALSE(disk->list("active").ok());
  EXPECT_EQ(disk->read_link("one").error().code, Code::store_path_diverted);
}

TEST_P(DiskContract, RenameReplacesFiles) {
  put("a", "old");
  put("b", "new");
  disk->rename("b", "a").value();
  EXPECT_EQ(text("a"), "new");
  EXPECT_FALSE(disk->find("b").value().has_value());
  disk->make_folder("f").value();
  EXPECT_FALSE(disk->rename("a", "f").ok());
}

TEST_P(DiskContract, ReplaceFileLeavesOnlyTheNewOne) {
  disk->replace_file("s", as_bytes("one"), 0600).value();
  disk->replace_file("s", as_bytes("two"), 0644).value();
  EXPECT_EQ(text("s"), "two");
  EXPECT_EQ(disk->find("s").value()->mode, 0644U);
  EXPECT_EQ(disk->list("").value(), std::vector<std::string>{"s"});
}

TEST_P(DiskContract, AppendAndTruncate) {
  disk->append("j", as_bytes("one\n")).value();
  disk->append("j", as_bytes("two\n")).value();
  EXPECT_EQ(text("j"), "one\ntwo\n");
  disk->truncate("j", 4).value();
  EXPECT_EQ(text("j"), "one\n");
}

TEST_P(DiskContract, B29_TreesAreRemovedWhateverTheirModes) {
  disk->make_folder("t").value();
  disk->make_folder("t/closed").value();
  put("t/closed/file", "x", 0);
  disk->make_link("/nowhere", "t/link").value();
  const auto status = disk->find("t/closed").value();
  disk->seal_folder("t/closed", {0, status->uid, status->gid, {}}).value();
  disk->remove_tree("t").value();
  EXPECT_EQ(disk->list("").value(), std::vector<std::string>{});
}

TEST_P(DiskContract, OneHoldsTheLock) {
  auto held = disk->lock("lock").value();
  EXPECT_EQ(disk->lock("lock").error().code, Code::node_busy);
  held.reset();
  EXPECT_TRUE(disk->lock("lock").ok());
}

TEST_P(DiskContract, SyncingIsPossibleEverywhere) {
  disk->make_folder("f").value();
  put("f/a", "x");
  EXPECT_TRUE(disk->sync_file("f/a").ok());
  EXPECT_TRUE(disk->sync_folder("f").ok());
  EXPECT_TRUE(disk->sync_folder("").ok());
  EXPECT_TRUE(disk->sync_all().ok());
  EXPECT_GT(disk->space().value().bytes_free, 0U);
}

TEST_P(DiskContract, CapabilitiesComeBack) {
  if (::geteuid() != 0 && GetParam().name == "posix") GTEST_SKIP() << "only root sets file capabilities";
  const auto writer = disk->create_file("a").value();
  const std::vector<std::string> capabilities{"cap_bpf", "cap_net_bind_service"};
  writer->seal({0755, 0, 0, capabilities}).value();
  EXPECT_EQ(disk->open("a").value()->capabilities().value(), capabilities);
  put("b", "x");
  EXPECT_TRUE(disk->open("b").value()->capabilities().value().empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, DiskContract,
    testing::Values(
        Kind{"memory",
             [](const std::string&) { return std::unique_ptr<Disk>(std::make_unique<MemoryDisk>()); }},
        Kind{"memory_of_a_kernel_that_keeps",
             [](const std::string&) {
               auto disk = std::make_unique<MemoryDisk>();
               disk->set_keeper(Frozen::by_kernel);
               return std::unique_ptr<Disk>(std::move(disk));
             }},
        Kind{"posix",
             [](const std::string& folder) { return std::unique_ptr<Disk>(PosixDisk::at(folder).value()); }},
        Kind{"rehearsal",
             [](const std::string& folder) {
               return std::unique_ptr<Disk>(std::make_unique<RehearsalDisk>(PosixDisk::at(folder).value()));
             }},
        Kind{"rehearsal_of_nothing",
             [](const std::string&) {
               return std::unique_ptr<Disk>(std::make_unique<RehearsalDisk>(nullptr));
             }}),
    [](const auto& kind) { return kind.param.name; });

TEST(MemoryDisk, ForgetsWhatWasNotSynced) {
  MemoryDisk disk;
  disk.make_folder("f").value();
  disk.sync_folder("").value();
  const auto write = [&](const std::string& path) {
    const auto writer = disk.create_file(path).value();
    writer->write(as_bytes("x")).value();
  };
  write("f/named");
  disk.sync_folder("f").value();
  write("f/synced");
  disk.sync_file("f/synced").value();
  disk.crash();
  // The name without the content, as file systems do it: never both by luck.
  EXPECT_EQ(disk.list("f").value(), std::vector<std::string>{"named"});
  EXPECT_EQ(disk.find("f/named").value()->size, 0U);
  disk.remove("f/named").value();
  disk.crash();
  EXPECT_EQ(disk.list("f").value(), std::vector<std::string>{"named"});
}

class PosixAttack : public testing::Test {
 protected:
  Temporary temporary;
  std::unique_ptr<Disk> disk = PosixDisk::at(temporary.path).value();
};

TEST_F(PosixAttack, J03_AFolderThatBecomesALinkIsRefused) {
  Temporary outside;
  disk->make_folder("objects").value();
  std::filesystem::remove(temporary.path + "/objects");
  std::filesystem::create_directory_symlink(outside.path, temporary.path + "/objects");
  EXPECT_EQ(disk->create_file("objects/x").error().code, Code::store_path_diverted);
  EXPECT_EQ(disk->make_folder("objects/x").error().code, Code::store_path_diverted);
  EXPECT_EQ(disk->make_link("t", "objects/x").error().code, Code::store_path_diverted);
  EXPECT_EQ(disk->append("objects/x", as_bytes("x")).error().code, Code::store_path_diverted);
  EXPECT_EQ(disk->find("objects/x").error().code, Code::store_path_diverted);
  EXPECT_EQ(disk->sync_folder("objects").error().code, Code::store_path_diverted);
  EXPECT_TRUE(std::filesystem::is_empty(outside.path));
}

TEST_F(PosixAttack, J03_RemovingATreeStaysInside) {
  Temporary outside;
  std::filesystem::create_directories(outside.path + "/keep");
  disk->make_folder("t").value();
  std::filesystem::create_directory_symlink(outside.path, temporary.path + "/t/out");
  disk->remove_tree("t").value();
  EXPECT_TRUE(std::filesystem::exists(outside.path + "/keep"));
}

TEST_F(PosixAttack, J03_TheRootMustBeOursAlone) {
  std::filesystem::create_directory(temporary.path + "/open");
  ASSERT_EQ(::chmod((temporary.path + "/open").c_str(), 0777), 0);
  EXPECT_EQ(PosixDisk::at(temporary.path + "/open").error().code, Code::permission_missing);
  std::filesystem::create_directory_symlink(temporary.path, temporary.path + "/link");
  EXPECT_EQ(PosixDisk::at(temporary.path + "/link").error().code, Code::store_path_diverted);
  EXPECT_EQ(PosixDisk::at(temporary.path + "/none").error().code, Code::file_missing);
}

TEST_F(PosixAttack, J05_TheModeIsGivenToTheFileThatWasWritten) {
  const auto writer = disk->create_file("a").value();
  std::filesystem::rename(temporary.path + "/a", temporary.path + "/moved");
  ASSERT_EQ(::close(::open((temporary.path + "/a").c_str(), O_CREAT | O_WRONLY, 0600)), 0);
  writer->seal({04755, ::geteuid(), ::getegid(), {}}).value();
  EXPECT_EQ(disk->find("a").value()->mode, 0600U);
  EXPECT_EQ(disk->find("moved").value()->mode, 04755U);
}

// In a mount namespace of a child process: the exit code is the code of the refusal.
int create_below_a_mount(const std::string& root, const std::string& folder) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::unshare(CLONE_NEWNS) != 0) ::_exit(250);
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) ::_exit(251);
    const auto inside = PosixDisk::at(root).value();
    if (::mount("tmpfs", (root + "/" + folder).c_str(), "tmpfs", 0, nullptr) != 0) ::_exit(252);
    const auto created = inside->create_file(folder + "/x");
    ::_exit(created.ok() ? 0 : static_cast<int>(created.error().code));
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(PosixAttack, J07_AMountOverTheStoreIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root mounts";
  disk->make_folder("objects").value();
  const int code = create_below_a_mount(temporary.path, "objects");
  if (code >= 250) GTEST_SKIP() << "mounting is not possible here";
  EXPECT_EQ(code, static_cast<int>(Code::store_path_diverted));
}

TEST_F(PosixAttack, NothingLeadsOutOfTheRoot) {
  for (const auto* path : {"..", "../x", "/etc/passwd", "a/../../x"}) {
    EXPECT_FALSE(disk->open(path).ok()) << path;
    EXPECT_FALSE(disk->create_file(path).ok()) << path;
  }
}

TEST_F(PosixAttack, AFifoIsNotWaitedFor) {
  ASSERT_EQ(::mkfifo((temporary.path + "/fifo").c_str(), 0600), 0);
  EXPECT_EQ(disk->open("fifo").error().code, Code::store_path_diverted);
}

TEST_F(PosixAttack, OwnersThatOnlyRootCanGiveAreRefusedClearly) {
  const auto file = disk->create_file("a").value();
  const auto user = ::geteuid();
  constexpr uid_t nobody = 65534;
  ASSERT_TRUE(user != 0 || ::seteuid(nobody) == 0);
  const auto sealed = file->seal({0644, 1, 1, {}});
  ASSERT_TRUE(user != 0 || ::seteuid(0) == 0);
  EXPECT_EQ(sealed.error().code, Code::not_supported);
}

}  // namespace
}  // namespace sallyport
