// SPDX-License-Identifier: Apache-2.0
// Whether a stored package has to be looked at again. docs/spec/scanner.md, *Again*. Pure.
#pragma once

#include <vector>

#include "adapters/scanner/port.h"
#include "core/base/bytes.h"
#include "core/format/verdict.h"

namespace sallyport::intake {

// Each of these engines looked at every byte of it already, with this version and this database.
bool knows_as_much(const Verdict& verdict, const std::vector<EngineInfo>& engines);

// What a recall is about, as opposed to what could not be looked at.
bool names_malware(const Verdict& verdict);

// Of a whole file.
Result<Sha256Digest> digest_of(const ByteSource& file);

}  // namespace sallyport::intake
