// SPDX-License-Identifier: Apache-2.0
#include "core/format/attestation_subject.h"

#include <algorithm>
#include <set>

namespace sallyport {
namespace {

std::string without_root(const std::string& name) {
  if (name.starts_with("./")) return name.substr(2);
  return name.starts_with('/') ? name.substr(1) : name;
}

std::string digest_text(const AttestationSubject& subject) {
  return subject.sha256 ? subject.sha256->text() : "no sha256";
}

// Whether one attestation is about the package.
class About {
 public:
  explicit About(const Holdings& holdings) : holdings_(holdings) {}

  // "the release", "2 of 9 files".
  Result<std::string> of(const Attestation& attestation, const std::string& where) const {
    const auto& subjects = attestation.subjects;
    bool release = false;
    std::set<FileDigest> contents;
    for (const auto& subject : subjects) {
      TRY(check_named(where, subject));
      release = release || subject.sha256 == holdings_.release;
    }
    if (release) return std::string("the release");
    for (const auto& subject : subjects) {
      if (!subject.sha256) continue;
      const auto* digests = TRY(holdings_.contents());
      if (const auto content = digests->with_sha256(*subject.sha256)) contents.insert(*content);
    }
    if (!contents.empty()) return count(contents);
    return Error(Code::attestation_other_subject, where,
                 "release " + holdings_.release.text() + ", or files of it",
                 subjects.front().name + " " + digest_text(subjects.front()));
  }

 private:
  // A subject that bears the name of a file or a member is about that very one.
  Result<void> check_named(const std::string& where, const AttestationSubject& subject) const {
    const auto name = without_root(subject.name);
    const auto* member = find_member(name);
    const auto* file = find_file(name);
    if (member == nullptr && file == nullptr) return {};
    std::string expected;
    if (member != nullptr) {
      if (subject.sha256 && member->algorithm == Sha2::sha256 &&
          member->digest == copy(subject.sha256->bytes()))
        return {};
      expected = hex(member->digest);
    }
    if (file != nullptr) {
      const auto* digests = TRY(holdings_.contents());
      const auto* digest = digests->find(*file->digest, Sha2::sha256);
      CHECK(digest != nullptr);
      if (subject.sha256 && *digest == copy(subject.sha256->bytes())) return {};
      expected = hex(*digest);
    }
    return Error(Code::attestation_other_subject, where + ": " + subject.name, expected,
                 digest_text(subject));
  }

  std::string count(const std::set<FileDigest>& contents) const {
    std::size_t files = 0;
    std::size_t named = 0;
    for (const auto& entry : holdings_.tree.entries) {
      files += entry.digest ? 1 : 0;
      named += entry.digest && contents.contains(*entry.digest) ? 1 : 0;
    }
    return std::to_string(named) + " of " + std::to_string(files) + " files";
  }

  const ManifestEntry* find_member(const std::string& name) const {
    const auto& entries = holdings_.manifest.entries;
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const ManifestEntry& entry) { return entry.source.text() == name; });
    return found == entries.end() ? nullptr : &*found;
  }
  // Entries of a tree are sorted by their paths.
  const TreeEntry* find_file(const std::string& name) const {
    const auto& entries = holdings_.tree.entries;
    const auto found = std::lower_bound(
        entries.begin(), entries.end(), name,
        [](const TreeEntry& entry, const std::string& wanted) { return entry.path.text() < wanted; });
    const bool is_it = found != entries.end() && found->path.text() == name && found->digest.has_value();
    return is_it ? &*found : nullptr;
  }

  const Holdings& holdings_;
};

}  // namespace

Result<std::string> about(const Attestation& attestation, const std::string& member,
                          const Holdings& holdings) {
  return About(holdings).of(attestation, member);
}

}  // namespace sallyport
