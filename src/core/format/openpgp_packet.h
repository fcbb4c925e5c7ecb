// SPDX-License-Identifier: Apache-2.0
// The frame of one OpenPGP signature (RFC 9580, 4.2 and 5.2) that somebody carries in a format of his own: what is
// handed to gpgv is one signature, and no message that brings other bytes along. What it is worth is said by gpgv
// (openpgp_status.h). For rpm_frame.cpp.
#pragma once

#include "core/base/bytes.h"

namespace sallyport {

// publisher_signature_invalid: not one signature packet of version 3 to 6 from the first byte to the last;
// publisher_algorithm_refused: its digest is other than SHA-256, SHA-384 or SHA-512.
Result<void> check_openpgp_signature(BytesView packet);

}  // namespace sallyport
