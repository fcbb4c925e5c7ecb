// SPDX-License-Identifier: Apache-2.0
#include "core/format/tree.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>

#include "core/format/services.h"
#include "core/format/tree_check.h"

namespace sallyport {
namespace {

FileDigest digest(unsigned n) {
  std::array<std::uint8_t, 32> bytes{};
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(n >> (8 * i));
  return FileDigest(bytes);
}

RelativePath path(std::string_view text) {
  return RelativePath::parse(text).value();
}

TreeEntry directory(std::string_view name) {
  return {path(name), EntryType::directory, 0755, 0, 0, 0, {}, {}, {}};
}

TreeEntry file(std::string_view name, unsigned content, std::uint64_t size) {
  return {path(name), EntryType::file, 0755, 0, 0, size, digest(content), {}, {}};
}

TreeEntry link(std::string_view name, std::string target) {
  return {path(name), EntryType::link, 0777, 0, 0, 0, {}, std::move(target), {}};
}

Service service() {
  return {ServiceId::parse("mme").value(),
          {"/usr/bin/mme", "-f"},
          10,
          10,
          {"cap_net_admin"},
          Network::own,
          {{Protocol::udp, 2123}},
          {path("var/log")},
          {{HealthKind::process, {}}, {HealthKind::listen, Port{Protocol::udp, 2123}}},
          10};
}

Tree good() {
  constexpr std::uint32_t mib = 1U << 20U;
  return {ProductId::parse("mme").value(),
          "nextepc-mme",
          "0.3.10+nods-4",
          "x86_64",
          7,
          {directory("usr"), directory("usr/bin"), file("usr/bin/mme", 2, mib + 5), directory("usr/lib"),
           file("usr/lib/empty", 1, 0), link("usr/lib/mme", "../bin/mme"), file("usr/lib/twin", 2, mib + 5),
           directory("var"), directory("var/log")},
          {{digest(1), 0, {}}, {digest(2), mib + 5, {{0, 100, mib}, {100, 14, 5}}}},
          {service()}};
}

using Edit = std::function<void(Tree&)>;

Code refusal_of(const Edit& edit) {
  Tree tree = good();
  edit(tree);
  const auto refused = print_tree(tree);
  EXPECT_FALSE(refused.ok());
  // The reader says the same of the bytes as the writer of the value.
  const auto parsed = parse_tree(as_bytes(spell_tree(tree)));
  EXPECT_FALSE(parsed.ok());
  return refused.ok() ? Code::internal_error : refused.error().code;
}

Code refusal_of_text(const std::string& from, const std::string& to) {
  std::string text = print_tree(good()).value();
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  const auto parsed = parse_tree(as_bytes(text));
  EXPECT_FALSE(parsed.ok()) << to;
  return parsed.ok() ? Code::internal_error : parsed.error().code;
}

TEST(Tree, ParsesWhatItPrints) {
  const std::string text = print_tree(good()).value();
  const Tree tree = parse_tree(as_bytes(text)).value();
  EXPECT_EQ(print_tree(tree).value(), text);
  EXPECT_EQ(tree.entries.size(), 9U);
  EXPECT_EQ(tree.objects[1].frames[1].stored_size, 14U);
  EXPECT_EQ(tree.services[0].health[1].port->number, 2123);
  EXPECT_EQ(tree.entries[5].link_target, "../bin/mme");
}

TEST(Tree, IsSpelledAsTheSpecificationSays) {
  const std::string text = print_tree(good()).value();
  EXPECT_TRUE(text.starts_with(
      R"({"schema":"sallyport-tree-1","product":"mme","name":"nextepc-mme","version":"0.3.10+nods-4",)"
      R"("architecture":"x86_64","counter":7,"entries":[{"path":"usr","type":"directory","mode":"0755",)"
      R"("uid":0,"gid":0},)"))
      << text;
  EXPECT_NE(text.find(R"("mode":"0777","uid":0,"gid":0,"target":"../bin/mme"})"), std::string::npos);
  EXPECT_NE(
      text.find(
          R"("frames":[{"offset":0,"stored":100,"size":1048576},{"offset":100,"stored":14,"size":5}]})"),
      std::string::npos);
  EXPECT_TRUE(text.ends_with("\"start_seconds_max\":10}]}\n"));
}

TEST(Tree, FlippingAnyByteIsRefusedOrMeansSomethingElse) {
  const std::string text = print_tree(good()).value();
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string flipped = text;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    const auto parsed = parse_tree(as_bytes(flipped));
    if (parsed.ok()) {
      EXPECT_EQ(print_tree(parsed.value()).value(), flipped);
    }
  }
}

// Lists are read in pieces: what is at the edge of two is neither lost nor passed over.
TEST(Tree, LongListsAreReadAsTheyArePrinted) {
  auto tree = good();
  tree.entries.erase(tree.entries.begin() + 3, tree.entries.end());
  tree.objects = {{digest(2), (1U << 20U) + 5, {{0, 100, 1U << 20U}, {100, 14, 5}}}};
  tree.services.clear();
  std::uint64_t offset = 114;
  for (unsigned i = 0; i < 3000; ++i) {
    tree.entries.push_back(file("usr/f" + std::to_string(100000 + i) + "},{\"path\":\"", 1000 + i, 7));
    tree.objects.push_back({digest(1000 + i), 7, {{offset, 3, 7}}});
    offset += 3;
  }
  const auto text = print_tree(tree).value();
  const auto parsed = parse_tree(as_bytes(text));
  ASSERT_TRUE(parsed.ok()) << parsed.error().where << parsed.error().found;
  EXPECT_EQ(parsed.value().entries.size(), 3003U);
  EXPECT_EQ(parsed.value().objects.size(), 3001U);
  EXPECT_EQ(print_tree(parsed.value()).value(), text);
  // An error is told by its place in the whole list.
  for (const std::size_t index : {0U, 1500U, 3002U}) {
    auto at = text.find("\"entries\":[");
    for (std::size_t i = 0; i <= index; ++i) at = text.find("\"mode\":\"0755\"", at + 1);
    auto other = text;
    other.replace(at, 13, "\"mode\":\"0798\"");
    const auto refused = parse_tree(as_bytes(other));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().where, "entries[" + std::to_string(index) + "].mode");
  }
  // And every byte counts, wherever the pieces are cut.
  for (std::size_t i = 60000; i < text.size(); i += 20011) {
    auto other = text;
    other.insert(i, 1, ' ');
    const auto refused = parse_tree(as_bytes(other));
    EXPECT_TRUE(!refused.ok() || print_tree(refused.value()).value() == other) << i;
  }
}

