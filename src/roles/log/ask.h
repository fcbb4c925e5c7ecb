// SPDX-License-Identifier: Apache-2.0
// Has the published checkpoint cosigned by the witnesses of the policy that have an address (C2SP tlog-witness).
//
// Nothing that a witness says changes what the log signs: the most that it can do is to add its own cosignature, or not
// to. A cosignature is taken only when it is by the key of exactly that witness, over exactly this checkpoint, and of a
// time that is not later than now (but for five minutes).
#pragma once

#include "adapters/http/port.h"
#include "core/base/workers.h"
#include "core/tlog/policy.h"
#include "roles/log/store.h"

namespace sallyport::keeper {

// How one witness ended: it cosigned, or
//   log_shrunk           it says that it has seen more entries than the log has
//   witness_behind       it names another size each time
//   log_forked, log_unknown, log_signature_invalid, witness_request_malformed      what it says itself
//   log_key_refused      no cosignature of its own in the answer
//   cosignature_invalid  one that does not fit, or of a time to come
//   note_malformed, server_refused      no answer of the protocol
//   server_unreachable, server_too_slow, …      no answer (adapters/http/port.h)
struct Asked {
  std::string witness;  // in the policy
  std::string url;
  std::optional<Error> error;
};

struct AskReport {
  tlog::Head head;
  std::vector<Asked> witnesses;  // in the policy's order
  // Whether the published checkpoint now is one that the policy accepts.
  std::optional<Error> missing;
};

// One after the other, or several at once, as `workers` has it. usage_error when no witness has an address; node_busy
// when the log went on meanwhile.
Result<AskReport> ask_witnesses(Disk& disk, const tlog::LogPolicy& policy, const Poster& poster,
                                Workers& workers, Instant now);

}  // namespace sallyport::keeper
