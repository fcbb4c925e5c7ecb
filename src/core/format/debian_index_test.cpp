// SPDX-License-Identifier: Apache-2.0
#include "core/format/debian_index.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

const std::string a(64, 'a');
const std::string b(64, 'b');
const std::string release =
    "Origin: Debian\nCodename: bookworm\nDate: Sat, 11 Jul 2026 10:16:37 UTC\nSHA256:\n " + a +
    " 50060337 main/binary-amd64/Packages\n " + b + "  8790396 main/binary-amd64/Packages.xz\n";

Code release_refusal(const std::string& text) {
  const auto parsed = parse_debian_release(text);
  return parsed.ok() ? Code::internal_error : parsed.error().code;
}

TEST(DebianRelease, ListsFiles) {
  const auto parsed = parse_debian_release(release);
  ASSERT_TRUE(parsed.ok()) << parsed.error().expected;
  EXPECT_EQ(parsed.value().label, "Debian bookworm");
  EXPECT_FALSE(parsed.value().valid_until.has_value());
  ASSERT_EQ(parsed.value().files.size(), 2U);
  EXPECT_EQ(parsed.value().files[1].name, "main/binary-amd64/Packages.xz");
  EXPECT_EQ(parsed.value().files[1].size, 8790396U);
  EXPECT_EQ(parsed.value().files[0].sha256.text(), a);
}

TEST(DebianRelease, KnowsWhenItsTimeIsOver) {
  const auto parsed = parse_debian_release("Valid-Until: Sat, 8 Feb 2026 10:16:37 UTC\n" + release);
  ASSERT_TRUE(parsed.ok()) << parsed.error().expected;
  EXPECT_EQ(parsed.value().valid_until->print(), "2026-02-08T10:16:37Z");
  for (const std::string date : {"Sat, 8 Feb 2026 10:16:37 GMT", "Sat, 8 Feb 2026", "8 Feb 2026 10:16:37 UTC",
                                 "Sat, 008 Feb 2026 10:16:37 UTC", "Sat, 30 Feb 2026 10:16:37 UTC",
                                 "Sat, 8 anF 2026 10:16:37 UTC", "tomorrow"})
    EXPECT_EQ(release_refusal("Valid-Until: " + date + "\n" + release), Code::archive_malformed) << date;
}

TEST(DebianRelease, IsRefused) {
  for (const std::string& text :
       {std::string(), std::string("Origin: Debian\n"), release + "Origin: Other\n",
        release + "origin: Other\n",
        release + " " + a + " 1 main/binary-amd64/Packages\n",  // a name twice
        release + " " + a + " 01 x\n", release + " " + a + " -1 x\n", release + " " + a + " 1\n",
        release + " " + a.substr(1) + " 1 x\n", release + " " + std::string(64, 'A') + " 1 x\n",
        " x\n" + release, release + "Long: " + std::string(debian_release_size_max, 'x') + "\n",
        "Origin\n" + release, "Other: x\n\n" + release, "SHA256: " + a + " 1 x\n"})
    EXPECT_EQ(release_refusal(text), Code::archive_malformed) << text.substr(0, 300);
}

std::string paragraph(const std::string& name, const std::string& digest, const std::string& size = "10") {
  return "Package: " + name +
         "\nVersion: 1.0-1\nArchitecture: amd64\nDescription: a\n b\n\t c\nSize: " + size +
         "\nSHA256: " + digest + "\n";
}

Result<std::map<Sha256Digest, DebianPackage>> read(const std::string& text, std::size_t step = 1000) {
  DebianPackages packages({Sha256Digest::parse(a).value()});
  for (std::size_t at = 0; at < text.size(); at += step)
    TRY(packages.feed(as_bytes(std::string_view(text).substr(at, step))));
  TRY(packages.finish());
  return packages.found();
}

TEST(DebianPackages, FindsWhatIsWantedWhateverTheParts) {
  const auto text =
      paragraph("other", b) + "\n" + paragraph("mme", a) + "\n" + paragraph("last", std::string(64, 'c'));
  for (const std::size_t step : {1U, 2U, 7U, 100U, 100000U}) {
    const auto found = read(text, step);
    ASSERT_TRUE(found.ok()) << found.error().found;
    ASSERT_EQ(found.value().size(), 1U);
    EXPECT_EQ(found.value().begin()->second.package, "mme");
    EXPECT_EQ(found.value().begin()->second.size, 10U);
  }
  EXPECT_TRUE(read(paragraph("other", b)).value().empty());
  EXPECT_EQ(read(paragraph("mme", a)).value().size(), 1U);  // without a line behind it
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

// However little of it is kept.
TEST(DebianPackages, P01_NoLongerThanAListMayBe) {
  DebianPackages packages({Sha256Digest::parse(a).value()});
  const auto other = paragraph("other", b);
  const auto piece = other + "Long: " + std::string((1U << 19U) - other.size() - 8, 'x') + "\n\n";
  for (std::uint64_t fed = 0; fed < debian_packages_size_max; fed += piece.size())
    ASSERT_TRUE(packages.feed(as_bytes(piece)).ok()) << fed;
  EXPECT_EQ(packages.feed(as_bytes("x")).error().code, Code::archive_malformed);
}

TEST(DebianPackages, IsRefused) {
  const auto twice = paragraph("mme", a) + "\n" + paragraph("mme", a);
  EXPECT_TRUE(read(twice).ok());
  for (const std::string& text : {
           paragraph("mme", a) + "\n" + paragraph("evil", a),  // two words on one file
           paragraph("mme", a) + "\n" + paragraph("mme", a, "11"),
           paragraph("mme", a) + "\n" + replaced(paragraph("mme", a), "1.0-1", "1.0-2"),
           paragraph("mme", a) + "\n" + replaced(paragraph("mme", a), "amd64", "arm64"),
           paragraph("mme", a) + "SHA256: " + b + "\n",  // a field twice
           paragraph("mme", a, "0x10"),
           paragraph("mme", "short"),
           std::string("Package: mme\nSHA256: ") + a + "\n",  // nothing else
           std::string("no field\n"),
           "\n" + paragraph("mme", a),
           paragraph("mme", a) + "Long: " + std::string(2U << 20U, 'x'),
       })
    EXPECT_FALSE(read(text, 1U << 20U).ok()) << text.substr(0, 300);
}

}  // namespace
}  // namespace sallyport
