// SPDX-License-Identifier: Apache-2.0
// Verifies a generation as if it were new: the vendor's signature over its kept manifest and tree.json, and every
// file, folder and link of its tree against that. Before every start of a service, and whenever asked.
#pragma once

#include <optional>

#include "roles/node/books.h"
#include "roles/node/inspect.h"
#include "roles/node/papers.h"

namespace sallyport::node {

struct VerifyReport {
  install::GenerationNumber generation;
  Verified<trust::Release> release;
  Inspection inspection;  // its findings may be many
};

// Looks at everything and reports everything.
Result<VerifyReport> inspect_generation(Disk& disk, const Books& books, install::GenerationNumber generation,
                                        Workers& workers, Progress& progress = no_progress);

// Refuses with the first finding: content_recalled, generation_damaged, generation_file_missing,
// generation_file_unlisted; its
// `found` says how many more there are.
Result<void> sound(const VerifyReport& report);

// Both.
Result<VerifyReport> verify_generation(Disk& disk, const Books& books, install::GenerationNumber generation,
                                       Workers& workers, Progress& progress = no_progress);

// The node's generation (the one that is confirmed; nothing_active when there is none), or another one that is
// kept (generation_missing). Reads the books itself and changes nothing; `active` must name what the books say.
Result<VerifyReport> verify(Disk& disk, std::optional<install::GenerationNumber> generation, Workers& workers,
                            Progress& progress = no_progress);

}  // namespace sallyport::node
