// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/build.h"

#include <gtest/gtest.h>

#include "adapters/host/workers.h"
#include "adapters/tree_source/memory.h"
#include "core/crypto/file_digest.h"
#include "core/format/content.h"
#include "core/format/tree_check.h"
#include "core/format/zip.h"
#include "roles/vendor/package_reader.h"

namespace sallyport::vendor {
namespace {

constexpr std::size_t mib = 1U << 20U;

struct Input {
  SourceListing listing{{}, {}, {}, {}, Instant::from_seconds(1000).value()};
  std::vector<Bytes> contents;

  void add(SourceEntry entry, Bytes content) {
    entry.size = content.size();
    listing.entries.push_back(std::move(entry));
    contents.push_back(std::move(content));
  }
  void file(const std::string& path, Bytes content, std::uint32_t mode = 0644) {
    add({RelativePath::parse(path).value(), EntryType::file, mode, 0, 0, 0, {}, {}, {}}, std::move(content));
  }
};

Bytes noise(std::size_t size, std::uint32_t seed) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    if (i % 16 == 0) seed = seed * 1664525 + 1013904223;
    bytes[i] = static_cast<std::uint8_t>(seed >> 24U);
  }
  return bytes;
}

Input input() {
  Input made;
  made.file("usr/bin/mme", noise(3000, 1), 0755);
  made.file("usr/lib/empty", {});
  made.file("usr/lib/twin", noise(3000, 1));
  made.file("usr/lib/small", noise(mib + 1, 2));
  made.file("usr/lib/large", noise(9 * mib + 5, 3));
  made.file("usr/lib/large-twin", noise(9 * mib + 5, 3));
  made.file("usr/lib/large-other", noise(9 * mib + 5, 4));
  SourceEntry hard{RelativePath::parse("usr/lib/hard").value(), EntryType::file, 0644, 0, 0, 3000, {}, {}, 0};
  made.listing.entries.push_back(hard);
  made.contents.emplace_back();
  SourceEntry link{
      RelativePath::parse("usr/bin/mmed").value(), EntryType::link, 0777, 0, 0, 0, "mme", {}, {}};
  made.listing.entries.push_back(link);
  made.contents.emplace_back();
  return made;
}

BuildRequest request() {
  return {"mme", "1.0", ProductId::parse("mme").value(), "Acme", 1, "x86_64", {}, {}, {}, 3};
}

Result<Bytes> built(const BuildRequest& wanted, const Input& from, Opening opening, Workers& workers) {
  MemoryTreeSource source(from.listing, from.contents, opening);
  MemoryScratch scratch;
  MemorySink output;
  TRY(build(wanted, source, scratch, output, workers));
  return output.bytes();
}

Bytes built() {
  InlineWorkers one;
  return built(request(), input(), Opening::any_order, one).value();
}

OwnPackage read(BytesView package) {
  InlineWorkers one;
  return read_own_package(MemorySource(package), one).value();
}

TEST(Build, HoldsEveryFile) {
  const Bytes package = built();
  const OwnPackage own = read(package);
  const Input from = input();
  const MemorySource file(package);
  const auto& pack = own.directory.members.back();
  ContentReader reader(file, pack.data_offset, pack.size);
  ASSERT_EQ(own.tree.entries.size(), from.listing.entries.size() + 3);  // usr, usr/bin, usr/lib
  EXPECT_EQ(own.tree.objects.size(), 5U);
  EXPECT_TRUE(own.tree.objects.front().frames.empty());
  for (std::size_t i = 0; i < from.listing.entries.size(); ++i) {
    const auto& listed = from.listing.entries[i];
    if (listed.type != EntryType::file) continue;
    for (const auto& entry : own.tree.entries) {
      if (entry.path != listed.path) continue;
      EXPECT_EQ(*entry.digest, file_digest(from.contents[listed.same_as.value_or(i)])) << entry.path.text();
      EXPECT_EQ(entry.mode, listed.mode);
    }
  }
}

TEST(Build, IsReproducibleWhateverTheThreadsAndTheSource) {
  const Bytes package = built();
  ThreadWorkers three(3);
  EXPECT_EQ(built(request(), input(), Opening::any_order, three).value(), package);
  EXPECT_EQ(built(request(), input(), Opening::in_order, three).value(), package);
}

