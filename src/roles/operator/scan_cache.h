// SPDX-License-Identifier: Apache-2.0
// What an engine called clean, kept from one intake to the next: docs/spec/scanner.md, *Seen before*.
//
// The file is signed by the intake's own key, and is about one engine with one version and one database:
// whoever can write it can have contents scanned once more, and nothing else.
#pragma once

#include <string>

#include "roles/operator/conclude.h"
#include "roles/operator/relay.h"

namespace sallyport::intake {

// `found` joined to `known`; where that would be more than a file holds, what was found now alone.
KnownClean joined(const KnownClean& known, const KnownClean& found);

Result<Bytes> print_scans(const EngineInfo& engine, const KnownClean& clean, Signer& signer);

// Nothing when the file is about another version of the engine, or another database. scan_cache_invalid when
// it was not signed by this key, or its signed part says other than its rest.
Result<KnownClean> read_scans(BytesView file, const EngineInfo& engine, const PublicKey& key);

constexpr std::size_t scans_max = 250000;
constexpr std::uint64_t scans_size_max = scans_max * FileDigest::size + 16384;

}  // namespace sallyport::intake
