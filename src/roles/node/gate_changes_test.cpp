// SPDX-License-Identifier: Apache-2.0
// A file that was allowed and is remembered costs nothing until it changes. Every way of changing one, each through the
// mount that is known and through another one, with the size and the times as they were: M12, M13.
#include <gtest/gtest.h>
#include <sys/sendfile.h>
#include <sys/xattr.h>

#include <cstring>

#include "roles/node/gate_world_for_test.h"

namespace sallyport::node {
namespace {

constexpr int writing = O_WRONLY | O_CLOEXEC;
constexpr std::size_t page = 4096;

struct File {
  File(const std::string& path, int flags, mode_t mode = 0) : number(::open(path.c_str(), flags, mode)) {}
  ~File() { ::close(number); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const int number;
};

bool write_all(int file, const std::string& content) {
  return ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
}

// What was there with its last byte changed: the section table, at which the kernel does not look.
using Make = std::function<bool(const std::string& path, const std::string& content)>;
struct Change {
  const char* name;
  Make make;
};

bool write_directly(const std::string& path, const std::string& content) {
  const File file(path, writing | O_DIRECT);
  const auto at = content.size() / page * page;
  void* memory = nullptr;
  CHECK(::posix_memalign(&memory, page, page) == 0);
  std::memset(memory, 0, page);
  std::memcpy(memory, content.data() + at, content.size() - at);
  const bool good =
      ::pwrite(file.number, memory, page, static_cast<off_t>(at)) == static_cast<ssize_t>(page) &&
      ::ftruncate(file.number, static_cast<off_t>(content.size())) == 0;
  std::free(memory);
  return good;
}

// From a file beside it that has the new content.
bool copy_with(const std::string& path, const std::string& content,
               const std::function<ssize_t(int from, int to, std::size_t size)>& copy) {
  write_text(path + ".from", content, 0644);
  const File from(path + ".from", O_RDONLY | O_CLOEXEC);
  const File to(path, writing);
  return copy(from.number, to.number, content.size()) == static_cast<ssize_t>(content.size());
}

bool punch(const std::string& path, const std::string& content) {
  const File file(path, writing);
  const auto end = static_cast<off_t>(content.size());
  // Zeros instead of the table's end, whatever stood there.
  return ::fallocate(file.number, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, end - 64, 64) == 0;
}

std::vector<Change> writes() {
  return {
      {"write", [](const std::string& path,
                   const std::string& content) { return write_all(File(path, writing).number, content); }},
      {"one byte",
       [](const std::string& path, const std::string& content) {
         const File file(path, writing);
         const auto at = content.size() - 1;
         return ::pwrite(file.number, content.data() + at, 1, static_cast<off_t>(at)) == 1;
       }},
      {"append",
       [](const std::string& path, const std::string& content) {
         return ::truncate(path.c_str(), static_cast<off_t>(content.size() - 1)) == 0 &&
                write_all(File(path, writing | O_APPEND).number, content.substr(content.size() - 1));
       }},
      {"open that truncates",
       [](const std::string& path, const std::string& content) {
         return write_all(File(path, writing | O_TRUNC).number, content);
       }},
      {"truncate and back",
       [](const std::string& path, const std::string& content) {
         const auto end = static_cast<off_t>(content.size());
         return ::truncate(path.c_str(), end - 64) == 0 && ::truncate(path.c_str(), end) == 0;
       }},
      {"ftruncate and back",
       [](const std::string& path, const std::string& content) {
         const File file(path, writing);
         const auto end = static_cast<off_t>(content.size());
         return ::ftruncate(file.number, end - 64) == 0 && ::ftruncate(file.number, end) == 0;
       }},
      {"fallocate", punch},
      {"O_DIRECT", write_directly},
  };
}

std::vector<Change> others() {
  return {
      {"copy_file_range",
       [](const std::string& path, const std::string& content) {
         return copy_with(path, content, [](int from, int to, std::size_t size) {
           return ::copy_file_range(from, nullptr, to, nullptr, size, 0);
         });
       }},
      {"sendfile",
       [](const std::string& path, const std::string& content) {
         return copy_with(path, content, [](int from, int to, std::size_t size) {
           return ::sendfile(to, from, nullptr, size);
         });
       }},
      {"splice",
       [](const std::string& path, const std::string& content) {
         int ends[2];
         CHECK(::pipe2(ends, O_CLOEXEC) == 0);
         const auto last = content.substr(content.size() - 1);
         const File file(path, writing);
         ::lseek(file.number, -1, SEEK_END);
         const bool good =
             write_all(ends[1], last) && ::splice(ends[0], nullptr, file.number, nullptr, 1, 0) == 1;
         ::close(ends[0]);
         ::close(ends[1]);
         return good;
       }},
      {"store through a mapping",
       [](const std::string& path, const std::string& content) {
         store_through_mapping(path, content);
         return true;
       }},
      {"rename over",
       [](const std::string& path, const std::string& content) {
         write_text(path + ".new", content);
         return ::rename((path + ".new").c_str(), path.c_str()) == 0;
       }},
      {"exchange",
       [](const std::string& path, const std::string& content) {
         write_text(path + ".other", content);
         return ::renameat2(AT_FDCWD, (path + ".other").c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) ==
                0;
       }},
      {"unlink and create",
       [](const std::string& path, const std::string& content) {
         ::unlink(path.c_str());
         write_text(path, content);
         return true;
       }},
  };
}

std::vector<Change> changes() {
  auto all = writes();
  for (auto& other : others()) all.push_back(std::move(other));
  return all;
}

class GateChangesTest : public testing::Test, protected GateWorld {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    begin();
    char name[] = "/tmp/gate-other-XXXXXX";
    CHECK(::mkdtemp(name) != nullptr);
    other = name;
    CHECK(::mount(folder.c_str(), name, nullptr, MS_BIND, nullptr) == 0);
    publish({good});
    start_gate();
  }
  void TearDown() override {
    ::umount2(other.c_str(), MNT_DETACH);
    ::rmdir(other.c_str());
    end();
  }

