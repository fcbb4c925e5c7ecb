// SPDX-License-Identifier: Apache-2.0
// The second opinion (B31): whatever our reader accepts, libzip reads too, with the same names, sizes and bytes. So
// whatever libzip refuses, we refuse.
#include <gtest/gtest.h>
#include <zip.h>

#include <memory>
#include <optional>
#include <random>

#include "core/format/zip.h"
#include "testkit/mutants.h"
#include "testkit/package.h"

namespace sallyport {
namespace {

struct Content {
  std::string name;
  Bytes bytes;
  bool operator==(const Content&) const = default;
};
using Contents = std::vector<Content>;

std::optional<Contents> read_by_us(const Bytes& archive) {
  const MemorySource source(archive);
  const auto directory = read_zip(source);
  if (!directory.ok()) return std::nullopt;
  Contents contents;
  for (const auto& member : directory.value().members) {
    auto bytes = read_member(source, member, archive.size());
    if (!bytes.ok()) return std::nullopt;
    contents.push_back({member.name.text(), std::move(bytes).value()});
  }
  return contents;
}

std::optional<Content> read_one(zip_t* archive, zip_uint64_t index, std::uint64_t size_max) {
  zip_stat_t stat;
  if (zip_stat_index(archive, index, 0, &stat) != 0 || stat.size > size_max) return std::nullopt;
  const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen_index(archive, index, 0),
                                                                &zip_fclose);
  if (!file) return std::nullopt;
  Content content{stat.name, Bytes(stat.size + 1)};
  const auto count = zip_fread(file.get(), content.bytes.data(), content.bytes.size());
  if (count < 0 || static_cast<zip_uint64_t>(count) != stat.size) return std::nullopt;
  content.bytes.resize(stat.size);
  return content;
}

std::optional<Contents> read_by_libzip(const Bytes& bytes) {
  auto* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, nullptr);
  zip_error_t error;
  zip_error_init(&error);
  const std::unique_ptr<zip_t, decltype(&zip_discard)> archive(
      zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error), &zip_discard);
  zip_error_fini(&error);
  if (!archive) {
    zip_source_free(source);
    return std::nullopt;
  }
  Contents contents;
  const auto count = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    auto content = read_one(archive.get(), static_cast<zip_uint64_t>(i), bytes.size());
    if (!content) return std::nullopt;
    contents.push_back(std::move(*content));
  }
  return contents;
}

class Comparison {
 public:
  void operator()(const testkit::Mutant& mutant) { compare(mutant.bytes, mutant.id + " " + mutant.name); }
  void compare(const Bytes& bytes, const std::string& what) {
    const auto ours = read_by_us(bytes);
    const auto theirs = read_by_libzip(bytes);
    if (ours) {
      ++accepted;
      EXPECT_TRUE(theirs.has_value()) << what << ": libzip refuses what we accept";
      EXPECT_TRUE(!theirs || *theirs == *ours) << what << ": libzip reads something else";
    }
    if (!ours && theirs) ++stricter;
  }
  int accepted = 0;
  int stricter = 0;
};

TEST(ZipDifferential, B31_GenuinePackages) {
  Comparison comparison;
  comparison.compare(testkit::make_package(), "package");
  comparison.compare(testkit::make_package(testkit::next_release()), "next release");
  comparison.compare(testkit::make_zip({{"Files/\xc3\xa9", {1, 2}}, {"empty", {}}}), "names beyond ASCII");
  EXPECT_EQ(comparison.accepted, 3);
}

TEST(ZipDifferential, B31_AllMutants) {
  const Bytes package = testkit::make_package();
  Comparison comparison;
  testkit::mutate_container(package, std::ref(comparison));
  EXPECT_GT(comparison.stricter, 10) << "libzip used to accept many of these";
  testkit::mutate_contents(package, std::ref(comparison));
  EXPECT_GT(comparison.accepted, 10) << "members may lie while the container is right";
}

// One to three changes of bytes, insertions or cuts, most of them in headers.
Bytes disturbed(Bytes bytes, std::mt19937& random) {
  const auto below = [&](std::size_t limit) { return static_cast<std::ptrdiff_t>(random() % limit); };
  for (auto changes = 1 + random() % 3; changes > 0; --changes) {
    const auto at = bytes.begin() + below(bytes.size());
    const auto value = static_cast<std::uint8_t>(random() % 4 == 0 ? 0xff : random());
    switch (random() % 8) {
      case 0:
        bytes.insert(at, value);
        break;
      case 1:
        bytes.erase(at);
        break;
      default:
        *at = value;
        break;
    }
  }
  return bytes;
}

TEST(ZipDifferential, B31_RandomChanges) {
  const Bytes good = testkit::make_zip({{"a/one", {1}}, {"b", {}}, {"c.bin", {1, 2, 3}}});
  std::mt19937 random(20261121);
  Comparison comparison;
  for (int i = 0; i < 50000; ++i) comparison.compare(disturbed(good, random), "round " + std::to_string(i));
  EXPECT_GT(comparison.accepted, 0);
  EXPECT_GT(comparison.stricter, 0);
}

}  // namespace
}  // namespace sallyport