TEST(Build, TakesItsTimeFromTheInput) {
  EXPECT_EQ(read(built()).manifest.released.seconds(), 1000);
  InlineWorkers one;
  BuildRequest other = request();
  other.released = Instant::from_seconds(5).value();
  EXPECT_EQ(read(built(other, input(), Opening::any_order, one).value()).manifest.released.seconds(), 5);
}

TEST(Build, AddsParentsAndStateFolders) {
  InlineWorkers one;
  BuildRequest with = request();
  with.services = {{ServiceId::parse("mme").value(),
                    {"/usr/bin/mme"},
                    0,
                    0,
                    {},
                    Network::own,
                    {},
                    {RelativePath::parse("var/log/mme").value()},
                    {{HealthKind::process, {}}},
                    5}};
  const auto tree = read(built(with, input(), Opening::any_order, one).value()).tree;
  EXPECT_EQ(tree.entries.back().path.text(), "var/log/mme");
  EXPECT_EQ(tree.entries.back().type, EntryType::directory);
  EXPECT_EQ(tree.services.size(), 1U);
}

Code refusal(const BuildRequest& wanted, const Input& from) {
  InlineWorkers one;
  const auto refused = built(wanted, from, Opening::any_order, one);
  EXPECT_FALSE(refused.ok());
  return refused.ok() ? Code::internal_error : refused.error().code;
}

Result<Tree> built_tree(const BuildRequest& wanted, const Input& from) {
  InlineWorkers one;
  const Bytes package = TRY(built(wanted, from, Opening::any_order, one));
  const MemorySource source(package);
  const auto directory = TRY(read_zip(source));
  return parse_tree(TRY(read_member(source, *directory.find("Artifacts/tree.json"), mib)));
}

TEST(Build, MakesTheAccountsThatAreDeclared) {
  auto wanted = request();
  wanted.users = {{"mme", 998, 997}};
  wanted.groups = {{"core", 997}};
  auto tree = built_tree(wanted, input());
  ASSERT_TRUE(tree.ok()) << tree.error().where;
  EXPECT_EQ(tree.value().users.at(0).uid, 998U);
  EXPECT_NE(find_entry(tree.value(), "etc/passwd"), nullptr);
  auto own = input();
  own.file("etc/passwd", noise(10, 9));
  EXPECT_EQ(built_tree(wanted, own).error().code, Code::input_refused);
  EXPECT_TRUE(built_tree(request(), own).ok());
}

TEST(Build, DeclaresConfiguration) {
  auto wanted = request();
  wanted.config = {{RelativePath::parse("usr/lib/small").value(), MergeRule::keep}};
  auto from = input();
  from.file("etc/mme.conf", noise(10, 9));
  EXPECT_EQ(built_tree(wanted, from).error().code, Code::input_refused);  // larger than 1 MiB
  wanted.config = {{RelativePath::parse("etc/mme.conf").value(), MergeRule::three_way}};
  EXPECT_EQ(built_tree(wanted, from).value().config.at(0).merge, MergeRule::three_way);
}

TEST(BuildAttack, C19_NamesThatAreNone) {
  for (const char* bad : {"", "../x", "a/b", "a b", "A"}) {
    BuildRequest wanted = request();
    wanted.name = bad;
    EXPECT_EQ(refusal(wanted, input()), Code::usage_error) << bad;
  }
  BuildRequest wanted = request();
  wanted.provider = "Acme\nvnf_product_name: other";
  EXPECT_EQ(refusal(wanted, input()), Code::usage_error);
  wanted = request();
  wanted.counter = 0;
  EXPECT_EQ(refusal(wanted, input()), Code::usage_error);
  wanted = request();
  wanted.level = 0;
  EXPECT_EQ(refusal(wanted, input()), Code::usage_error);
}

TEST(BuildAttack, C22_NothingToPack) {
  EXPECT_EQ(refusal(request(), {}), Code::input_refused);
}

TEST(BuildAttack, B03_LinksOutOfTheTree) {
  Input from = input();
  from.listing.entries.back().link_target = "../../../etc/passwd";
  EXPECT_EQ(refusal(request(), from), Code::input_refused);
}

TEST(BuildAttack, B23_FilesThatShrinkWhileTheyAreRead) {
  for (const std::size_t index : {0U, 4U}) {
    Input from = input();
    from.contents[index].pop_back();
    EXPECT_EQ(refusal(request(), from), Code::input_refused) << index;
  }
}

}  // namespace
}  // namespace sallyport::vendor