// Where the two lists are is found by their marks; a text with other marks, or the same ones elsewhere, is refused.
TEST(TreeAttack, C13_ListsThatAreNotWhereTheyBelong) {
  const auto text = print_tree(good()).value();
  const auto moved = [&](const std::string& from, const std::string& to) {
    auto other = text;
    other.replace(other.find(from), from.size(), to);
    const auto parsed = parse_tree(as_bytes(other));
    return parsed.ok() ? Code::internal_error : parsed.error().code;
  };
  EXPECT_EQ(moved("\"entries\":[", "\"entries\":[],\"entries\":["), Code::tree_malformed);
  EXPECT_EQ(moved("],\"objects\":[", "],\"objects\":[],\"objects\":["), Code::tree_malformed);
  EXPECT_EQ(moved("],\"objects\":[", "],\"objects\":[],\"services\":[],\"objects\":["), Code::tree_malformed);
  EXPECT_EQ(moved("\"counter\":7,", "\"counter\":7,\"entries\":[],\"objects\":[],\"services\":[],"),
            Code::tree_malformed);
  EXPECT_EQ(moved("},{\"path\":\"usr/bin\"", "} ,{\"path\":\"usr/bin\""), Code::tree_malformed);
  EXPECT_EQ(moved("},{\"path\":\"usr/bin\"", "},,{\"path\":\"usr/bin\""), Code::tree_malformed);
  EXPECT_EQ(moved("\"entries\":[{", "\"entries\":[,{"), Code::tree_malformed);
}

