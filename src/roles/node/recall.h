// SPDX-License-Identifier: Apache-2.0
// Recalls that the node keeps: taken in as stop orders are, kept as what the persons of the pool signed, and proved
// again whenever they are used. All of them count, for ever. docs/spec/statement.md.
//
// Only what is refused grows: a recall never lets anything run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/format/recall.h"
#include "core/format/tree.h"
#include "roles/node/books.h"
#include "roles/node/ports.h"

namespace sallyport::node {

namespace paths {
constexpr const char* recalls = "recalls";  // every one that was taken in, by its identity
}  // namespace paths

// What is not to run on this node any more, and by which recall.
class Recalled {
 public:
  void add(const Recall& recall);
  bool empty() const { return contents_.empty() && packages_.empty(); }
  bool has(const FileDigest& content) const { return contents_.contains(content); }
  bool has_package(const Sha256Digest& package) const { return packages_.contains(package); }
  // content_recalled, one for the package and for each file that has such a content; at most `count_max`.
  std::vector<Error> findings(const Sha256Digest& package, const Tree& tree,
                              std::size_t count_max = 100) const;
  // The first of them.
  Result<void> check(const Sha256Digest& package, const Tree& tree) const;

 private:
  std::map<FileDigest, std::string> contents_;  // and why
  std::map<Sha256Digest, std::string> packages_;
};

// Of all that the journal names, by the policy that was in force and as of when each was taken in. trust_file_damaged:
// one is gone, or another.
Result<Recalled> recalled(Disk& disk, const Books& books);

struct RecallReport {
  Recall recall;
  Sha256Digest identity;
  Checks checks;
  std::vector<install::GenerationNumber> generations;  // that have their files here, and something of it
  std::optional<Error> alarm;                          // content_recalled: the active one has
  std::vector<std::string> services;                   // of the active one, where it has
  enum class Effect : std::uint8_t {
    taken,
    known,
    mended,  // it was known, and its copy here was gone or damaged
  } effect;
};

// One that the persons of this node's pool have approved, whatever its number among them: order_other_pool, and what
// trust::logged_recall refuses. It touches nothing that runs. `proof`: that it is in the log of the policy.
Result<RecallReport> take_recall(const Ports& ports, BytesView envelope,
                                 const std::optional<Bytes>& proof = {});
Result<RecallReport> preview_recall(const Ports& ports, BytesView envelope,
                                    const std::optional<Bytes>& proof = {});

}  // namespace sallyport::node
