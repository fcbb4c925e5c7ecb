// SPDX-License-Identifier: Apache-2.0
// A release of one static program (tests/probe) and a service of it, to be confined.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "adapters/confine/namespaces.h"

namespace sallyport {

namespace fs = std::filesystem;

inline constexpr std::uint32_t service_id = 41234;

inline std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class ConfinedServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    char name[] = "/tmp/confine-XXXXXX";
    home_ = ::mkdtemp(name);
    fs::permissions(home_, fs::perms::others_exec, fs::perm_options::add);
    fs::create_directories(home_ / "tree/usr/bin");
    fs::create_directories(home_ / "tree/var/state");
    fs::create_directories(home_ / "tree/tmp/hidden");
    fs::copy_file(SALLYPORT_PROBE, home_ / "tree/usr/bin/probe");
    fs::create_directory_symlink("usr/bin", home_ / "tree/bin");
    std::ofstream(home_ / "tree/readme") << "of the release\n";
    // Anybody may write, as far as the modes go: what stops the service is the mount.
    for (const char* path : {"tree/usr", "tree/usr/bin", "tree/readme"}) {
      fs::permissions(home_ / path, fs::perms::all);
    }
  }
  void TearDown() override {
    if (!home_.empty()) fs::remove_all(home_);
  }

  Confinement confinement(std::vector<std::string> attempts) {
    attempts.insert(attempts.begin(), "/usr/bin/probe");
    const Service service{ServiceId::parse("probe").value(),
                          std::move(attempts),
                          service_id,
                          service_id,
                          {},
                          Network::own,
                          {},
                          {RelativePath::parse("var/state").value()},
                          {},
                          5};
    return {home_ / "tree", home_ / "data", home_ / "log", home_ / "lock", service};
  }

  // Runs to the end and gives what the service printed.
  std::string output_of(const Confinement& confinement) {
    fs::remove(home_ / "log");
    auto service = NamespaceGate().start(confinement);
    EXPECT_TRUE(service.ok()) << service.error().where << ": " << service.error().found;
    if (!service.ok()) return {};
    coverage_ = service.value()->coverage();
    const auto ended = service.value()->wait();
    EXPECT_TRUE(ended.ok());
    EXPECT_EQ(ended.value().how, ServiceEnd::exited);
    EXPECT_EQ(ended.value().number, 7);
    return text_of(home_ / "log");
  }
  std::string output_of(std::vector<std::string> attempts) {
    return output_of(confinement(std::move(attempts)));
  }
  bool in_force(std::string_view facility) const {
    for (const auto& coverage : coverage_) {
      if (coverage.facility == facility) return coverage.force == Force::in_force;
    }
    return false;
  }
  void await_ready() {
    for (int i = 0; i < 500 && !fs::exists(home_ / "data/var/state/ready"); ++i) ::usleep(10000);
  }

  fs::path home_;
  std::vector<Coverage> coverage_;
};

}  // namespace sallyport
