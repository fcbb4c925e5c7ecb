// SPDX-License-Identifier: Apache-2.0
#include "core/format/sbom.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/crypto/file_digest.h"
#include "core/format/pack.h"
#include "core/format/sbom_check.h"
#include "core/format/sbom_diff.h"
#include "testkit/source.h"

namespace sallyport {
namespace {

// "CycloneDX 1.5, 1 components, …; zlib1g 1, Zlib; bin/x SHA-256"
std::string outcome(const std::string& text) {
  const auto parsed = parse_sbom(as_bytes(text));
  if (!parsed.ok()) {
    EXPECT_EQ(parsed.error().code, Code::sbom_malformed) << text;
    return "refused: " + parsed.error().where;
  }
  std::string out = describe(parsed.value());
  for (const auto& component : parsed.value().components) out += "; " + describe(component);
  for (const auto& file : parsed.value().files) {
    out += "; " + file.path;
    for (const auto& said : file.digests) out += " " + std::to_string(8 * said.digest.size());
  }
  return out;
}

// Each line: a text, a tab, and what it is taken for or where it is refused. `<64>` stands for as many digits.
TEST(SbomTest, C13_VectorsAreUnderstoodOrRefused) {
  std::ifstream file(source_file("tests/vectors/sbom.txt"));
  std::string line;
  int lines = 0;
  while (std::getline(file, line)) {
    if (line.empty() || line.front() == '#') continue;
    ++lines;
    const auto tab = line.rfind('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    auto text = line.substr(0, tab);
    for (const std::size_t count : {32U, 64U, 96U, 128U}) {
      const auto mark = "<" + std::to_string(count) + ">";
      for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
        text.replace(at, mark.size(), std::string(count, 'a'));
    }
    EXPECT_EQ(outcome(text), line.substr(tab + 1)) << line;
  }
  EXPECT_GE(lines, 40);
}

TEST(SbomTest, T_SizesAreBounded) {
  EXPECT_EQ(outcome(std::string(sbom_size_max + 1, ' ')), "refused: JSON");
  // Few bytes in the text, and many in memory.
  std::string empties = R"({"bomFormat":"CycloneDX","specVersion":"1.6","x":[)";
  for (int i = 0; i < 2200000; ++i) empties += "[],";
  EXPECT_EQ(outcome(empties + "[]]}").substr(0, 20), "refused: JSON at byt");
  std::string list;
  for (int i = 0; i < 200001; ++i) list += R"({"type":"library","name":"x"},)";
  list.pop_back();
  EXPECT_EQ(outcome(R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[)" + list + "]}"),
            "refused: components");
}

// What `npm sbom` writes (npm 11.19), of one lock file in both standards.
TEST(SbomTest, OtherToolsAreUnderstood) {
  const auto of = [](const std::string& name) {
    std::ifstream file(source_file("tests/vectors/sbom/" + name));
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    return outcome(text);
  };
  const std::string digest(
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931"
      "bd47417a81"
      "a538327af927da3e");
  EXPECT_EQ(of("npm-cyclonedx.json"),
            "CycloneDX 1.5, 2 components, names components only; @example/left 1.0.3, "
            "pkg:npm/%40example/left@1.0.3, MIT, SHA-512 " +
                digest + "; right 2.0.0, pkg:npm/right@2.0.0, (MIT OR Zlib), SHA-512 " + digest);
  EXPECT_EQ(of("npm-spdx.json"),
            "SPDX 2.3, 3 components, names components only; demo-console 1.0.0, pkg:npm/demo-console@1.0.0, "
            "Apache-2.0; @example/left 1.0.3, pkg:npm/%40example/left@1.0.3, MIT, SHA512 " +
                digest + "; right 2.0.0, pkg:npm/right@2.0.0, (MIT OR Zlib), SHA512 " + digest);
}

// A release of two files and a link.
struct Release {
  Bytes pack;
  Tree tree{ProductId::parse("demo").value(), "demo", "1", "any", 1, {}, {}, {}};
  std::map<std::string, std::string> contents = {{"bin/a", "one"}, {"etc/b", "two"}};

  Release() {
    FrameEncoder encoder;
    for (const auto& [path, content] : contents) {
      const auto digest = file_digest(as_bytes(content));
      const auto stored = encoder.encode(as_bytes(content)).value();
      tree.entries.push_back(
          {RelativePath::parse(path).value(), EntryType::file, 0644, 0, 0, content.size(), digest, {}, {}});
      tree.objects.push_back(
          {digest, content.size(), {{pack.size(), static_cast<std::uint32_t>(stored.size()), 3}}});
      pack.insert(pack.end(), stored.begin(), stored.end());
    }
    tree.entries.push_back(
        {RelativePath::parse("bin/link").value(), EntryType::link, 0777, 0, 0, 0, {}, "a", {}});
  }