// Values are made of a text only where it can be one: 256 MiB of "{}," would be a hundred million of them.
TEST(TreeAttack, P02_TextsThatAreMoreInMemoryThanInTheFile) {
  std::string many;
  while (many.size() < (2U << 20U)) many += "{},";
  const auto text = print_tree(good()).value();
  auto longer = text;
  longer.insert(longer.find("\"entries\":[") + 11, many);
  EXPECT_EQ(parse_tree(as_bytes(longer)).error().where, "tree.json");
  longer = text;
  longer.insert(longer.find("\"services\":[") + 12, std::string(33U << 20U, '['));
  EXPECT_EQ(parse_tree(as_bytes(longer)).error().where, "tree.json");
}

TEST(TreeAttack, C13_OtherSpellingsOfTheSameTree) {
  EXPECT_EQ(refusal_of_text("\"counter\":7,", "\"counter\": 7,"), Code::tree_malformed);
  EXPECT_EQ(refusal_of_text("\"uid\":0,\"gid\":0", "\"gid\":0,\"uid\":0"), Code::tree_malformed);
  EXPECT_EQ(refusal_of_text("\"usr\"", "\"us\\u0072\""), Code::tree_malformed);
  EXPECT_EQ(refusal_of_text("]}\n", "]}"), Code::tree_malformed);
  EXPECT_EQ(refusal_of_text("]}\n", "]}\n\n"), Code::tree_malformed);
  EXPECT_EQ(refusal_of_text("\"capabilities\":[\"cap_net_admin\"]",
                            "\"capabilities\":[\"cap_net_admin\",\"cap_net_admin\"]"),
            Code::tree_inconsistent);
}

TEST(TreeAttack, C21_UnknownSchemaAndMembers) {
  EXPECT_EQ(refusal_of_text("sallyport-tree-1", "sallyport-tree-2"), Code::tree_malformed);
  EXPECT_EQ(refusal_of_text("\"counter\":7", "\"counter\":7,\"critical\":1"), Code::tree_malformed);
  EXPECT_EQ(refusal_of_text("\"counter\":7,", ""), Code::tree_malformed);
}

TEST(TreeAttack, B01_PathsThatLeaveTheTree) {
  for (const char* bad : {"usr/../x", "/usr", "usr//bin", "usr/", ".", "..", "", "usr\\\\bin", "a\\nb"}) {
    EXPECT_EQ(refusal_of_text("\"path\":\"usr/bin\"", std::string("\"path\":\"") + bad + "\""),
              std::string_view(bad) == "a\\nb" ? Code::tree_malformed : Code::path_invalid)
        << bad;
  }
}

TEST(TreeAttack, B03_LinksThatLeaveTheTree) {
  const auto with_target = [](std::string target) {
    return [target = std::move(target)](Tree& tree) { tree.entries[5].link_target = target; };
  };
  EXPECT_EQ(refusal_of(with_target("../../../etc/passwd")), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of(with_target("/../etc/passwd")), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of(with_target("../bin/../../../etc")), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of(with_target("missing/../../../../etc")), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of(with_target("a\\b")), Code::tree_malformed);
  EXPECT_EQ(refusal_of(with_target(std::string("a\nb"))), Code::tree_malformed);
  Tree tree = good();
  for (const char* fine : {"/etc/mme", ".", "../..", "/", "../bin/", "missing/x"}) {
    tree.entries[5].link_target = fine;
    EXPECT_TRUE(print_tree(tree).ok()) << fine;
  }
}

TEST(TreeAttack, B03_LinksThatLeaveTheTreeThroughAnotherLink) {
  // As text the second one stays inside; the first one shortens its way.
  EXPECT_EQ(refusal_of([](Tree& tree) {
              tree.entries.insert(tree.entries.begin() + 6, link("usr/lib/top", "/usr"));
              tree.entries.insert(tree.entries.begin() + 6, link("usr/lib/out", "top/../../etc"));
            }),
            Code::tree_inconsistent);
}

TEST(TreeAttack, B05_LinkChainsAndCycles) {
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.entries[5].link_target = "mme"; }), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.entries[5].link_target = "mme/x/x/x"; }),
            Code::tree_inconsistent);
  const auto chain = [](int length) {
    return [length](Tree& tree) {
      for (int i = 0; i < length; ++i) {
        const auto name = [](int n) { return "w" + std::to_string(100 + n); };
        tree.entries.push_back(link(name(i), i == 0 ? "usr" : name(i - 1)));
      }
    };
  };
  Tree tree = good();
  chain(40)(tree);
  EXPECT_TRUE(print_tree(tree).ok());
  EXPECT_EQ(refusal_of(chain(42)), Code::tree_inconsistent);
}

