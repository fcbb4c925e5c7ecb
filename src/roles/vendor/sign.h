// SPDX-License-Identifier: Apache-2.0
// Signs a package that `build` made; a package that is signed already gets this signature in the place of the old
// one. A post-quantum signature (ML-DSA) on a package that has a classical one becomes the second, in the place of an
// old second one; a classical one becomes the first and leaves a second where it is. Never signs what would be refused:
// first the whole package is read as a node reads it, down to the digest of every file.
#pragma once

#include "adapters/signer/port.h"
#include "core/base/progress.h"
#include "core/base/sink.h"
#include "core/base/workers.h"

namespace sallyport::vendor {

struct SignReport {
  Sha256Digest package;  // of the signed file
  Sha256Digest release;
  std::uint64_t size;
  std::string signer;  // subject of the leaf certificate
  std::string product;
  std::string version;
  std::uint64_t counter;
};

// `chain`: the certificate of the key first, then intermediates; a root at its end is not put into the signature,
// because everybody who verifies has an anchor of their own. The caller gives `output` its name after this has
// returned a value. Refuses with the codes of a verification, and key_unusable when key and certificate differ or
// the certificate may not sign code at `at`.
Result<SignReport> sign(const ByteSource& package, Signer& signer, const std::vector<Certificate>& chain,
                        Instant at, ByteSink& output, Workers& workers, Progress& progress = no_progress);

}  // namespace sallyport::vendor