  void make_remembered() {
    ::unlink(at("it").c_str());
    write_text(at("it"), good);
    ASSERT_EQ(run("it"), 0);
    for (int i = 0; !remembered() && i < 500; ++i) pause();
  }
  // Nobody is asked.
  bool remembered() {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const auto before = board->counts().answered;
    EXPECT_EQ(run("it"), 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return board->counts().answered == before;
  }

  std::string other;
};

TEST_F(GateChangesTest, M12_M13_EveryWayOfChangingARememberedFileIsNoticed) {
  auto changed = good;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  for (const auto& mount : {folder, other}) {
    for (const auto& change : changes()) {
      SCOPED_TRACE(std::string(change.name) + (mount == other ? ", through another mount" : ""));
      make_remembered();
      struct stat before;
      ASSERT_EQ(::stat(at("it").c_str(), &before), 0);
      if (!change.make(mount + "/it", changed)) {
        // Not every file system can do everything.
        EXPECT_TRUE(errno == EOPNOTSUPP || errno == EINVAL) << errno;
        continue;
      }
      const timespec times[] = {before.st_atim, before.st_mtim};
      ::utimensat(AT_FDCWD, at("it").c_str(), times, 0);
      struct stat after;
      ASSERT_EQ(::stat(at("it").c_str(), &after), 0);
      ASSERT_EQ(after.st_size, before.st_size);
      ASSERT_EQ(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
      ASSERT_NE(read_text(at("it")), good);
      EXPECT_EQ(run("it"), EPERM);
    }
  }
}

TEST_F(GateChangesTest, M13_AFileThatIsMountedOverARememberedOneIsRefused) {
  make_remembered();
  write_text(at("over"), bad);
  ASSERT_EQ(::mount(at("over").c_str(), at("it").c_str(), nullptr, MS_BIND, nullptr), 0);
  EXPECT_EQ(run("it"), EPERM);
  ::umount2(at("it").c_str(), MNT_DETACH);
  EXPECT_EQ(run("it"), 0);
}

// The same byte again: the file is looked at anew, and runs.
TEST_F(GateChangesTest, WhatIsWrittenAnewAndIsTheSameStillRuns) {
  make_remembered();
  const auto before = board->counts().answered;
  {
    const File file(at("it"), writing);
    ASSERT_EQ(::pwrite(file.number, good.data(), 1, 0), 1);
  }
  EXPECT_EQ(run("it"), 0);
  EXPECT_TRUE(soon([&] { return board->counts().answered > before; }));
}

// What leaves the content alone costs no question.
TEST_F(GateChangesTest, WhatLeavesTheContentAloneIsNotAskedAbout) {
  make_remembered();
  EXPECT_EQ(::chmod(at("it").c_str(), 0700), 0);
  ::setxattr(at("it").c_str(), "trusted.test", "1", 1, 0);
  EXPECT_TRUE(remembered());
  EXPECT_EQ(::link(at("it").c_str(), at("linked").c_str()), 0);
  EXPECT_EQ(::rename(at("it").c_str(), at("it.moved").c_str()), 0);
  EXPECT_EQ(::rename(at("it.moved").c_str(), at("it").c_str()), 0);
  EXPECT_TRUE(remembered());
}

}  // namespace
}  // namespace sallyport::node
