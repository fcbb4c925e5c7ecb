// SPDX-License-Identifier: Apache-2.0
// The baseline of the host that a node goes by: taken in as the next policy is, kept as what the officers signed, and
// proved again whenever it is used. docs/spec/baseline.md.
#pragma once

#include "core/format/baseline.h"
#include "roles/node/books.h"
#include "roles/node/ports.h"

namespace sallyport::node {

struct BaselineReport {
  std::uint64_t number;
  Sha256Digest identity;
  std::uint64_t files;
  std::uint64_t changed;  // not as their packages have them
  std::uint64_t unowned;  // of no package
  Checks checks;
  enum class Effect : std::uint8_t { taken, known } effect;
};

// One that the officers of the policy in force have signed, for this node, with a higher number than the one before:
// baseline_other_node, baseline_rollback, and what trust::baseline refuses. It touches nothing that runs.
Result<BaselineReport> take_baseline(const Ports& ports, BytesView envelope);
Result<BaselineReport> preview_baseline(const Ports& ports, BytesView envelope);

// The one that the journal names, by the policy that was in force and as of when it was taken in. Absent: there is
// none. trust_file_damaged: the file is gone, or another.
Result<std::optional<HostBaseline>> baseline_in_force(Disk& disk, const Books& books);

// Its contents, as core/gate wants them.
std::vector<ListedFile> contents_of(const HostBaseline& baseline);

}  // namespace sallyport::node
