// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/bundle.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

Bytes bundle_of(const std::vector<std::pair<std::string, Bytes>>& files) {
  std::vector<ZipPlanMember> members;
  for (const auto& [name, content] : files)
    members.push_back({RelativePath::parse(name).value(), content.size(), crc32(0, content)});
  const auto plan = plan_zip(members).value();
  Bytes all;
  for (std::size_t i = 0; i < files.size(); ++i) {
    all.insert(all.end(), plan.local_headers[i].begin(), plan.local_headers[i].end());
    all.insert(all.end(), files[i].second.begin(), files[i].second.end());
  }
  all.insert(all.end(), plan.tail.begin(), plan.tail.end());
  return all;
}

const Bytes two_parts((1U << 20U) + 7, 9);

TEST(BundleFetcher, GivesWhatIsAskedForFromWhereItIsAskedFor) {
  const auto bytes = bundle_of({{"metadata/timestamp.json", {1, 2, 3}}, {"targets/a", two_parts}});
  const MemorySource file(bytes);
  auto fetcher = BundleFetcher::open(file).value();
  EXPECT_EQ(fetcher.fetch_small("bundle:/metadata/timestamp.json", 3).value(), (Bytes{1, 2, 3}));
  MemorySink rest;
  ASSERT_TRUE(fetcher.fetch({"bundle:/targets/a", two_parts.size(), 5}, rest).ok());
  EXPECT_EQ(rest.bytes(), Bytes(two_parts.begin() + 5, two_parts.end()));
}

TEST(BundleFetcher, RefusesWhatIsNotThereOrTooLarge) {
  const auto bytes = bundle_of({{"metadata/timestamp.json", {1, 2, 3}}});
  const MemorySource file(bytes);
  auto fetcher = BundleFetcher::open(file).value();
  EXPECT_EQ(fetcher.fetch_small("bundle:/metadata/root.json", 9).error().code, Code::server_file_missing);
  EXPECT_EQ(fetcher.fetch_small("bundle:/metadata/timestamp.json", 2).error().code,
            Code::server_sends_too_much);
  EXPECT_EQ(fetcher.fetch_small("http://host/metadata/timestamp.json", 9).error().code, Code::url_invalid);
}

TEST(BundleFetcher, I10_CutShortAtAnyByteItIsNoBundle) {
  const auto bytes = bundle_of({{"metadata/timestamp.json", {1, 2, 3}}});
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(BundleFetcher::open(MemorySource(BytesView(bytes).first(size))).ok()) << size;
}

}  // namespace
}  // namespace sallyport
