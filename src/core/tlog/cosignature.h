// SPDX-License-Identifier: Apache-2.0
// Cosignatures (C2SP tlog-cosignature, Ed25519 and ML-DSA-44): a witness's word that, at this time, this checkpoint was
// the largest that it had seen of this log, and began with all that it had seen before. docs/spec/log.md.
#pragma once

#include <optional>
#include <string>

#include "core/base/time.h"
#include "core/tlog/note.h"

namespace sallyport::tlog {

// What the witness with this key (is_cosignature) signs. Ed25519: a time and the text. ML-DSA-44: cosigned_message,
// over the witness's name, the time, and the log, size and hash of the checkpoint that the text is
// (checkpoint_malformed); lines behind these are not in it.
Result<Bytes> cosignature_message(const NoteKey& key, Instant time, std::string_view note_text);
// The line's bytes behind the key id: the time and the raw signature.
Bytes print_cosignature(Instant time, BytesView raw_signature);

// The latest time at which this key (is_cosignature) cosigned the note; nothing: it did not. A cosignature of its
// that does not fit refuses the whole note: cosignature_invalid. One of ML-DSA-44 without a time (0) says nothing of
// when, and does not count. Fails with algorithm_unavailable where the library has no ML-DSA and there is one to look
// at.
Result<std::optional<Instant>> cosigned_by(const Note& note, const NoteKey& key);

}  // namespace sallyport::tlog
