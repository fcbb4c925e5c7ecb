// SPDX-License-Identifier: Apache-2.0
// Why a content may run on this node, or may not: which generation has it and under which name, and what that
// generation rests on, proved again from the bytes that the node keeps. For people; the gate itself decides by
// core/gate alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/trust/order.h"
#include "core/trust/package.h"
#include "core/trust/verdict.h"
#include "roles/node/books.h"
#include "roles/node/gate_terms.h"

namespace sallyport::node {

enum class MayRun : std::uint8_t { yes, no };  // the gate lists its files

// A generation that has the content.
struct Home {
  install::Generation generation;
  MayRun may_run;
  std::vector<std::string> paths;  // of the entries with this content, below its tree
  Verified<trust::Release> release;
  Verified<ApprovedOrder> order;
  Verified<SignedVerdict> verdict;
};

struct Explanation {
  std::uint64_t size;
  std::optional<FileDigest> digest;  // absent: nothing that is known has this size, so it was not read
  GateReason reason;                 // listed or unlisted
  std::vector<Home> homes;           // those that may run first; then by number
  bool in_baseline = false;          // of the host, as it is in force
};

// Codes: those of papers that are not what was signed (generation_damaged, …), and faults.
Result<Explanation> explain_content(Disk& disk, const ByteSource& file);
// One for each file, by the same books.
Result<std::vector<Explanation>> explain_contents(Disk& disk, const std::vector<const ByteSource*>& files);

}  // namespace sallyport::node
