// SPDX-License-Identifier: Apache-2.0
// Terms that change while processes ask without a pause: M23, M41. Nobody gets a wrong answer, and later terms do not
// wait for a moment in which nobody asks.
#include <gtest/gtest.h>

#include "roles/node/gate_world_for_test.h"

namespace sallyport::node {
namespace {

using Clock = std::chrono::steady_clock;

struct Storm {
  std::atomic<bool> stop;
  std::atomic<int> made, wrong;
};

class GateStormTest : public testing::Test, protected GateWorld {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    begin();
    for (const char* name : {"both", "old"}) write_text(at(name), name == std::string("both") ? good : old);
    write_text(at("bad"), bad);
    publish({good, old});
    start_gate();
    void* memory = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    storm = new (memory) Storm{};
  }
  void TearDown() override {
    if (storm != nullptr) storm->stop = true;
    for (const pid_t child : children) ::waitpid(child, nullptr, 0);
    end();
  }

  // A process that does this over and over, and knows what has to come of it.
  void begin_asking(const std::string& its_group, const std::function<bool()>& ask) {
    children.push_back(::fork());
    if (children.back() != 0) return;
    limit_life();
    if (!its_group.empty() && confine::join_group(its_group).force != Force::in_force) ++storm->wrong;
    while (!storm->stop) {
      if (!ask()) ++storm->wrong;
      ++storm->made;
    }
    ::_exit(0);
  }
  int open_once(const std::string& name) const {
    const int file = ::open(at(name).c_str(), O_RDONLY | O_CLOEXEC);
    const int result = file < 0 ? errno : 0;
    ::close(file);
    return result;
  }

  const std::string old = good + "2";
  Storm* storm = nullptr;
  std::vector<pid_t> children;
};

TEST_F(GateStormTest, M23_M41_NewTermsAreTakenInUnderAStormAndNobodyIsAnsweredWrongly) {
  begin_asking(group, [&] { return open_once("both") == 0; });
  begin_asking(group, [&] { return open_once("bad") == EPERM; });
  begin_asking("", [&] { return open_once("bad") == 0; });
  begin_asking("", [&] { return run("both") == 0; });
  begin_asking("", [&] { return run("bad") == EPERM; });
  Clock::duration longest{0};
  for (int i = 0; i < 40; ++i) {
    const auto begin = Clock::now();
    publish(i % 2 == 0 ? std::vector{good} : std::vector{good, old});
    longest = std::max(longest, Clock::now() - begin);
    ASSERT_EQ(board->adopted(), board->published());
    ASSERT_EQ(run("old"), i % 2 == 0 ? EPERM : 0);
  }
  storm->stop = true;
  EXPECT_EQ(storm->wrong, 0);
  EXPECT_GT(storm->made, 100);
  EXPECT_EQ(board->counts().late, 0U);
  EXPECT_EQ(board->counts().overflows, 0U);
  EXPECT_EQ(board->counts().restarts, 0U);
  RecordProperty("longest_switch_ms",
                 static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(longest).count()));
}

}  // namespace
}  // namespace sallyport::node
