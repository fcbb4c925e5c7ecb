// SPDX-License-Identifier: Apache-2.0
// The known answers of tests/vectors/tlog, and keys whose names say who they are.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/tlog/cosignature.h"
#include "core/tlog/proof.h"
#include "testkit/source.h"
#include "testkit/statements.h"

namespace sallyport::tlog {

inline std::string vector_file(const std::string& name) {
  std::ifstream file(source_file("tests/vectors/tlog/" + name));
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

inline std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// A log or a witness of this name; its key follows from the name: Ed25519, or ML-DSA-44 where the name ends in "-pq44".
struct Party {
  explicit Party(std::string n)  // a witness
      : name(std::move(n)), key(name), public_key(NoteKey::of_witness(name, key.public_key()).value()) {}
  Party(std::string n, KeyUse use)
      : name(std::move(n)), key(name), public_key(NoteKey::make(name, use, key.public_key()).value()) {}

  NoteSignature sign(std::string_view text) const {
    return {name, public_key.id(), key.sign(as_bytes(text))};
  }
  NoteSignature cosign(std::string_view text, Instant time) const {
    return {name, public_key.id(),
            print_cosignature(time, key.sign(cosignature_message(public_key, time, text).value()))};
  }

  std::string name;
  testkit::TestKey key;
  NoteKey public_key;
};

inline const Party& test_log() {
  static const Party party("log.example/packages", KeyUse::note);
  return party;
}
inline const Party& test_witness(std::size_t number) {
  static const std::vector<Party> parties{Party("w0.example", KeyUse::cosignature),
                                          Party("w1.example", KeyUse::cosignature),
                                          Party("w2.example", KeyUse::cosignature)};
  return parties.at(number);
}

// Signed by the log, cosigned by these witnesses: an hour ago, if it is not said.
inline Note signed_checkpoint(const Head& head, const std::vector<std::size_t>& witnesses,
                              Instant time = testkit::test_time().plus(-3600)) {
  Note note{print_checkpoint({test_log().name, head}), {}};
  note.signatures.push_back(test_log().sign(note.text));
  for (const auto witness : witnesses) {
    note.signatures.push_back(test_witness(witness).cosign(note.text, time));
  }
  return note;
}

// The policy of test_log() and `quorum` of the three witnesses.
inline LogPolicy test_log_policy(std::uint32_t quorum) {
  std::string text = "log " + test_log().public_key.text() + "\n";
  for (std::size_t i = 0; i < 3; ++i) {
    text += "witness w" + std::to_string(i) + " " + test_witness(i).public_key.text() + "\n";
  }
  return parse_log_policy(text + "group g " + std::to_string(quorum) + " w0 w1 w2\nquorum g\n").value();
}

// Digests that differ, for entries that differ.
inline Entry numbered_entry(std::uint64_t number) {
  return package_entry(sha256(as_bytes(std::to_string(number))));
}

inline std::vector<TreeHash> numbered_leaves(std::uint64_t count) {
  std::vector<TreeHash> leaves;
  for (std::uint64_t i = 0; i < count; ++i)
    leaves.push_back(leaf_hash(as_bytes(print_entry(numbered_entry(i)))));
  return leaves;
}

}  // namespace sallyport::tlog