TEST(TreeAttack, P03_ManyLinksThroughOneLongWay) {
  const auto through = [](int links) {
    return [links](Tree& tree) {
      std::string way = "way";
      for (int i = 0; i < 2000; ++i) way += "/y";
      tree.entries.push_back(link("w", way));
      for (int i = 0; i < links; ++i) tree.entries.push_back(link("w" + std::to_string(100 + i), "w"));
    };
  };
  Tree tree = good();
  through(1)(tree);
  EXPECT_TRUE(print_tree(tree).ok());
  EXPECT_EQ(refusal_of(through(100)), Code::tree_inconsistent);
}

TEST(TreeAttack, B03_EntriesBelowLinksAndFiles) {
  EXPECT_EQ(refusal_of([](Tree& tree) {
              tree.entries.insert(tree.entries.begin() + 6, file("usr/lib/mme/x", 1, 0));
            }),
            Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) {
              tree.entries.insert(tree.entries.begin() + 3, file("usr/bin/mme/x", 1, 0));
            }),
            Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.entries.erase(tree.entries.begin()); }),
            Code::tree_inconsistent);
}

TEST(TreeAttack, B09_DuplicateAndUnsortedEntries) {
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.entries.push_back(tree.entries.back()); }),
            Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) { std::swap(tree.entries[0], tree.entries[7]); }),
            Code::tree_inconsistent);
}

TEST(TreeAttack, B16_SizesThatOverflow) {
  for (const char* size : {"18446744073709551615", "18446744073709551616", "-1", "9223372036854775808",
                           "9007199254740993", "4294967296", "2147483648", "1048580", "1e6", "1048581.0"}) {
    const auto code =
        refusal_of_text("\"size\":1048581,\"digest\"", "\"size\":" + std::string(size) + ",\"digest\"");
    EXPECT_TRUE(code == Code::tree_malformed || code == Code::tree_inconsistent) << size;
    refusal_of_text("\"offset\":100", "\"offset\":" + std::string(size));
    refusal_of_text("\"stored\":100", "\"stored\":" + std::string(size));
    refusal_of_text("\"uid\":0",
                    "\"uid\":" + (std::string(size) == "1048580" ? "4294967295" : std::string(size) + "0"));
  }
}

TEST(TreeAttack, B22_FramesLargerThanTheLimit) {
  EXPECT_EQ(refusal_of([](Tree& tree) {
              tree.objects[1] = {digest(2), (4U << 20U) + 1, {{0, 100, (4U << 20U) + 1}}};
              tree.entries[2].size = tree.entries[6].size = (4U << 20U) + 1;
            }),
            Code::tree_malformed);
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.objects[1].frames[0].stored_size = frame_stored_size_max + 1; }),
            Code::tree_malformed);
  TreeLimits small;
  small.content_size_max = 1U << 20U;
  const auto refused = parse_tree(as_bytes(print_tree(good()).value()), small);
  EXPECT_EQ(refused.error().code, Code::tree_malformed);
}

TEST(TreeAttack, B23_ObjectsThatDoNotFitTheirFrames) {
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.objects[1].frames[1].size = 6; }), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.objects[1].frames[1].offset = 101; }), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.objects[1].frames[1].offset = 99; }), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.objects[1].frames[0].offset = 1; }), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.objects[1].frames[1].stored_size = 0; }), Code::tree_malformed);
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.entries[2].size += 1; }), Code::tree_inconsistent);
  EXPECT_TRUE(check_pack_size(good(), 114).ok());
  EXPECT_EQ(check_pack_size(good(), 113).error().code, Code::tree_inconsistent);
  EXPECT_EQ(check_pack_size(good(), 115).error().code, Code::tree_inconsistent);
}

TEST(TreeAttack, B24_EmptyContents) {
  Tree tree = good();
  tree.entries = {file("empty", 1, 0)};
  tree.objects = {{digest(1), 0, {}}};
  tree.services.clear();
  const auto text = print_tree(tree).value();
  EXPECT_TRUE(parse_tree(as_bytes(text)).ok());
  EXPECT_TRUE(check_pack_size(tree, 0).ok());
  EXPECT_EQ(refusal_of([](Tree& t) { std::swap(t.objects[0], t.objects[1]); }), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& t) { t.objects[1].frames.clear(); }), Code::tree_inconsistent);
}

