// SPDX-License-Identifier: Apache-2.0
// Between a question and its answer nothing is opened, allocated, locked or written down: the kernel itself ends a
// process that tries (seccomp), and every allocation of this program is counted.
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <cstddef>
#include <cstdlib>

#include "roles/node/gate_world_for_test.h"

namespace {

thread_local std::uint64_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace sallyport::node {
namespace {

// From here on this thread may do this and nothing else.
void allow_only(const std::vector<std::uint32_t>& calls) {
  std::vector<sock_filter> program = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
  };
  for (const auto call : calls) {
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  CHECK(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  CHECK(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
}

// Passes everything on, and counts from the question to the answer.
class Counting final : public ExecEvents {
 public:
  explicit Counting(ExecEvents& events) : events_(events) {}
  Result<Arrived> next(std::chrono::milliseconds wait, ExecEvent& event) override {
    const auto before = allocations;
    auto arrived = events_.next(wait, event);
    before_ = before;
    return arrived;
  }
  Looks look() override { return events_.look(); }
  std::optional<FileDigest> sealed_digest() override { return events_.sealed_digest(); }
  Steadiness hold() override { return events_.hold(); }
  std::optional<FileDigest> measure() override { return events_.measure(); }
  Given answer(GateAnswer answer, Keep keep) override {
    const auto given = events_.answer(answer, keep);
    ++answers;
    counted += allocations - before_;
    return given;
  }
  std::string place_of_last() override { return events_.place_of_last(); }
  void forget_all() override { events_.forget_all(); }

  int answers = 0;
  std::uint64_t counted = 0;

 private:
  ExecEvents& events_;
  std::uint64_t before_ = 0;
};

class GateHotPathTest : public testing::Test, protected GateWorld {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    begin();
    limit_life();
    write_text(at("first"), good);
    write_text(at("good"), good);
    write_text(at("bad"), bad);
    write_text(at("open"), good);
    write_text(at("other"), "1");
    publish({good});
  }
  void TearDown() override { end(); }

  // Everything is asked once, by children of this one.
  void ask(const std::string& name) const {
    if (::fork() != 0) return;
    ::close_range(3, ~0U, 0);
    if (confine::join_group(group).force != Force::in_force) ::_exit(1);
    if (name == "open" || name == "other") ::_exit(::open(at(name).c_str(), O_RDONLY) >= 0 ? 0 : 1);
    ::_exit(execute({at(name)}));
  }

  // Answers so many questions; its first one makes what is made once.
  static void answer(Counting& events, WorkerBoard& worker, int count) {
    while (events.answers < count) answer_next(events, worker).value();
  }
};

TEST_F(GateHotPathTest, M20_M44_BetweenQuestionAndAnswerNothingIsOpenedAllocatedOrLocked) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer allocates and opens by itself";
#endif
  const pid_t child = ::fork();
  if (child == 0) {
    limit_life();
    const auto watch = FanotifyWatch::open().value();
    watch->add(folder).value();
    const auto workplace = std::make_shared<Workplace>(*watch, *board, time_to_answer);
    const auto events = FanotifyEvents::open(workplace, 0).value();
    Counting counting(*events);
    auto worker = board->worker(0);
    ask("first");
    answer(counting, worker, 1);
    counting.counted = 0;
    for (const char* name : {"good", "bad", "open", "other"}) ask(name);
    allow_only({SYS_read, SYS_write, SYS_pread64, SYS_fcntl, SYS_ioctl, SYS_statx, SYS_fstatfs, SYS_close,
                SYS_epoll_wait, SYS_fanotify_mark, SYS_getpid, SYS_readlink, SYS_exit_group});
    answer(counting, worker, 5);
    ::_exit(counting.counted == 0 ? 0 : 2);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(board->counts().answered, 5U);
  EXPECT_EQ(board->counts().denied, 2U);  // bad, and other
}

}  // namespace
}  // namespace sallyport::node
