// SPDX-License-Identifier: Apache-2.0
// A repository whose files are printed and signed as they are asked for, so that a test changes one thing and looks.
#pragma once

#include "core/trust/tuf/trusted_set.h"
#include "core/trust/tuf/write.h"
#include "testkit/statements.h"

namespace sallyport::tuf {

struct RepositoryForTest {
  Instant now = testkit::test_time();
  RootDraft root{1, now.plus(86400), {}};
  TargetsDraft targets{1, now.plus(86400), {}, {}};
  std::uint64_t snapshot_version = 1;
  std::uint64_t timestamp_version = 1;
  std::map<std::string, WrittenFile> roles;  // of the snapshot, besides targets

  RepositoryForTest() {
    root.roles.emplace(Role::root, role({"alice-1", "bob-1"}, 2));
    root.roles.emplace(Role::targets, role({"alice-1", "bob-1"}, 2));
    root.roles.emplace(Role::snapshot, role({"intake-1"}, 1));
    root.roles.emplace(Role::timestamp, role({"intake-1"}, 1));
  }

  static RoleDraft role(const std::vector<std::string>& names, std::uint32_t threshold) {
    RoleDraft draft{{}, threshold};
    for (const auto& name : names) draft.keys.push_back(testkit::TestKey(name).public_key());
    return draft;
  }

  static std::string file(const std::string& text, const std::vector<std::string>& signers) {
    std::vector<KeySignature> signatures;
    for (const auto& name : signers) {
      const testkit::TestKey key(name);
      signatures.push_back({key.public_key(), key.sign(as_bytes(text))});
    }
    return print_file(text, signatures);
  }

  static WrittenFile written(std::uint64_t version, const std::string& text) {
    return {version, {text.size(), sha256(as_bytes(text))}};
  }

  void list(const std::string& name, std::uint64_t version, const std::string& text) {
    roles.insert_or_assign(name, written(version, text));
  }

  std::string root_file(const std::vector<std::string>& signers = {"alice-1", "bob-1"}) const {
    return file(print_root(root), signers);
  }
  std::string targets_file() const { return file(print_targets(targets), {"alice-1", "bob-1"}); }
  std::string snapshot_file() const {
    auto all = roles;
    all.insert_or_assign("targets", written(targets.version, targets_file()));
    return file(print_snapshot(snapshot_version, now.plus(86400), all), {"intake-1"});
  }
  std::string timestamp_file(const std::vector<std::string>& signers = {"intake-1"}) const {
    return file(
        print_timestamp(timestamp_version, now.plus(86400), written(snapshot_version, snapshot_file())),
        signers);
  }
};

}  // namespace sallyport::tuf
