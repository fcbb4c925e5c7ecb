// SPDX-License-Identifier: Apache-2.0
// The recall: an in-toto Statement v1 with predicateType `urn:sallyport:recall:v1`. docs/spec/statement.md. Contents
// and packages that no node of the pool runs any more, whatever was approved before. One spelling, as dsse.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/crypto/digest.h"
#include "core/format/describe.h"

namespace sallyport {

struct RecalledContent {
  std::string name;  // where it was found, a label for people: what counts is the content
  FileDigest digest;
  bool operator==(const RecalledContent&) const = default;
};

struct RecalledPackage {
  std::string name;  // a label for people
  Sha256Digest digest;
  bool operator==(const RecalledPackage&) const = default;
};

struct RecallEngine {
  std::string engine;
  std::string database;
  bool operator==(const RecallEngine&) const = default;
};

struct Recall {
  std::vector<RecalledContent> contents;  // by digest, each once
  std::vector<RecalledPackage> packages;  // likewise; of both together 1 to 10000
  PoolId pool;
  std::uint64_t sequence;  // of the pool's recalls, from 1, for people; at most `time` in milliseconds
  std::vector<RecallEngine> engines;   // who found something, by name, each once; may be none
  std::vector<Sha256Digest> verdicts;  // that say so, in order, each once; may be none
  Instant time;
  PersonId proposer;
  std::string reason;  // plain text, up to 1000 bytes
  bool operator==(const Recall&) const = default;
};

constexpr std::string_view recall_predicate_type = "urn:sallyport:recall:v1";
constexpr std::size_t recall_subjects_max = 10000;
constexpr std::size_t recall_reason_size_max = 1000;

// Of the envelope's payload. recall_malformed, or statement_type_mismatch for another predicateType.
Result<Recall> parse_recall(BytesView payload);
// Whoever prints a statement to sign it parses it first: what parse_recall refuses must not be signed.
std::string print_recall(const Recall& recall);

// Every field, for screens. Does not compile when the statement has one that it does not know.
std::vector<Field> recall_fields(const Recall& recall);

}  // namespace sallyport
