// SPDX-License-Identifier: Apache-2.0
#include "core/gate/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace sallyport::gate {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(GateExportTest, ImaMeasuresExecutionAndMappedCodeOfOneFileSystem) {
  EXPECT_EQ(ima_policy("f0e2fbb9-0ab5-4d8c-89d2-ff76ce33bba6"),
            "measure func=BPRM_CHECK fsuuid=f0e2fbb9-0ab5-4d8c-89d2-ff76ce33bba6 digest_type=verity "
            "template=ima-ngv2\n"
            "measure func=MMAP_CHECK fsuuid=f0e2fbb9-0ab5-4d8c-89d2-ff76ce33bba6 digest_type=verity "
            "template=ima-ngv2\n");
}

ListedFile file(std::uint64_t size, std::uint8_t first_byte) {
  ListedFile listed{size, {}};
  listed.digest[0] = first_byte;
  return listed;
}

const std::string zeros(62, '0');

TEST(GateExportTest, IpeDeniesWhateverIsExecutedButTheListedContents) {
  const std::vector files{file(7, 0xbb), file(9, 0xaa)};
  EXPECT_EQ(ipe_policy({"sallyport-node-1", 12, files, {}}),
            "policy_name=sallyport-node-1 policy_version=0.0.12\n"
            "DEFAULT action=ALLOW\n"
            "DEFAULT op=EXECUTE action=DENY\n"
            "op=EXECUTE boot_verified=TRUE action=ALLOW\n"
            "op=EXECUTE fsverity_digest=sha256:aa" +
                zeros +
                " action=ALLOW\n"
                "op=EXECUTE fsverity_digest=sha256:bb" +
                zeros + " action=ALLOW\n");
}

TEST(GateExportTest, IpeNamesAContentOnce) {
  const std::vector files{file(7, 0xaa), file(9, 0xaa)};
  const auto policy = ipe_policy({"n", 1, files, {}});
  EXPECT_EQ(policy.find("fsverity_digest"), policy.rfind("fsverity_digest"));
}

TEST(GateExportTest, IpeLetsTheHostsOwnVolumeExecuteWhereThereIsOne) {
  const Sha256Digest root_hash(std::array<std::uint8_t, 32>{0xcc});
  EXPECT_THAT(ipe_policy({"n", 1, {}, root_hash}),
              HasSubstr("\nop=EXECUTE dmverity_roothash=sha256:cc" + zeros + " action=ALLOW\n"));
  EXPECT_THAT(ipe_policy({"n", 1, {}, {}}), Not(HasSubstr("dmverity")));
}

// The kernel takes three numbers below 65536, and compares them from the left.
TEST(GateExportTest, IpeVersionsGrowBeyondTheLastOfTheirThreeNumbers) {
  const auto version = [](std::uint64_t number) { return ipe_policy({"n", number, {}, {}}); };
  EXPECT_THAT(version(65535), StartsWith("policy_name=n policy_version=0.0.65535\n"));
  EXPECT_THAT(version(65536), StartsWith("policy_name=n policy_version=0.1.0\n"));
  EXPECT_THAT(version((1ULL << 48) - 1), StartsWith("policy_name=n policy_version=65535.65535.65535\n"));
}

}  // namespace
}  // namespace sallyport::gate