TEST(TreeAttack, B26_ModesAreWhatIsSigned) {
  Tree tree = good();
  tree.entries[2].mode = 06755;
  tree.entries[2].capabilities = {"cap_net_bind_service", "cap_net_raw"};
  const auto read = parse_tree(as_bytes(print_tree(tree).value())).value();
  EXPECT_EQ(read.entries[2].mode, 06755U);
  EXPECT_EQ(read.entries[2].capabilities.size(), 2U);
  EXPECT_EQ(refusal_of_text("\"mode\":\"0755\"", "\"mode\":\"755\""), Code::tree_malformed);
  EXPECT_EQ(refusal_of_text("\"mode\":\"0755\"", "\"mode\":\"0789\""), Code::tree_malformed);
  EXPECT_EQ(refusal_of_text("\"mode\":\"0755\"", "\"mode\":\"10755\""), Code::tree_malformed);
  EXPECT_EQ(refusal_of_text("\"mode\":\"0777\"", "\"mode\":\"0755\""), Code::tree_malformed);
  EXPECT_EQ(refusal_of([](Tree& t) { t.entries[2].capabilities = {"cap_all"}; }), Code::tree_malformed);
  EXPECT_EQ(refusal_of([](Tree& t) {
              t.entries[2].capabilities = {"cap_net_raw", "cap_chown"};
            }),
            Code::tree_inconsistent);
}

TEST(TreeAttack, C20_ObjectsMissingUnusedOrTwice) {
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.entries[2].digest = digest(9); }), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) {
              tree.objects.push_back({digest(3), 1, {{114, 10, 1}}});
            }),
            Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) {
              tree.objects.push_back({digest(2), (1U << 20U) + 5, {{114, 10, (1U << 20U) + 5}}});
            }),
            Code::tree_inconsistent);
}

TEST(TreeAttack, C22_EmptySets) {
  EXPECT_EQ(refusal_of([](Tree& tree) {
              tree.entries.clear();
              tree.objects.clear();
              tree.services.clear();
            }),
            Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.services[0].health.clear(); }), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.services[0].argv.clear(); }), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.counter = 0; }), Code::tree_malformed);
}

TEST(TreeAttack, C23_MetadataIsCovered) {
  for (const auto& edit : std::vector<Edit>{
           [](Tree& t) { t.entries[2].mode ^= 1U; }, [](Tree& t) { t.entries[2].uid = 1; },
           [](Tree& t) { t.entries[2].gid = 1; }, [](Tree& t) { t.entries[5].link_target = "../bin"; },
           [](Tree& t) { t.entries[2].capabilities = {"cap_kill"}; }}) {
    Tree tree = good();
    edit(tree);
    EXPECT_NE(print_tree(tree).value(), print_tree(good()).value());
  }
}

TEST(TreeAttack, C19_IdentifiersThatArePaths) {
  for (const char* bad : {"../x", "/etc/x", "?", "#", "", "a b", "A"}) {
    EXPECT_EQ(refusal_of_text("\"product\":\"mme\"", std::string("\"product\":\"") + bad + "\""),
              Code::identifier_invalid);
    EXPECT_EQ(refusal_of([&](Tree& tree) { tree.name = bad; }), Code::identifier_invalid);
    EXPECT_EQ(refusal_of([&](Tree& tree) { tree.architecture = bad; }), Code::identifier_invalid);
  }
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.version = "1\nvnf_product_name: x"; }), Code::tree_malformed);
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.version = ""; }), Code::tree_malformed);
}

