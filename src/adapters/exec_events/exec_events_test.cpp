// SPDX-License-Identifier: Apache-2.0
// What every ExecEvents does, whoever asks: the kernel, or a test.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <sstream>

#include "adapters/exec_events/fanotify.h"
#include "adapters/exec_events/memory.h"
#include "adapters/exec_events/process_group.h"
#include "core/crypto/file_digest.h"

namespace sallyport {
namespace {

constexpr auto soon = std::chrono::milliseconds(2000);
constexpr auto at_once = std::chrono::milliseconds(20);
const std::string content = "a file of the test";

// Somebody opens a regular file with `content`; what became of it is in `result`.
class Source {
 public:
  virtual ~Source() = default;
  virtual ExecEvents& events() = 0;
  virtual void somebody_opens() = 0;
  virtual int result() = 0;  // 0, or the errno
};

class MadeUpSource final : public Source {
 public:
  ExecEvents& events() override { return events_; }
  void somebody_opens() override {
    events_.waiting.push_back({{1, 5, Access::open, FileKind::regular, Place::code, content.size()},
                               Looks::plain,
                               Steadiness::steady,
                               file_digest(as_bytes(content))});
  }
  int result() override { return events_.answers.back().answer == GateAnswer::allow ? 0 : EPERM; }

 private:
  MemoryExecEvents events_;
};

// A tmpfs of its own, seen by this process alone.
class KernelSource final : public Source {
 public:
  KernelSource() {
    CHECK(::unshare(CLONE_NEWNS) == 0);
    CHECK(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
    char name[] = "/tmp/exec-events-XXXXXX";
    CHECK(::mkdtemp(name) != nullptr);
    folder_ = name;
    CHECK(::mount("test", name, "tmpfs", 0, nullptr) == 0);
    std::ofstream(folder_ + "/file") << content;
    watch_ = FanotifyWatch::open().value();
    watch_->add(folder_).value();
    const auto time = [](std::uint64_t) { return 60'000U; };
    events_ = FanotifyEvents::open(std::make_shared<Workplace>(*watch_, *board_, time), 0).value();
    ::alarm(60);  // with this process the watch ends
  }
  ~KernelSource() override {
    events_.reset();
    watch_.reset();
    ::alarm(0);
    ::umount2(folder_.c_str(), MNT_DETACH);
    ::rmdir(folder_.c_str());
  }
  KernelSource(const KernelSource&) = delete;
  KernelSource& operator=(const KernelSource&) = delete;

  ExecEvents& events() override { return *events_; }
  void somebody_opens() override {
    child_ = ::fork();
    if (child_ != 0) return;
    // Nothing of the test's stays open here: the watch has one holder.
    ::close_range(3, ~0U, 0);
    ::_exit(::open((folder_ + "/file").c_str(), O_RDONLY) >= 0 ? 0 : errno);
  }
  int result() override {
    int status = 0;
    ::waitpid(child_, &status, 0);
    return WEXITSTATUS(status);
  }

 private:
  std::string folder_;
  std::unique_ptr<SharedBoard> board_ = SharedBoard::create().value();
  std::unique_ptr<FanotifyWatch> watch_;
  std::unique_ptr<FanotifyEvents> events_;
  pid_t child_ = 0;
};

struct Kind {
  const char* name;
  std::function<std::unique_ptr<Source>()> make;
};

class ExecEventsTest : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (std::string_view(GetParam().name) == "Kernel" && ::geteuid() != 0) GTEST_SKIP() << "needs root";
    source = GetParam().make();
  }
  std::unique_ptr<Source> source;
};

TEST_P(ExecEventsTest, IsQuietWhenNobodyAsks) {
  ExecEvent event{};
  EXPECT_EQ(source->events().next(at_once, event).value(), Arrived::nothing);
}

TEST_P(ExecEventsTest, WhoAsksGetsTheAnswerThatWasGiven) {
  for (const auto answer : {GateAnswer::deny, GateAnswer::allow}) {
    source->somebody_opens();
    ExecEvent event{};
    ASSERT_EQ(source->events().next(soon, event).value(), Arrived::event);
    EXPECT_EQ(event.access, Access::open);
    EXPECT_EQ(event.kind, FileKind::regular);
    EXPECT_EQ(event.place, Place::code);
    EXPECT_EQ(event.size, content.size());
    EXPECT_GT(event.process, 0);
    EXPECT_EQ(source->events().look(), Looks::plain);
    EXPECT_FALSE(source->events().sealed_digest());
    EXPECT_EQ(source->events().hold(), Steadiness::steady);
    EXPECT_EQ(source->events().measure(), file_digest(as_bytes(content)));
    EXPECT_EQ(source->events().answer(answer, Keep::nothing), Given::given);
    EXPECT_FALSE(source->events().place_of_last().empty());
    EXPECT_EQ(source->result(), answer == GateAnswer::allow ? 0 : EPERM);
    EXPECT_EQ(source->events().next(at_once, event).value(), Arrived::nothing);
  }
}

TEST_P(ExecEventsTest, AnOverflowIsToldAndTheRestGoesOn) {
  OverflowingExecEvents overflowing(source->events(), 1);
  ExecEvent event{};
  EXPECT_EQ(overflowing.next(at_once, event).value(), Arrived::overflow);
  source->somebody_opens();
  ASSERT_EQ(overflowing.next(soon, event).value(), Arrived::event);
  overflowing.answer(GateAnswer::allow, Keep::nothing);
  EXPECT_EQ(source->result(), 0);
}

INSTANTIATE_TEST_SUITE_P(All, ExecEventsTest,
                         testing::Values(Kind{"Memory", [] { return std::make_unique<MadeUpSource>(); }},
                                         Kind{"Kernel", [] { return std::make_unique<KernelSource>(); }}),
                         [](const auto& kind) { return std::string(kind.param.name); });

// The machine's own file system is not watched: it would wait for us.
TEST(FanotifyWatchTest, RefusesTheFileSystemOfTheRootAndOfTheProgram) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  const auto watch = FanotifyWatch::open().value();
  for (const char* folder : {"/", "/usr"}) {
    const auto refused = watch->add(folder);
    ASSERT_FALSE(refused.ok()) << folder;
    EXPECT_EQ(refused.error().code, Code::gate_file_system_shared);
  }
}

bool host_has_groups() {
  std::ostringstream mounts;
  mounts << std::ifstream("/proc/self/mountinfo").rdbuf();
  return mounts.str().find(" - cgroup2 ") != std::string::npos;
}

TEST(ProcessGroupTest, BothWaysTellTheSameGroup) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  if (!host_has_groups()) GTEST_SKIP() << "needs control groups of version 2";
  const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0));
  const auto group = exec_events::group_by_proc(::getpid());
  ASSERT_TRUE(group);
  EXPECT_EQ(exec_events::group_of(descriptor, ::getpid()), group);
  EXPECT_EQ(exec_events::group_of(-1, ::getpid()), group);
  EXPECT_FALSE(exec_events::group_of(-1, 0x3fffffff));
  ::close(descriptor);
}

}  // namespace
}  // namespace sallyport
