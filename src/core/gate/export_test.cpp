// SPDX-License-Identifier: Apache-2.0
#include "core/gate/export.h"

#include <gtest/gtest.h>

namespace sallyport::gate {
namespace {

TEST(GateExportTest, ImaMeasuresExecutionAndMappedCodeOfOneFileSystem) {
  EXPECT_EQ(ima_policy("f0e2fbb9-0ab5-4d8c-89d2-ff76ce33bba6"),
            "measure func=BPRM_CHECK fsuuid=f0e2fbb9-0ab5-4d8c-89d2-ff76ce33bba6 digest_type=verity "
            "template=ima-ngv2\n"
            "measure func=MMAP_CHECK fsuuid=f0e2fbb9-0ab5-4d8c-89d2-ff76ce33bba6 digest_type=verity "
            "template=ima-ngv2\n");
}

}  // namespace
}  // namespace sallyport::gate