TEST(Tree, ServicesFitTheirTree) {
  const auto service_with = [](const std::function<void(Service&)>& edit) {
    return refusal_of([&](Tree& tree) { edit(tree.services[0]); });
  };
  for (const char* program :
       {"/usr/bin/other", "usr/bin/mme", "/usr/bin", "/usr/lib/mme", "/usr/bin/../bin/mme", ""}) {
    EXPECT_EQ(service_with([&](Service& s) { s.argv[0] = program; }), Code::tree_inconsistent) << program;
  }
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.entries[2].mode = 0644; }), Code::tree_inconsistent);
  EXPECT_EQ(refusal_of([](Tree& tree) { tree.services.push_back(service()); }), Code::tree_inconsistent);
  EXPECT_EQ(service_with([](Service& s) { s.state_folders = {path("usr/bin/mme")}; }),
            Code::tree_inconsistent);
  EXPECT_EQ(service_with([](Service& s) {
              s.state_folders = {path("var"), path("var/log")};
            }),
            Code::tree_inconsistent);
  EXPECT_EQ(service_with([](Service& s) { s.start_seconds_max = 0; }), Code::tree_inconsistent);
  EXPECT_EQ(service_with([](Service& s) { s.ports[0].number = 0; }), Code::tree_inconsistent);
  EXPECT_EQ(service_with([](Service& s) { s.ports.clear(); }), Code::tree_inconsistent);
  EXPECT_EQ(service_with([](Service& s) { s.argv.push_back("\x1b[2J"); }), Code::tree_inconsistent);
}

TEST(TreeAttack, B26_ServicesThatCouldLeaveTheirConfinement) {
  for (const char* name : {"cap_dac_read_search", "cap_mac_admin", "cap_mac_override", "cap_sys_admin",
                           "cap_sys_boot", "cap_sys_module", "cap_sys_rawio"}) {
    EXPECT_EQ(refusal_of([&](Tree& t) { t.services[0].capabilities = {name}; }), Code::tree_inconsistent)
        << name;
  }
  for (const char* name : {"dev", "proc"}) {
    EXPECT_EQ(refusal_of([&](Tree& t) {
                t.entries.insert(t.entries.begin(), directory(name));
                t.services[0].state_folders = {path(name)};
              }),
              Code::tree_inconsistent)
        << name;
  }
}

TEST(Services, AreWrittenByHandInAnyOrderAndSpacing) {
  const auto services = parse_services(as_bytes(R"([ {"network":"host","name":"mme","argv":["/usr/bin/mme"],
    "uid":1,"gid":1,"capabilities":["cap_net_raw","cap_kill"],"ports":[{"number":9,"protocol":"udp"}],
    "state_folders":[],"health":[{"kind":"process"}],"start_seconds_max":5}, {"network":"host","name":"hss",
    "argv":["/usr/bin/mme"],"uid":1,"gid":1,"capabilities":[],"ports":[],"state_folders":[],
    "health":[{"kind":"process"}],"start_seconds_max":5} ])"))
                            .value();
  ASSERT_EQ(services.size(), 2U);
  EXPECT_EQ(services[0].name.text(), "hss");
  EXPECT_EQ(services[1].capabilities[0], "cap_kill");
  EXPECT_EQ(parse_services(as_bytes("{}")).error().code, Code::tree_malformed);
  EXPECT_EQ(parse_services(as_bytes("[{\"name\":\"x\"}]")).error().code, Code::tree_malformed);
}

Tree large(unsigned count) {
  Tree tree = good();
  tree.services.clear();
  tree.entries = {directory("usr")};
  tree.objects.clear();
  for (unsigned i = 0; i < count; ++i) {
    const auto folder = "usr/folder-" + std::to_string(10000 + i / 20);
    if (i % 20 == 0) tree.entries.push_back(directory(folder));
    tree.entries.push_back(
        file(folder + "/some-file-name-" + std::to_string(100 + i % 20) + ".so", i + 1, 50000));
    tree.objects.push_back({digest(i + 1), 50000, {{i * 20000ULL, 20000, 50000}}});
  }
  return tree;
}

TEST(Tree, OfTwentyThousandFilesIsReadQuickly) {
  const auto text = print_tree(large(20000)).value();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(parse_tree(as_bytes(text)).ok());
  const auto spent = std::chrono::steady_clock::now() - begin;
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(spent).count();
  RecordProperty("milliseconds", static_cast<int>(milliseconds));
  std::printf("parsed %zu bytes in %d ms\n", text.size(), static_cast<int>(milliseconds));
  EXPECT_LT(milliseconds, 10000) << "not a benchmark: this catches what is quadratic";
}

}  // namespace
}  // namespace sallyport