  // The codes of what does not fit, with their places.
  std::string misfits(const std::vector<SbomFile>& files) const {
    const Sbom sbom{SbomStandard::spdx, "2.3", {}, files};
    InlineWorkers workers;
    const auto digests =
        ContentDigests::of(tree.objects, MemorySource(pack), 0, pack.size(), algorithms_of(sbom), workers)
            .value();
    std::string text;
    for (const auto& misfit : find_misfits(sbom, tree, digests))
      text += (text.empty() ? "" : "; ") + std::string(name(misfit.code)) + " " + misfit.where;
    return text;
  }
  SbomFile named(const std::string& path, const std::string& content, Sha2 algorithm = Sha2::sha256) const {
    Hasher hasher(algorithm);
    hasher.update(as_bytes(content));
    return {path, {{algorithm, hasher.finish()}}};
  }
};

TEST(SbomCheck, WhatFitsIsLetThrough) {
  const Release release;
  EXPECT_EQ(release.misfits({release.named("bin/a", "one"), release.named("etc/b", "two", Sha2::sha512)}),
            "");
  // The same file more than once, and without a digest besides.
  EXPECT_EQ(release.misfits({release.named("bin/a", "one"),
                             release.named("bin/a", "one", Sha2::sha384),
                             {"bin/a", {}},
                             release.named("etc/b", "two")}),
            "");
}

TEST(SbomCheckAttack, S06_WhatDoesNotFitIsTold) {
  const Release release;
  const auto a = release.named("bin/a", "one");
  const auto b = release.named("etc/b", "two");
  EXPECT_EQ(release.misfits({a}), "sbom-file-unlisted etc/b");
  EXPECT_EQ(release.misfits({a, {"etc/b", {}}}), "sbom-file-unlisted etc/b");
  EXPECT_EQ(release.misfits({a, b, release.named("bin/c", "one")}), "sbom-file-missing bin/c");
  EXPECT_EQ(release.misfits({a, b, {"bin/c", {}}}), "sbom-file-missing bin/c");
  EXPECT_EQ(release.misfits({a, b, release.named("bin/link", "one")}), "sbom-file-missing bin/link");
  EXPECT_EQ(release.misfits({a, b, release.named("bin/a/", "one")}), "sbom-file-missing bin/a/");
  EXPECT_EQ(release.misfits({a, release.named("etc/b", "2")}), "sbom-digest-mismatch etc/b");
  EXPECT_EQ(release.misfits({a, b, release.named("etc/b", "2", Sha2::sha384)}), "sbom-digest-mismatch etc/b");
  EXPECT_EQ(release.misfits({release.named("bin/a", "2"), release.named("bin/c", "one")}),
            "sbom-digest-mismatch bin/a; sbom-file-missing bin/c; sbom-file-unlisted etc/b");
}

TEST(SbomCheckAttack, S06_NoMoreIsToldThanPeopleRead) {
  const Release release;
  std::vector<SbomFile> files;
  for (std::size_t i = 0; i <= misfits_max; ++i) files.push_back({"missing/" + std::to_string(i), {}});
  const auto told = release.misfits(files);
  EXPECT_EQ(std::count(told.begin(), told.end(), ';') + 1, static_cast<std::ptrdiff_t>(misfits_max));
}

// The builder makes the account files; nobody else can name them, and they may not be anything else.
TEST(SbomCheck, AccountFilesNeedNotBeNamed) {
  Release release;
  release.tree.entries[1].path = RelativePath::parse("etc/passwd").value();
  const auto a = release.named("bin/a", "one");
  EXPECT_EQ(release.misfits({a}), "sbom-file-unlisted etc/passwd");
  release.tree.users = {{"mme", 10, 10}};
  EXPECT_EQ(release.misfits({a}), "");
  EXPECT_EQ(release.misfits({a, release.named("etc/passwd", "2")}), "sbom-digest-mismatch etc/passwd");
}

std::string changes(const std::vector<SbomComponent>& before, const std::vector<SbomComponent>& after) {
  std::string text;
  for (const auto& change : diff_components(before, after)) {
    text += (text.empty() ? "" : "; ") + std::string(name(change.kind)) + " " + change.subject + " " +
            change.property + " " + change.before + ">" + change.after;
  }
  return text;
}

TEST(SbomDiff, TellsWhatCameWentAndChanged) {
  const SbomComponent zlib{"zlib1g", "1.2", "pkg:deb/debian/zlib1g@1.2?arch=amd64", {"Zlib"}, {}};
  SbomComponent newer = zlib;
  newer.version = "1.3";
  newer.purl = "pkg:deb/debian/zlib1g@1.3?arch=amd64";
  EXPECT_EQ(changes({zlib}, {zlib}), "");
  EXPECT_EQ(changes({zlib}, {newer}), "changed component pkg:deb/debian/zlib1g?arch=amd64 version 1.2>1.3");
  const SbomComponent x{"x", "", "", {}, {}};
  EXPECT_EQ(changes({}, {x}), "added component x whole >x");
  EXPECT_EQ(changes({x}, {}), "removed component x whole x>");
  // Two versions of one, of which one goes.
  EXPECT_EQ(changes({zlib, newer}, {zlib}),
            "removed component pkg:deb/debian/zlib1g?arch=amd64 (2) whole zlib1g 1.3, "
            "pkg:deb/debian/zlib1g@1.3?arch=amd64, Zlib>");
  SbomComponent other = zlib;
  other.licences = {"GPL-2.0-only"};
  other.digests = {"SHA-256 aa"};
  EXPECT_EQ(changes({zlib}, {other}),
            "changed component pkg:deb/debian/zlib1g?arch=amd64 licences Zlib>GPL-2.0-only; "
            "changed component pkg:deb/debian/zlib1g?arch=amd64 digests >SHA-256 aa");
  // Scopes of names begin with an @ of their own.
  const SbomComponent scoped{"y", "1", "pkg:npm/@scope/y", {}, {}};
  EXPECT_EQ(changes({}, {scoped}), "added component pkg:npm/@scope/y whole >y 1, pkg:npm/@scope/y");
}

}  // namespace
}  // namespace sallyport
