// SPDX-License-Identifier: Apache-2.0
// Files on which the persons of a pool decide besides orders: recalls, exceptions for findings.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/sallyport/command.h"
#include "core/format/describe.h"
#include "core/format/event.h"
#include "roles/operator/motion.h"

namespace sallyport::cli {

// The digest of what the envelope holds, genuine or not, as the event's `order`; nothing where it is no envelope.
void name_envelope(Event& event, BytesView file);

// What the commands about one kind of file know of it.
struct MotionKind {
  std::string noun;        // "recall": in what is shown
  std::string command;     // "recall", "intake exception": before review and approve, and of its activities
  std::string positional;  // "RECALL"
  deploy::ProveMotion (*prove)(const Policy& policy, Instant now);
  deploy::ProveMotion (*prove_to_approve)(const Policy& policy, Instant now);
};

struct ProposedFile {
  std::vector<Field> fields;
  Sha256Digest digest;
  std::string envelope;
};
// Signs with the first key; the further ones, of the kinds that the policy asks for, are added by propose_file().
using MakeProposal = std::function<Result<ProposedFile>(const Policy& policy, Instant now, Signer& signer)>;

// Writes what `make` makes to -o, shows it, and records it.
Result<void> propose_file(const MotionKind& kind, const MakeProposal& make, const Arguments& arguments,
                          Output& output);

// Shows the file of the positional argument, and says what was proved of it.
using ShowMotion =
    std::function<Result<deploy::OpenMotion>(BytesView file, const Policy& policy, Instant now)>;
Result<deploy::OpenMotion> show_file(const MotionKind& kind, const ShowMotion& show,
                                     const Arguments& arguments, Output& output);
// And what comes next: `once_granted`, or an approval of what was shown.
Result<void> review_file(const MotionKind& kind, const ShowMotion& show, const std::string& once_granted,
                         const Arguments& arguments, Output& output);

// Adds the signature of --as by --key to the file, where it lies.
Result<void> answer_file(const MotionKind& kind, approve::Act act, const Arguments& arguments,
                         Output& output);

// --sequence, 1 to 2^53.
Result<std::optional<std::uint64_t>> sequence_option(const Arguments& arguments);
std::uint32_t milliseconds_now();

// policy, as, key, reviewed, at, dry-run, events
std::vector<Option> answering_options();

}  // namespace sallyport::cli
