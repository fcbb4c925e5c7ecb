// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/oci_layers.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "testkit/raw_deb.h"

namespace sallyport {
namespace {

using namespace testkit;

class OciLayers : public testing::Test {
 protected:
  void layer(const std::string& entries) {
    const auto& tar = tars_.emplace_back(entries + tar_end());
    layers_.push_back(
        {{"layer " + std::to_string(layers_.size()), std::make_shared<const MemorySource>(as_bytes(tar))},
         sha256(as_bytes(tar))});
  }
  // Path to content; folders have "/", links "-> target".
  std::map<std::string, std::string> tree() {
    OciTreeSource source(layers_, "x86_64");
    const auto listed = source.list();
    if (!listed.ok()) return {{"refused", std::string(name(listed.error().code))}};
    std::map<std::string, std::string> found;
    for (std::size_t i = 0; i < listed.value().entries.size(); ++i) {
      const auto& entry = listed.value().entries[i];
      auto& content = found[entry.path.text()];
      if (entry.type == EntryType::directory) content = "/";
      if (entry.type == EntryType::link) content = "-> " + entry.link_target;
      if (entry.type != EntryType::file) continue;
      content.resize(entry.size);
      const std::span<std::uint8_t> into(reinterpret_cast<std::uint8_t*>(content.data()), content.size());
      EXPECT_TRUE(source.open(i).value()->read(into).ok());
    }
    return found;
  }
  using Tree = std::map<std::string, std::string>;
  const Tree refused{{"refused", "archive-malformed"}};

  std::deque<std::string> tars_;
  std::vector<OciLayer> layers_;
};

std::string file(const std::string& path, const std::string& content) {
  return raw_tar_entry({path, content});
}
std::string folder(const std::string& path) {
  return raw_tar_entry({path, "", '5'});
}
std::string link(const std::string& path, const std::string& target) {
  return raw_tar_entry({path, "", '2', "", target});
}
std::string hard(const std::string& path, const std::string& target) {
  return raw_tar_entry({path, "", '1', "", target});
}

TEST_F(OciLayers, LieOverEachOther) {
  layer(folder("etc") + file("etc/a", "one") + file("etc/b", "two") + link("etc/l", "a"));
  layer(folder("etc") + file("etc/b", "three") + file("etc/l", "no link now"));
  EXPECT_EQ(tree(), (Tree{{"etc", "/"}, {"etc/a", "one"}, {"etc/b", "three"}, {"etc/l", "no link now"}}));
}

TEST_F(OciLayers, WhiteoutsTakeAway) {
  layer(folder("d") + file("d/a", "1") + file("d/b", "2") + folder("e") + file("e/x", "3") + file("f", "4"));
  layer(file("d/.wh.a", "") + file(".wh.e", "") + file(".wh.nothing", "") + file("g", "5"));
  EXPECT_EQ(tree(), (Tree{{"d", "/"}, {"d/b", "2"}, {"f", "4"}, {"g", "5"}}));
}

// Whichever of them comes first in the archive: what the layer itself has stays.
TEST_F(OciLayers, OpaqueFoldersAndWhiteoutsSpareTheirOwnLayer) {
  for (const bool mark_first : {true, false}) {
    layers_.clear();
    layer(folder("d") + file("d/a", "1") + folder("d/s") + file("d/s/x", "2") + folder("w") +
          file("w/old", "3"));
    const auto marks = file("d/.wh..wh..opq", "") + file(".wh.w", "");
    const auto own = file("d/b", "4") + file("d/s/y", "5") + folder("w") + file("w/new", "6");
    layer(folder("d") + (mark_first ? marks + own : own + marks));
    EXPECT_EQ(tree(), (Tree{{"d", "/"}, {"d/b", "4"}, {"d/s/y", "5"}, {"w", "/"}, {"w/new", "6"}}))
        << mark_first;
  }
}

TEST_F(OciLayers, AFolderThatBecomesSomethingElseIsGoneWithItsContent) {
  layer(folder("d") + file("d/a", "1"));
  layer(link("d", "/etc"));
  EXPECT_EQ(tree(), (Tree{{"d", "-> /etc"}}));
  // Nothing is written through it.
  layer(file("d/passwd", "x"));
  EXPECT_EQ(tree(), refused);
}

TEST_F(OciLayers, HardLinksKeepTheirContent) {
  layer(file("a", "one"));
  layer(hard("b", "a") + file("c", "two") + hard("d", "c"));
  layer(file("a", "three") + file(".wh.c", ""));
  EXPECT_EQ(tree(), (Tree{{"a", "three"}, {"b", "one"}, {"d", "two"}}));
  layer(hard("e", "c"));
  EXPECT_EQ(tree(), refused);
}

TEST_F(OciLayers, B02_EntriesThatLeadElsewhere) {
  for (const auto& entry :
       {file("../x", "x"), file("/etc/x", "x"), hard("h", "../x"), file(".wh.", ""), file(".wh..wh.plnk", ""),
        file(".wh.a", "content"), link(".wh.a", "x"), hard(".wh.a", "a"), raw_tar_entry({"dev", "", '3'}),
        file("twice", "1") + file("twice", "2"), file("f", "1") + file("f/below", "2")}) {
    layers_.clear();
    layer(file("a", "1"));
    layer(entry);
    EXPECT_EQ(tree(), refused) << entry.substr(0, 20);
  }
}

TEST_F(OciLayers, AreWhatTheConfigurationSays) {
  layer(file("a", "1"));
  layers_[0].diff_id = sha256({});
  EXPECT_EQ(tree(), refused);
}

}  // namespace
}  // namespace sallyport
