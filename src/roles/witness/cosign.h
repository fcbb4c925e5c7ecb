// SPDX-License-Identifier: Apache-2.0
// A witness: it remembers for each log the largest tree that it cosigned, and cosigns only what begins with that.
//
// Looking and remembering happen under one lock, and what is remembered is durable before anything is signed: two
// requests at a time, a crash or a full disk never make it cosign two histories. At worst it remembers a tree that it
// did not get to cosign; asked again, it does.
#pragma once

#include "adapters/disk/port.h"
#include "adapters/signer/port.h"
#include "core/tlog/request.h"

namespace sallyport::witness {

struct CosignReport {
  tlog::Checkpoint checkpoint;
  std::string answer;  // the signature line
};

// As tlog::decide, over the logs given. log_damaged when what was remembered cannot be read.
Result<CosignReport> add_checkpoint(Disk& disk, std::string_view request,
                                    const std::vector<tlog::NoteKey>& logs, const std::string& name,
                                    Signer& signer, Instant now);

}  // namespace sallyport::witness
