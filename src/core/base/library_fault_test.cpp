// SPDX-License-Identifier: Apache-2.0
#include "core/base/library_fault.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "core/base/result.h"

namespace sallyport {
namespace {

Result<int> three_unless(bool failing) {
  if (failing) library_fails("EVP_Digest");
  return 3;
}

TEST(LibraryFault, IsAFaultWhereItEnds) {
  const auto failed = attempt([] { return three_unless(true); });
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, Code::internal_error);
  EXPECT_EQ(kind_of(failed.error().code), Kind::fault);
  EXPECT_NE(failed.error().expected.find("EVP_Digest"), std::string::npos);
}

TEST(LibraryFault, AResultGoesThrough) {
  EXPECT_EQ(attempt([] { return three_unless(false); }).value(), 3);
  const auto refused = attempt([]() -> Result<void> { return Error(Code::path_invalid, "x"); });
  EXPECT_EQ(refused.error().code, Code::path_invalid);
}

TEST(LibraryFault, NothingElseEndsThere) {
  EXPECT_THROW((void)attempt([]() -> Result<void> { throw std::runtime_error("another"); }),
               std::runtime_error);
}

}  // namespace
}  // namespace sallyport
