// SPDX-License-Identifier: Apache-2.0
#include "core/format/sbom_check.h"

#include <algorithm>
#include <map>

namespace sallyport {
namespace {

using Files = std::map<std::string, FileDigest>;

Files files_of(const Tree& tree) {
  Files files;
  for (const auto& entry : tree.entries) {
    if (entry.digest) files.emplace(entry.path.text(), *entry.digest);
  }
  return files;
}

// Made by the builder, with the one content that the declaration gives them: no tool of the vendor's has seen them.
std::set<std::string> made_by_builder(const Tree& tree) {
  if (tree.users.empty() && tree.groups.empty()) return {};
  return {"etc/group", "etc/passwd"};
}

class Misfits {
 public:
  Misfits(const Sbom& sbom, const Tree& tree, const ContentDigests& contents)
      : sbom_(sbom), files_(files_of(tree)), excused_(made_by_builder(tree)), contents_(contents) {}

  std::vector<Error> find() {
    for (const auto& named : sbom_.files) compare(named);
    for (const auto& named : sbom_.files) {
      if (!files_.contains(named.path))
        add(Error(Code::sbom_file_missing, named.path, "a file of the release", "none"));
    }
    for (const auto& [path, digest] : files_) {
      if (!covered_.contains(path) && !excused_.contains(path))
        add(Error(Code::sbom_file_unlisted, path, "named with a digest (SHA-2)", "not"));
    }
    return std::move(misfits_);
  }

 private:
  void compare(const SbomFile& named) {
    const auto file = files_.find(named.path);
    if (file == files_.end()) return;
    if (!named.digests.empty()) covered_.insert(named.path);
    for (const auto& said : named.digests) {
      const auto* found = contents_.find(file->second, said.algorithm);
      CHECK(found != nullptr);
      if (*found != said.digest)
        add(Error(Code::sbom_digest_mismatch, named.path, hex(*found), hex(said.digest)));
    }
  }
  void add(Error misfit) {
    if (misfits_.size() < misfits_max) misfits_.push_back(std::move(misfit));
  }

  const Sbom& sbom_;
  Files files_;
  std::set<std::string> excused_;
  const ContentDigests& contents_;
  std::set<std::string> covered_;
  std::vector<Error> misfits_;
};

}  // namespace

std::set<Sha2> algorithms_of(const Sbom& sbom) {
  std::set<Sha2> algorithms;
  for (const auto& file : sbom.files) {
    for (const auto& said : file.digests) algorithms.insert(said.algorithm);
  }
  return algorithms;
}

std::vector<Error> find_misfits(const Sbom& sbom, const Tree& tree, const ContentDigests& contents) {
  return Misfits(sbom, tree, contents).find();
}

}  // namespace sallyport
