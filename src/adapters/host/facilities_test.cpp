// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/facilities.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace sallyport {
namespace {

const Facility& named(const std::vector<Facility>& all, std::string_view name) {
  return *std::find_if(all.begin(), all.end(), [&](const Facility& one) { return one.name == name; });
}

TEST(Facilities, AreNamedOnceAndTheRequiredOnesComeFirst) {
  const auto all = host_facilities();
  std::set<std::string_view> names;
  for (const auto& facility : all) {
    EXPECT_TRUE(names.insert(facility.name).second) << facility.name;
    EXPECT_FALSE(facility.purpose.empty()) << facility.name;
  }
  EXPECT_TRUE(std::is_partitioned(all.begin(), all.end(),
                                  [](const Facility& one) { return one.wanted == Wanted::required; }));
}

// What the other tests of this tree could not run without.
TEST(Facilities, FindsWhatATestMachineHas) {
  EXPECT_EQ(named(host_facilities(), "openat2").missing, "");
}

TEST(Facilities, LeavesNoDescriptorOpen) {
  const auto open_now = [] {
    const std::filesystem::directory_iterator folder("/proc/self/fd");
    return std::distance(begin(folder), end(folder));
  };
  const auto before = open_now();
  (void)host_facilities();
  EXPECT_EQ(open_now(), before);
}

}  // namespace
}  // namespace sallyport
