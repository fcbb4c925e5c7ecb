// SPDX-License-Identifier: Apache-2.0
// What the parent tells a worker that examines a package, and what the worker answers: docs/spec/scanner.md, *Apart*.
// The order is the parent's own; the answer is read as what a hostile package may have written.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "adapters/scanner/port.h"
#include "core/base/check.h"
#include "core/format/foreign_verdict.h"
#include "core/format/policy.h"
#include "core/format/verdict.h"

namespace sallyport::intake {

// A policy, and the lists of revoked certificates that came beside it, as they were read.
struct PolicyFiles {
  Bytes policy;
  std::vector<Bytes> lists;
};
Result<Policy> read_policy(const PolicyFiles& files);

// How a worker gets at an engine: its parent relays (relay.h), or it has rules.
enum class EngineKind : std::uint8_t { relayed, rules, secrets };

struct ApartEngine {
  EngineKind kind;
  EngineInfo info;    // as the parent found out
  std::string rules;  // the text, of `rules`
};

struct ApartOrder {
  std::string package_name;
  IntakeId intake;
  Instant now;
  std::string scratch_folder;
  PolicyFiles files;
  std::vector<ApartEngine> engines;  // the number of a service is its place here
  Tolerances tolerances = {};        // for a package of another tool
  bool remembers = false;  // the service behind those of the engines tells what holds nothing to open
};

std::string print_order(const ApartOrder& order);
Result<ApartOrder> parse_order(BytesView text);

using AnyVerdict = std::variant<Verdict, ForeignVerdict>;

struct ApartAnswer {
  AnyVerdict draft;
  Checks checks;  // that the package passed
};

// Of more than 1000 checks the last ones are counted only.
std::string print_answer(const AnyVerdict& draft, const Checks& checks);
std::string print_answer(const Error& error);
// The error of the answer, or examiner_failed for what is none.
Result<ApartAnswer> parse_answer(BytesView text);

constexpr std::uint64_t order_size_max = 64ULL << 20U;
constexpr std::uint64_t answer_size_max = 8ULL << 20U;

}  // namespace sallyport::intake
