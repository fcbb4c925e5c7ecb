// SPDX-License-Identifier: Apache-2.0
#include "core/install/config_merge.h"

#include <gtest/gtest.h>

#include <random>

namespace sallyport::install {
namespace {

std::string outcome(MergeRule rule, std::string_view old_default, std::optional<std::string_view> current,
                    std::string_view new_default) {
  ConfigVersions versions{as_bytes(old_default), {}, as_bytes(new_default)};
  if (current) versions.current = as_bytes(*current);
  const auto merged = merge_config("etc/mme.conf", rule, versions);
  if (!merged.ok()) return std::string(name(merged.error().code));
  return std::string(word(merged.value().outcome)) + ":" + std::string(as_text(merged.value().content));
}

TEST(ConfigMerge, WhatNobodyChangedFollowsTheRelease) {
  for (const auto rule : {MergeRule::keep, MergeRule::replace, MergeRule::three_way}) {
    EXPECT_EQ(outcome(rule, "a\n", std::nullopt, "b\n"), "default:b\n");
    EXPECT_EQ(outcome(rule, "a\n", "a\n", "b\n"), "default:b\n");
    EXPECT_EQ(outcome(rule, "a\n", "b\n", "b\n"), "default:b\n");
  }
}

TEST(ConfigMerge, WhatTheOperatorChangedGoesByTheRule) {
  EXPECT_EQ(outcome(MergeRule::keep, "a\n", "mine\n", "b\n"), "kept:mine\n");
  EXPECT_EQ(outcome(MergeRule::replace, "a\n", "mine\n", "b\n"), "replaced:b\n");
  EXPECT_EQ(outcome(MergeRule::three_way, "a\n", "mine\n", "a\n"), "kept:mine\n");
}

std::string three(std::string_view old_default, std::string_view current, std::string_view new_default) {
  return outcome(MergeRule::three_way, old_default, current, new_default);
}

TEST(ConfigMerge, ThreeWayTakesBothChanges) {
  EXPECT_EQ(three("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n"), "merged:A\nb\nc\nD\n");
  EXPECT_EQ(three("a\nb\nc\n", "b\nc\n", "a\nb\nc\nd\n"), "merged:b\nc\nd\n");
  EXPECT_EQ(three("a\nb\nc\n", "a\nx\nb\nc\n", "a\nb\n"), "merged:a\nx\nb\n");
  EXPECT_EQ(three("a\nb\nc\nd\n", "X\nb\nc\nY\n", "X\nb\nq\nc\nd\n"),
            "merged:X\nb\nq\nc\nY\n");  // X on both sides
}

TEST(ConfigMerge, ThreeWayRefusesWhatTouches) {
  EXPECT_EQ(three("a\nb\n", "mine\nb\n", "theirs\nb\n"), "config-conflict");
  EXPECT_EQ(three("a\nb\nc\n", "A\nb\nc\n", "a\nB\nc\n"), "config-conflict");  // beside each other
  EXPECT_EQ(three("a\nb\n", "a\nb", "a\nb\nc\n"), "config-conflict");          // no line end any more
  EXPECT_EQ(three("", "mine\n", "theirs\n"), "config-conflict");
}

TEST(ConfigMerge, ThreeWayTakesWhatWasAddedToTheSameChange) {
  EXPECT_EQ(three("old\n", "new\nx\nmine\n", "new\nx\n"), "merged:new\nx\nmine\n");
  EXPECT_EQ(three("old\n", "new\n", "new\nx\n"), "merged:new\nx\n");
  EXPECT_EQ(three("a\nold\nz\n", "a\nmine\nnew\nz\n", "a\nnew\nz\n"), "merged:a\nmine\nnew\nz\n");
  // A line that the release took away is not one that was added, and neither side has all of the other's.
  EXPECT_EQ(three("old\ngone\n", "new\ngone\n", "new\n"), "config-conflict");
  EXPECT_EQ(three("old\n", "mine\n", ""), "config-conflict");
  EXPECT_EQ(three("old\n", "new\nmine\n", "new\nx\n"), "config-conflict");
}

TEST(ConfigMerge, AConflictNamesAllOfBothPlaces) {
  const auto found = [](std::string_view before, std::string_view mine, std::string_view theirs) {
    const ConfigVersions versions{as_bytes(before), as_bytes(mine), as_bytes(theirs)};
    const auto merged = merge_config("etc/mme.conf", MergeRule::three_way, versions);
    return merged.ok() ? "" : merged.error().expected + "; " + merged.error().found;
  };
  EXPECT_EQ(
      found("a\nb\nc\n", "a\nmine\nc\n", "a\nx\ny\nz\nc\n"),
      "changes that do not touch those of the release (lines 2 to 4 of the new default); line 2 changed here "
      "as well");
  EXPECT_EQ(found("a\nb\nc\n", "a\nmine\nhere\nc\n", "a\nc\n"),
            "changes that do not touch those of the release (the place before line 2 of the new default); "
            "lines 2 to "
            "3 changed here as well");
}

TEST(ConfigMerge, TooManyDifferencesAreAConflict) {
  std::string old_default = "head\nsame\n";
  std::string mine = "head\nsame\n";
  for (int i = 0; i < 600; ++i) {
    old_default += "old " + std::to_string(i) + "\n";
    mine += "mine " + std::to_string(i) + "\n";
  }
  EXPECT_EQ(three(old_default + "tail\n", mine + "tail\n", "Head\n" + old_default.substr(5) + "tail\n"),
            "config-conflict");
}

TEST(ConfigMerge, AMergeThatGrowsTooLargeIsAConflict) {
  const std::string half(600U << 10U, 'x');
  EXPECT_EQ(three("a\nb\nc\n", half + "\nb\nc\n", "a\nb\n" + half + "\n"), "config-conflict");
}

// Changes of one side alone always come out as that side has them, whatever they are; and the sides may be exchanged.
TEST(ConfigMerge, AgreesWithItselfOverManySmallFiles) {
  std::mt19937 random(17);
  const auto file = [&](std::size_t lines) {
    std::string text;
    for (std::size_t i = 0; i < lines; ++i) text += static_cast<char>('a' + random() % 4), text += '\n';
    return text;
  };
  for (int i = 0; i < 20000; ++i) {
    const auto old_default = file(random() % 7);
    const auto one = file(random() % 7);
    const auto other = file(random() % 7);
    const auto forth = three(old_default, one, other);
    const auto back = three(old_default, other, one);
    EXPECT_EQ(forth.substr(forth.find(':') + 1), back.substr(back.find(':') + 1))
        << old_default << "|" << one << "|" << other;
    if (one != old_default) {
      EXPECT_EQ(three(old_default, one, old_default), "kept:" + one);
    }
    EXPECT_EQ(three(old_default, old_default, one), "default:" + one);
  }
}

}  // namespace
}  // namespace sallyport::install
