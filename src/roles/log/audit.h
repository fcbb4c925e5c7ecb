// SPDX-License-Identifier: Apache-2.0
// Checks a whole copy of a log, as a web server serves it: the checkpoint is one that the policy accepts, every entry
// is of our form, and they and all tiles add up to exactly its hash. Takes no word of the log's keeper but that hash.
#pragma once

#include <functional>
#include <map>

#include "core/tlog/entry.h"
#include "core/tlog/policy.h"
#include "core/tlog/tiles.h"

namespace sallyport::keeper {

// A published file of at most so many bytes, by its path below the log's address: "checkpoint", "tile/0/000".
using ReadPublished = std::function<Result<Bytes>(const std::string& path, std::uint64_t size_max)>;

// Which entries are to be told; both are empty: all of them.
struct EntryFilter {
  std::optional<tlog::EntryKind> kind;
  std::optional<Sha256Digest> about;  // the thing itself, and what rests on it

  bool takes(const tlog::Entry& entry) const;
};

struct FoundEntry {
  std::uint64_t index;
  tlog::Entry entry;
};

struct AuditReport {
  tlog::CheckedCheckpoint checkpoint;
  std::map<tlog::EntryKind, std::uint64_t> counts;
  std::vector<FoundEntry> entries;  // that the filter takes
};

struct AuditRequest {
  std::optional<std::string>
      earlier;  // a checkpoint of the same log that somebody kept, without regard to witnesses
  std::optional<EntryFilter> tell;  // nothing: no entries
};

// As check_checkpoint; then log_damaged for tiles and entries that are missing, larger than they may be or do not add
// up, log_entry_malformed; and against the earlier one log_unknown, log_signature_invalid, log_shrunk, log_forked.
Result<AuditReport> audit(const ReadPublished& read, const tlog::LogPolicy& policy,
                          const AuditRequest& request, Instant now);

}  // namespace sallyport::keeper
