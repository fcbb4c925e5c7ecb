// SPDX-License-Identifier: Apache-2.0
#include "core/format/tree_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "core/crypto/file_digest.h"

namespace sallyport {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

RelativePath path(std::string_view text) {
  return RelativePath::parse(text).value();
}

TreeEntry file(std::string_view name, std::string_view content) {
  return {path(name), EntryType::file, 0755, 0, 0, content.size(), file_digest(as_bytes(content)), {}, {}};
}

Tree release() {
  Service service{ServiceId::parse("mme").value(),
                  {"/bin/mme", "-c", "a b"},
                  10,
                  10,
                  {"cap_net_admin"},
                  Network::own,
                  {{Protocol::udp, 2123}},
                  {path("var")},
                  {{HealthKind::process, {}}},
                  10};
  return {ProductId::parse("mme").value(),
          "nextepc-mme",
          "1.0",
          "x86_64",
          7,
          {{path("bin"), EntryType::directory, 0755, 0, 0, 0, {}, {}, {}},
           file("bin/mme", "one"),
           {path("bin/mme-link"), EntryType::link, 0777, 0, 0, 0, {}, "mme", {}},
           {path("var"), EntryType::directory, 0755, 0, 0, 0, {}, {}, {}}},
          {{file_digest(as_bytes("one")), 3, {{0, 12, 3}}}},
          {service}};
}

TreeDiff after(const std::function<void(Tree&)>& edit) {
  Tree changed = release();
  edit(changed);
  return diff_trees(release(), changed);
}

std::vector<std::string> properties(const TreeDiff& diff) {
  std::vector<std::string> list;
  for (const auto& change : diff.changes) list.push_back(change.subject + " " + change.property);
  return list;
}

std::vector<RiseKind> kinds(const TreeDiff& diff) {
  std::vector<RiseKind> list;
  for (const auto& rise : diff.rises) list.push_back(rise.kind);
  return list;
}

TEST(TreeDiff, OfTheSameReleaseIsEmpty) {
  const auto diff = diff_trees(release(), release());
  EXPECT_THAT(diff.changes, IsEmpty());
  EXPECT_THAT(diff.rises, IsEmpty());
  EXPECT_EQ(diff.bytes_new, 0U);
}

// Each edit of one property shows up as exactly that property: nothing that a tree says is left out.
TEST(TreeDiff, ShowsEveryPropertyByItsName) {
  struct Row {
    const char* expected;
    std::function<void(Tree&)> edit;
  };
  const Row rows[] = {
      {"release product", [](Tree& t) { t.product = ProductId::parse("sgw").value(); }},
      {"release name", [](Tree& t) { t.name = "x"; }},
      {"release version", [](Tree& t) { t.version = "1.1"; }},
      {"release architecture", [](Tree& t) { t.architecture = "any"; }},
      {"release counter", [](Tree& t) { t.counter = 8; }},
      {"bin/mme content", [](Tree& t) { t.entries[1].digest = file_digest(as_bytes("two")); }},
      {"bin/mme size", [](Tree& t) { t.entries[1].size = 4; }},
      {"bin/mme mode", [](Tree& t) { t.entries[1].mode = 04755; }},
      {"bin/mme owner", [](Tree& t) { t.entries[1].uid = 1; }},
      {"bin/mme owner", [](Tree& t) { t.entries[1].gid = 1; }},
      {"bin/mme capabilities", [](Tree& t) { t.entries[1].capabilities = {"cap_net_raw"}; }},
      {"bin/mme-link target", [](Tree& t) { t.entries[2].link_target = "other"; }},
      {"service mme argv", [](Tree& t) { t.services[0].argv.pop_back(); }},
      {"service mme user", [](Tree& t) { t.services[0].uid = 0; }},
      {"service mme user", [](Tree& t) { t.services[0].gid = 0; }},
      {"service mme capabilities", [](Tree& t) { t.services[0].capabilities.clear(); }},
      {"service mme network", [](Tree& t) { t.services[0].network = Network::host; }},
      {"service mme ports", [](Tree& t) { t.services[0].ports[0].protocol = Protocol::tcp; }},
      {"service mme ports", [](Tree& t) { t.services[0].ports[0].number = 1; }},
      {"service mme state folders", [](Tree& t) { t.services[0].state_folders.clear(); }},
      {"service mme health", [](Tree& t) { t.services[0].health.clear(); }},
      {"service mme start seconds", [](Tree& t) { t.services[0].start_seconds_max = 11; }},
  };
  for (const auto& row : rows) EXPECT_THAT(properties(after(row.edit)), UnorderedElementsAre(row.expected));
}

TEST(TreeDiff, ListsWhatCameAndWent) {
  const auto diff = after([](Tree& tree) {
    tree.entries.erase(tree.entries.begin() + 1);
    tree.entries.insert(tree.entries.begin() + 1, file("bin/another", "three!"));
    tree.objects[0] = {file_digest(as_bytes("three!")), 6, {{0, 15, 6}}};
    tree.services.clear();
  });
  EXPECT_THAT(properties(diff),
              UnorderedElementsAre("bin/another whole", "bin/mme whole", "service mme whole"));
  EXPECT_EQ(diff.files.added, 1U);
  EXPECT_EQ(diff.files.removed, 1U);
  EXPECT_EQ(diff.files.changed, 0U);
  EXPECT_EQ(diff.bytes_new, 6U);
}

TEST(TreeDiff, FoldersAndLinksAreNoFiles) {
  const auto diff = after([](Tree& tree) {
    tree.entries[0].mode = 0700;
    tree.entries.erase(tree.entries.begin() + 2);
    tree.entries.push_back({path("zone"), EntryType::directory, 0755, 0, 0, 0, {}, {}, {}});
  });
  EXPECT_EQ(diff.folders.changed, 1U);
  EXPECT_EQ(diff.folders.added, 1U);
  EXPECT_EQ(diff.links.removed, 1U);
  EXPECT_EQ(diff.files.added + diff.files.removed + diff.files.changed, 0U);
}

std::vector<std::string> lines(const Tree& tree, std::size_t lines_max) {
  std::vector<std::string> list;
  for (const auto& line : summarise(tree, lines_max)) {
    list.push_back(line.folder + " " + std::to_string(line.programs) + " " + std::to_string(line.files) +
                   " " + std::to_string(line.links) + " " + std::to_string(line.folders) + " " +
                   std::to_string(line.bytes));
  }
  return list;
}

TEST(TreeDiff, SummaryHoldsEveryEntryOnce) {
  Tree tree = release();
  tree.entries = {{path("a"), EntryType::directory, 0755, 0, 0, 0, {}, {}, {}},
                  {path("a/b"), EntryType::directory, 0755, 0, 0, 0, {}, {}, {}},
                  {path("a/b/c"), EntryType::directory, 0755, 0, 0, 0, {}, {}, {}},
                  file("a/b/c/deep", "12345"),
                  file("a/b/x", "123"),
                  {path("a/link"), EntryType::link, 0777, 0, 0, 0, {}, "b", {}},
                  file("top", "1")};
  tree.entries[4].mode = 0644;
  using testing::ElementsAre;
  EXPECT_THAT(lines(tree, 1), ElementsAre(" 1 0 0 0 1", "a 1 1 1 3 8"));  // no list is cut
  EXPECT_THAT(lines(tree, 3), ElementsAre(" 1 0 0 0 1", "a 0 0 1 1 0", "a/b 1 1 0 2 8"));
  EXPECT_THAT(lines(tree, 9), ElementsAre(" 1 0 0 0 1", "a 0 0 1 1 0", "a/b 0 1 0 1 3", "a/b/c 1 0 0 1 5"));
}

TEST(TreeDiff, AFileThatBecomesALinkIsOneChangedLink) {
  const auto diff = after([](Tree& tree) {
    tree.entries[1].type = EntryType::link;
    tree.entries[1].link_target = "elsewhere";
  });
  EXPECT_EQ(diff.links.changed, 1U);
  EXPECT_EQ(diff.files.changed, 0U);
  EXPECT_THAT(properties(diff), testing::IsSupersetOf({"bin/mme type", "bin/mme target", "bin/mme content"}));
}

TEST(TreeDiff, PointsOutWhatGivesPower) {
  using Kind = RiseKind;
  EXPECT_THAT(kinds(after([](Tree& t) { t.entries[1].mode = 04755; })), UnorderedElementsAre(Kind::setuid));
  EXPECT_THAT(kinds(after([](Tree& t) { t.entries[1].mode = 02755; })), UnorderedElementsAre(Kind::setgid));
  EXPECT_THAT(kinds(after([](Tree& t) { t.entries[1].mode = 0757; })),
              UnorderedElementsAre(Kind::writable_by_others));
  EXPECT_THAT(kinds(after([](Tree& t) { t.entries[3].mode = 0777; })),
              UnorderedElementsAre(Kind::writable_by_others));
  EXPECT_THAT(kinds(after([](Tree& t) { t.entries[3].mode = 01777; })), IsEmpty());
  EXPECT_THAT(kinds(after([](Tree& t) { t.entries[1].capabilities = {"cap_net_raw"}; })),
              UnorderedElementsAre(Kind::file_capabilities));
  EXPECT_THAT(kinds(after([](Tree& t) { t.entries[1].path = path("bin/python3.11"); })),
              UnorderedElementsAre(Kind::interpreter));
  EXPECT_THAT(kinds(after([](Tree& t) { t.services[0].uid = 0; })),
              UnorderedElementsAre(Kind::service_as_root));
  EXPECT_THAT(kinds(after([](Tree& t) { t.services[0].capabilities.emplace_back("cap_sys_admin"); })),
              UnorderedElementsAre(Kind::service_capabilities));
  EXPECT_THAT(kinds(after([](Tree& t) { t.services[0].network = Network::host; })),
              UnorderedElementsAre(Kind::host_network));
  EXPECT_THAT(kinds(after([](Tree& t) {
                t.services[0].ports.push_back({Protocol::tcp, 22});
              })),
              UnorderedElementsAre(Kind::port));
  EXPECT_THAT(kinds(after([](Tree& t) { t.services[0].argv = {"/bin/other"}; })),
              UnorderedElementsAre(Kind::service));
}

TEST(TreeDiff, AgainstNothingEverythingRises) {
  EXPECT_THAT(rises_of(release()), SizeIs(3));  // the service, its capability, its port
}

}  // namespace
}  // namespace sallyport
