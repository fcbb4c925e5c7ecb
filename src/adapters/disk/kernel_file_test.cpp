// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/kernel_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "adapters/disk/file_source.h"

namespace sallyport {
namespace {

TEST(KernelFileTest, IsReadToItsEndAlthoughItClaimsToBeEmpty) {
  const std::string path = "/proc/self/maps";
  ASSERT_EQ(FileSource::open(path).value()->size(), 0U);
  const auto bytes = read_kernel_file(path, 1 << 20).value();
  EXPECT_NE(as_text(bytes).find("[stack]"), std::string_view::npos);
}

TEST(KernelFileTest, AnyFileIsReadUpToItsBound) {
  const std::string path = testing::TempDir() + "kernel_file_" + std::to_string(::getpid());
  const std::string content(200000, 'x');
  std::ofstream(path) << content;
  EXPECT_EQ(as_text(read_kernel_file(path, content.size()).value()), content);
  EXPECT_EQ(read_kernel_file(path, content.size() - 1).error().code, Code::file_too_large);
  EXPECT_EQ(read_kernel_file(path + ".none", 1).error().code, Code::file_missing);
  ::unlink(path.c_str());
}

}  // namespace
}  // namespace sallyport
