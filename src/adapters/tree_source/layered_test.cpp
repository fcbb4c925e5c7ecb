// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/layered.h"

#include <gtest/gtest.h>

#include "adapters/tree_source/memory.h"

namespace sallyport {
namespace {

SourceEntry entry(std::string_view path, EntryType type, std::uint64_t size = 0) {
  return {RelativePath::parse(path).value(),
          type,
          type == EntryType::directory ? 0755U : 0644U,
          0,
          0,
          size,
          {},
          {},
          {}};
}

std::unique_ptr<TreeSource> source(std::vector<SourceEntry> entries, std::vector<Bytes> contents) {
  SourceListing listing{std::move(entries), {}, {}, "x86_64", Instant::from_seconds(0).value()};
  return std::make_unique<MemoryTreeSource>(std::move(listing), std::move(contents), Opening::in_order);
}

std::string content(TreeSource& from, const SourceListing& listing, std::string_view path) {
  for (std::size_t i = 0; i < listing.entries.size(); ++i) {
    if (listing.entries[i].path.text() != path) continue;
    Bytes bytes(listing.entries[i].size);
    EXPECT_TRUE(from.open(i).value()->read(bytes).ok());
    return std::string(as_text(bytes));
  }
  return "none";
}

TEST(LayeredTreeSource, TheUpperSourceReplacesFiles) {
  LayeredTreeSource layered(source({entry("etc", EntryType::directory), entry("etc/a", EntryType::file, 3),
                                    entry("etc/b", EntryType::file, 3)},
                                   {{}, {'o', 'l', 'd'}, {'b', 'b', 'b'}}),
                            source({entry("etc", EntryType::directory), entry("etc/a", EntryType::file, 4)},
                                   {{}, {'n', 'e', 'w', '!'}}));
  const auto listing = layered.list().value();
  EXPECT_EQ(listing.entries.size(), 3U);
  EXPECT_EQ(content(layered, listing, "etc/a"), "new!");
  EXPECT_EQ(content(layered, listing, "etc/b"), "bbb");
}

TEST(LayeredTreeSource, AFolderAndAFileAtOnePathAreRefused) {
  LayeredTreeSource layered(source({entry("a", EntryType::directory)}, {{}}),
                            source({entry("a", EntryType::file, 1)}, {{'x'}}));
  EXPECT_EQ(layered.list().error().code, Code::input_refused);
}

TEST(LayeredTreeSource, HardLinksKeepTheirOriginal) {
  auto link = entry("c", EntryType::file, 1);
  link.same_as = 1;
  const std::vector<SourceEntry> lower{entry("a", EntryType::file, 1), entry("b", EntryType::file, 1), link};
  LayeredTreeSource layered(source(lower, {{'a'}, {'b'}, {'b'}}),
                            source({entry("a", EntryType::file, 1)}, {{'A'}}));
  const auto listing = layered.list().value();
  ASSERT_EQ(listing.entries.size(), 3U);
  EXPECT_EQ(listing.entries[1].path.text(), "c");
  EXPECT_EQ(listing.entries[1].same_as, 0U);
  LayeredTreeSource cut(source(lower, {{'a'}, {'b'}, {'b'}}),
                        source({entry("b", EntryType::file, 1)}, {{'B'}}));
  EXPECT_EQ(cut.list().error().code, Code::input_refused);
}

}  // namespace
}  // namespace sallyport
