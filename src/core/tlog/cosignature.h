// SPDX-License-Identifier: Apache-2.0
// Cosignatures (C2SP tlog-cosignature, Ed25519): a witness's word that, at this time, this checkpoint was the largest
// that it had seen of this log, and began with all that it had seen before. docs/spec/log.md.
#pragma once

#include <optional>
#include <string>

#include "core/base/time.h"
#include "core/tlog/note.h"

namespace sallyport::tlog {

// What is signed.
std::string cosignature_message(Instant time, std::string_view note_text);
// The line's bytes behind the key id: the time and the raw signature.
Bytes print_cosignature(Instant time, BytesView raw_signature);

// The latest time at which this key (KeyUse::cosignature) cosigned the note; nothing: it did not. A cosignature of its
// that does not fit refuses the whole note: cosignature_invalid.
Result<std::optional<Instant>> cosigned_by(const Note& note, const NoteKey& key);

}  // namespace sallyport::tlog
