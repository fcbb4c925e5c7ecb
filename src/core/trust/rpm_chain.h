// SPDX-License-Identifier: Apache-2.0
// From the key of a publisher to an .rpm file: the signature in it covers the header, the header has the digest of the
// payload. docs/spec/wrap.md. First what was signed, then, with the answer about that, the proof.
#pragma once

#include "core/format/rpm_package.h"
#include "core/trust/publisher.h"

namespace sallyport::trust {

// For gpgv; nothing of the header was looked at.
struct RpmSigned {
  Bytes signature;
  Bytes header;
};
// publisher_signature_missing where there is no signature over the header alone; format/rpm_frame.h.
Result<RpmSigned> rpm_signed(const NamedFile& rpm);

struct PublishedRpm {
  Published published;
  RpmPackage package;  // as the header has it
};
// gpgv was given what rpm_signed(rpm) says. format/openpgp_status.h, format/rpm_package.h.
Result<PublishedRpm> published_rpm(const NamedFile& rpm, const OpenPgpAnswer& answer);

}  // namespace sallyport::trust
