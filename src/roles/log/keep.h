// SPDX-License-Identifier: Apache-2.0
// What a log's keeper does: append, prove, ask witnesses and take their answers.
#pragma once

#include "core/tlog/proof.h"
#include "core/tlog/request.h"
#include "roles/log/store.h"

namespace sallyport::keeper {

struct AppendReport {
  std::string origin;
  std::vector<std::uint64_t> indices;  // of the entries, in their order
  tlog::Head head;
};
Result<AppendReport> append(Disk& disk, const std::vector<tlog::Entry>& entries, Signer& signer);

// The proof of one entry under the published checkpoint, with the way from the sizes of `since`, and, without any, from
// those that witnesses cosigned last. entry_not_logged.
struct ProveReport {
  std::string proof;
  std::uint64_t index;
  tlog::Head head;
};
Result<ProveReport> prove(Disk& disk, const tlog::Entry& entry, const std::vector<std::uint64_t>& since);

// The size that witnesses cosigned last; 0: none yet.
Result<std::uint64_t> last_cosigned(Disk& disk);
// The request for a witness that has seen the first `old_size` entries.
Result<std::string> request(Disk& disk, std::uint64_t old_size);

// Takes cosignatures of the policy's witnesses into the published checkpoint: cosignature_invalid when one does not fit
// it, log_key_refused when none is by a witness of the policy.
struct CosignReport {
  std::vector<std::string> witnesses;  // whose cosignatures were taken
  tlog::Head head;
};
Result<CosignReport> cosign(Disk& disk, std::string_view answer, const tlog::LogPolicy& policy);

struct ShowReport {
  tlog::NoteKey key;
  tlog::Head head;
  tlog::Head published;
  std::vector<std::string> signers;  // names of the checkpoint's signature lines
  std::vector<tlog::Entry> entries;  // from the first that was asked for
};
// Every entry from `first` on is read and shown to be in the tree.
Result<ShowReport> show(Disk& disk, std::uint64_t first);

}  // namespace sallyport::keeper
