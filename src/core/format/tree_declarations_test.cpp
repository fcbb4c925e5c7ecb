// SPDX-License-Identifier: Apache-2.0
// Configuration, users, groups and kernel settings of a release: what a tree may declare, and what it may not.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "core/crypto/file_digest.h"
#include "core/format/accounts.h"
#include "core/format/declarations.h"
#include "core/format/sysctl.h"
#include "core/format/tree_check.h"
#include "core/format/tree_diff.h"

namespace sallyport {
namespace {

RelativePath path(std::string_view text) {
  return RelativePath::parse(text).value();
}

TreeEntry folder(std::string_view name) {
  return {path(name), EntryType::directory, 0755, 0, 0, 0, {}, {}, {}};
}

TreeEntry file(std::string_view name, std::uint32_t mode, std::string_view content) {
  return {path(name), EntryType::file, mode, 0, 0, content.size(), file_digest(as_bytes(content)), {}, {}};
}

// Each content once, in one frame; the pack itself is not there.
void add_objects(Tree& tree) {
  tree.objects.clear();
  std::uint64_t offset = 0;
  for (const auto& entry : tree.entries) {
    if (entry.type != EntryType::file || entry.size == 0) continue;
    const bool known =
        std::any_of(tree.objects.begin(), tree.objects.end(),
                    [&](const ContentObject& object) { return object.digest == *entry.digest; });
    if (known) continue;
    tree.objects.push_back(
        {*entry.digest, entry.size, {{offset, 10, static_cast<std::uint32_t>(entry.size)}}});
    offset += 10;
  }
}

const std::vector<User> users = {{"mme", 998, 997}, {"sgw", 999, 997}};
const std::vector<Group> groups = {{"core", 997}};

Tree good() {
  Tree tree{
      ProductId::parse("mme").value(),
      "mme",
      "1.0",
      "any",
      1,
      {folder("etc"), file("etc/group", 0644, print_group(groups)),
       file("etc/mme.conf", 0640, "plmn: 00101\n"), file("etc/passwd", 0644, print_passwd(users)),
       folder("etc/state"), file("etc/state/file", 0644, "state"), file("etc/zones.conf", 0644, "zones"),
       folder("tmp"), file("tmp/conf", 0644, "tmp"), folder("usr"), file("usr/mme", 0755, "program")},
      {},
      {{ServiceId::parse("mme").value(),
        {"/usr/mme"},
        998,
        997,
        {},
        Network::own,
        {},
        {path("etc/state")},
        {{HealthKind::process, {}}},
        10,
        {{"kernel.shmmax", "1048576"}, {"net.ipv4.tcp_rmem", "4096 16384 4194304"}}}}};
  tree.config = {{path("etc/mme.conf"), MergeRule::three_way}, {path("etc/zones.conf"), MergeRule::keep}};
  tree.users = users;
  tree.groups = groups;
  add_objects(tree);
  return tree;
}

TreeEntry& entry(Tree& tree, std::string_view name) {
  return *std::find_if(tree.entries.begin(), tree.entries.end(),
                       [&](const TreeEntry& one) { return one.path.text() == name; });
}

// What writer and reader say, which has to be the same.
std::string refusal(const std::function<void(Tree&)>& edit) {
  Tree tree = good();
  edit(tree);
  add_objects(tree);
  const auto printed = print_tree(tree);
  const auto parsed = parse_tree(as_bytes(spell_tree(tree)));
  EXPECT_EQ(printed.ok(), parsed.ok());
  if (printed.ok() || parsed.ok()) return "accepted";
  return std::string(name(printed.error().code)) + " " + printed.error().where;
}

TEST(TreeDeclarations, AreSpelledAsTheSpecificationSays) {
  const auto text = print_tree(good()).value();
  EXPECT_TRUE(text.ends_with(
      R"("start_seconds_max":10,"sysctls":[{"name":"kernel.shmmax","value":"1048576"},)"
      R"({"name":"net.ipv4.tcp_rmem","value":"4096 16384 4194304"}]}],)"
      R"("config":[{"path":"etc/mme.conf","merge":"three-way"},{"path":"etc/zones.conf","merge":"keep"}],)"
      R"("users":[{"name":"mme","uid":998,"gid":997},{"name":"sgw","uid":999,"gid":997}],)"
      R"("groups":[{"name":"core","gid":997}]})"
      "\n"))
      << text;
  EXPECT_EQ(print_tree(parse_tree(as_bytes(text)).value()).value(), text);
}

TEST(TreeDeclarations, AreLeftOutWhenThereAreNone) {
  Tree tree = good();
  tree.config.clear();
  tree.users.clear();
  tree.groups.clear();
  tree.services[0].sysctls.clear();
  EXPECT_TRUE(print_tree(tree).value().ends_with("\"start_seconds_max\":10}]}\n"));
  auto text = print_tree(tree).value();
  text.replace(text.size() - 2, 2, ",\"config\":[]}\n");
  EXPECT_EQ(parse_tree(as_bytes(text)).error().code, Code::tree_malformed);  // the one spelling has none
}

TEST(TreeDeclarationsAttack, ConfigurationIsAPlainFileOfTheTree) {
  const auto with_path = [](const char* name) {
    return refusal([&](Tree& tree) { tree.config = {{path(name), MergeRule::keep}}; });
  };
  EXPECT_EQ(with_path("etc/other"), "tree-inconsistent etc/other");
  EXPECT_EQ(with_path("etc"), "tree-inconsistent etc");
  EXPECT_EQ(with_path("usr/mme"), "tree-inconsistent usr/mme");                // a program
  EXPECT_EQ(with_path("tmp/conf"), "tree-inconsistent tmp/conf");              // not shown to the service
  EXPECT_EQ(with_path("etc/state/file"), "tree-inconsistent etc/state/file");  // under a state folder
  EXPECT_EQ(with_path("etc/passwd"), "tree-inconsistent etc/passwd");          // says who is who
  const auto link = [](Tree& tree) {
    auto& conf = entry(tree, "etc/mme.conf");
    conf = {conf.path, EntryType::link, 0777, 0, 0, 0, {}, "zones.conf", {}};
  };
  EXPECT_EQ(refusal(link), "tree-inconsistent etc/mme.conf");
  const auto outside = [](const char* spelled) {
    auto text = print_tree(good()).value();
    const std::string known = R"({"path":"etc/mme.conf","merge")";
    text.replace(text.find(known), known.size(), std::string("{\"path\":\"") + spelled + "\",\"merge\"");
    return parse_tree(as_bytes(text)).error().code;
  };
  EXPECT_EQ(outside("../etc/shadow"), Code::path_invalid);
  EXPECT_EQ(outside("/etc/shadow"), Code::path_invalid);
  EXPECT_EQ(outside("etc/./mme.conf"), Code::path_invalid);
}

TEST(TreeDeclarationsAttack, ConfigurationIsNothingThatRuns) {
  for (const std::uint32_t mode : {0744U, 0654U, 0645U, 04644U, 02644U, 01644U, 0664U, 0646U}) {
    EXPECT_EQ(refusal([&](Tree& tree) { entry(tree, "etc/mme.conf").mode = mode; }),
              "tree-inconsistent etc/mme.conf")
        << std::oct << mode;
  }
  EXPECT_EQ(refusal([](Tree& tree) { entry(tree, "etc/mme.conf").capabilities = {"cap_net_raw"}; }),
            "tree-inconsistent etc/mme.conf");
}

TEST(TreeDeclarationsAttack, ConfigurationIsNeitherTwiceNorHuge) {
  EXPECT_EQ(refusal([](Tree& tree) { tree.config.push_back(tree.config.back()); }),
            "tree-inconsistent etc/zones.conf");
  EXPECT_EQ(refusal([](Tree& tree) { std::swap(tree.config[0], tree.config[1]); }),
            "tree-inconsistent etc/mme.conf");
  const std::string most(config_size_max, 'x');
  EXPECT_EQ(refusal([&](Tree& tree) { entry(tree, "etc/mme.conf") = file("etc/mme.conf", 0644, most); }),
            "accepted");
  EXPECT_EQ(
      refusal([&](Tree& tree) { entry(tree, "etc/mme.conf") = file("etc/mme.conf", 0644, most + "x"); }),
      "tree-inconsistent etc/mme.conf");
  auto text = print_tree(good()).value();
  text.replace(text.find("three-way"), 9, "execute");
  EXPECT_EQ(parse_tree(as_bytes(text)).error().code, Code::tree_malformed);
}

TEST(TreeDeclarationsAttack, NobodyIsRoot) {
  const auto with_user = [](const User& user) {
    return refusal([&](Tree& tree) {
      tree.users[0] = user;
      tree.services[0].uid = user.uid;
      entry(tree, "etc/passwd") = file("etc/passwd", 0644, print_passwd(tree.users));
    });
  };
  EXPECT_EQ(with_user({"mme", 998, 997}), "accepted");
  EXPECT_EQ(with_user({"mme", 0, 997}), "tree-malformed user mme");
  EXPECT_EQ(with_user({"root", 998, 997}), "tree-malformed users");
  EXPECT_EQ(with_user({"mme", 65534, 997}), "tree-malformed user mme");
  EXPECT_EQ(with_user({"mme", 998, 0}), "tree-inconsistent user mme");
  EXPECT_EQ(with_user({"m:0:0", 998, 997}), "tree-malformed users");
  EXPECT_EQ(with_user({"m\nroot", 998, 997}).substr(0, 14), "tree-malformed");
  EXPECT_EQ(with_user({"", 998, 997}), "tree-malformed users");
  EXPECT_EQ(with_user({"sgw", 998, 997}), "tree-inconsistent users");  // the name twice
  EXPECT_EQ(with_user({"mme", 999, 997}), "tree-inconsistent users");  // the number twice
  const auto with_group = [](const Group& group) {
    return refusal([&](Tree& tree) {
      tree.groups = {group};
      entry(tree, "etc/group") = file("etc/group", 0644, print_group(tree.groups));
    });
  };
  EXPECT_EQ(with_group({"root", 997}), "tree-malformed groups");
  EXPECT_EQ(with_group({"core", 0}), "tree-malformed group core");
}

TEST(TreeDeclarationsAttack, ThePasswdFileSaysWhatIsDeclared) {
  const auto with_passwd = [](const std::string& text, std::uint32_t mode) {
    return refusal([&](Tree& tree) { entry(tree, "etc/passwd") = file("etc/passwd", mode, text); });
  };
  EXPECT_EQ(with_passwd(print_passwd(users), 0644), "accepted");
  EXPECT_EQ(with_passwd(print_passwd(users), 0666), "tree-inconsistent etc/passwd");
  EXPECT_EQ(with_passwd("root::0:0:root:/:/bin/sh\n", 0644), "tree-inconsistent etc/passwd");
  EXPECT_EQ(refusal([](Tree& tree) { tree.entries.erase(tree.entries.begin() + 1); }),
            "tree-inconsistent etc/group");
  EXPECT_EQ(refusal([](Tree& tree) { tree.services[0].uid = 1000; }), "tree-inconsistent service mme");
  EXPECT_EQ(refusal([](Tree& tree) { tree.services[0].gid = 1000; }), "tree-inconsistent service mme");
}

TEST(TreeDeclarationsAttack, SettingsStayInTheirNamespace) {
  const auto with_name = [](const char* name) {
    return refusal([&](Tree& tree) { tree.services[0].sysctls = {{name, "1"}}; });
  };
  for (const char* name :
       {"net.core.somaxconn", "net.ipv4.conf.all.rp_filter", "kernel.sem", "fs.mqueue.msg_max"}) {
    EXPECT_EQ(with_name(name), "accepted") << name;
  }
  for (const char* name :
       {"kernel.core_pattern", "kernel.modprobe", "vm.overcommit_memory", "fs.suid_dumpable", "net", "net.",
        "net..core", ".net.core", "net.ipv4/../../kernel/core_pattern", "net/../kernel.core_pattern",
        "net.ipv4.conf.Eth0", "kernel.shmmax.x", "net.core.some thing", ""}) {
    EXPECT_EQ(with_name(name), "tree-malformed service mme") << name;
  }
  EXPECT_EQ(refusal([](Tree& tree) { tree.services[0].network = Network::host; }),
            "tree-inconsistent service mme");
  EXPECT_EQ(refusal([](Tree& tree) {
              tree.services[0].network = Network::host;
              tree.services[0].sysctls.pop_back();  // what is left is of the IPC namespace
            }),
            "accepted");
}

TEST(TreeDeclarationsAttack, SettingsAreWordsEachOnce) {
  const auto with_value = [](const std::string& value) {
    return refusal([&](Tree& tree) { tree.services[0].sysctls = {{"net.core.somaxconn", value}}; });
  };
  EXPECT_EQ(with_value("4096"), "accepted");
  for (const std::string value : {"", " 1", "1 ", "1  2", "\xC3\xA4"}) {
    EXPECT_EQ(with_value(value), "tree-malformed service mme") << value;
  }
  EXPECT_EQ(with_value("1\n2").substr(0, 14), "tree-malformed");
  EXPECT_EQ(with_value(std::string(257, '1')), "tree-malformed service mme");
  EXPECT_EQ(refusal([](Tree& tree) { tree.services[0].sysctls[1] = tree.services[0].sysctls[0]; }),
            "tree-inconsistent service mme");
}

TEST(TreeDeclarations, ExceptionsAreSpelledLastAndReadBack) {
  Tree tree = good();
  tree.services[0].sysctls.clear();
  tree.services[0].exceptions = {ServiceException::io_uring, ServiceException::jit};
  const auto text = print_tree(tree).value();
  EXPECT_NE(text.find(R"("start_seconds_max":10,"exceptions":["io_uring","jit"]}])"), std::string::npos)
      << text;
  EXPECT_EQ(print_tree(parse_tree(as_bytes(text)).value()).value(), text);
}

TEST(TreeDeclarationsAttack, ExceptionsAreKnownWordsEachOnceInOrder) {
  const auto with = [](std::vector<ServiceException> exceptions) {
    return refusal([&](Tree& tree) { tree.services[0].exceptions = std::move(exceptions); });
  };
  EXPECT_EQ(with({ServiceException::interpreters, ServiceException::ptrace}), "accepted");
  EXPECT_EQ(with({ServiceException::jit, ServiceException::jit}), "tree-inconsistent service mme");
  EXPECT_EQ(with({ServiceException::ptrace, ServiceException::jit}), "tree-inconsistent service mme");
  Tree tree = good();
  tree.services[0].exceptions = {ServiceException::jit};
  const auto text = print_tree(tree).value();
  for (const std::string spelled :
       {R"(["everything"])", R"([])", R"("jit")", R"(["jit","jit","jit","jit","jit","jit","jit"])"}) {
    auto changed = text;
    changed.replace(changed.find(R"(["jit"])"), 7, spelled);
    const auto parsed = parse_tree(as_bytes(changed));
    ASSERT_FALSE(parsed.ok()) << spelled;
    EXPECT_EQ(parsed.error().code, Code::tree_malformed) << spelled;
  }
}

TEST(TreeDeclarations, AreReadFromAVendorsFileInAnyOrder) {
  const auto declared = parse_declarations(as_bytes(R"({
    "users": [{"uid": 999, "gid": 997, "name": "sgw"}, {"name": "mme", "uid": 998, "gid": 997}],
    "config": [{"merge": "keep", "path": "etc/zones.conf"}, {"path": "etc/mme.conf", "merge": "replace"}],
    "groups": [{"name": "core", "gid": 997}]})"));
  ASSERT_TRUE(declared.ok());
  EXPECT_EQ(declared.value().users[0].name, "mme");
  EXPECT_EQ(declared.value().config[0].path.text(), "etc/mme.conf");
  EXPECT_EQ(declared.value().config[0].merge, MergeRule::replace);
  EXPECT_EQ(declared.value().groups[0].gid, 997U);
  EXPECT_FALSE(parse_declarations(as_bytes(R"({"scripts": []})")).ok());
  EXPECT_FALSE(parse_declarations(as_bytes("[]")).ok());
}

std::vector<std::string> lines_of(const TreeDiff& diff) {
  std::vector<std::string> lines;
  for (const auto& change : diff.changes)
    lines.push_back(change.subject + "|" + change.property + "|" + change.before + "|" + change.after);
  for (const auto& rise : diff.rises)
    lines.push_back("! " + std::string(name(rise.kind)) + "|" + rise.subject + "|" + rise.detail);
  return lines;
}

// The reviewer's screen has every one of them.
TEST(TreeDeclarations, EveryChangeIsShown) {
  const Tree before = good();
  Tree after = before;
  after.config[0].merge = MergeRule::replace;
  after.config.pop_back();
  after.users[1].uid = 1001;
  after.groups.push_back({"other", 1002});
  after.services[0].sysctls[0].value = "2";
  after.services[0].exceptions = {ServiceException::jit, ServiceException::ptrace};
  const std::vector<std::string> expected = {
      "service mme|sysctls|kernel.shmmax=1048576, net.ipv4.tcp_rmem=4096 16384 4194304|"
      "kernel.shmmax=2, net.ipv4.tcp_rmem=4096 16384 4194304",
      "service mme|exceptions||jit, ptrace",
      "configuration etc/mme.conf|merge|three-way|replace",
      "configuration etc/zones.conf|whole|merge keep|",
      "user sgw|number|999|1001",
      "group other|whole||number 1002",
      "! kernel setting|mme|kernel.shmmax=2",
      "! configuration|etc/mme.conf|replace",
      "! user|sgw|1001:997",
      "! confinement exception|mme|jit",
      "! confinement exception|mme|ptrace"};
  EXPECT_EQ(lines_of(diff_trees(before, after)), expected);
}

}  // namespace
}  // namespace sallyport
