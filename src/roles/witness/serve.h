// SPDX-License-Identifier: Apache-2.0
// A witness behind HTTP (C2SP tlog-witness): POST /add-checkpoint, and nothing else. docs/spec/log.md.
#pragma once

#include <functional>

#include "adapters/http/port.h"
#include "roles/witness/cosign.h"

namespace sallyport::witness {

// What stands behind each answer, for the record; an error keeps the cosignature from leaving.
using Record = std::function<Result<void>(const Result<CosignReport>&)>;

class Service {
 public:
  Service(Disk& disk, const std::vector<tlog::NoteKey>& logs, std::string name, Signer& signer)
      : disk_(disk), logs_(logs), name_(std::move(name)), signer_(signer) {}

  // As add_checkpoint, in the protocol's words: each question is decided as of `now`.
  HttpAnswer answer(const HttpQuestion& question, Instant now, const Record& record) const;

 private:
  Disk& disk_;
  std::vector<tlog::NoteKey> logs_;
  std::string name_;
  Signer& signer_;
};

}  // namespace sallyport::witness
