// SPDX-License-Identifier: Apache-2.0
// What a wrapped release says of its publisher, checked again by what is inside of it. docs/spec/wrap.md, *What is
// checked again*. It makes nobody a publisher: the keys are those that the operator put in.
#pragma once

#include "core/base/check.h"
#include "core/base/time.h"
#include "core/format/provenance.h"

namespace sallyport::trust {

// Of inputs whose signature is raw or CMS: it is by a key or certificate that is among the originals, called as the
// record calls it, over the original. Certificates may be over: they were valid when somebody wrapped it. `provenance`
// fits the package (check_provenance). What was checked is added to `passed`.
//   provenance_malformed           no such key, or another name of it; no signature
//   publisher_signature_invalid    it does not fit
//   member_digest_mismatch         the file changed while it was read
Result<void> check_publishers_again(const ByteSource& file, const ZipDirectory& directory,
                                    const Provenance& provenance, Instant at, Checks& passed);

}  // namespace sallyport::trust
