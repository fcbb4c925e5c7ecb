// SPDX-License-Identifier: Apache-2.0
// The parts of an .rpm file and the publisher's signature over its header, before anything of the header is read.
// docs/spec/wrap.md. Pure; any thread.
//
//   lead (96 bytes) | signatures, padded to 8 | header | payload
#pragma once

#include "core/base/bytes.h"

namespace sallyport {

struct RpmFrame {
  std::uint64_t header_offset;
  std::uint64_t header_size;
  std::uint64_t payload_offset;
  std::uint64_t payload_size;
  Bytes signature;  // OpenPGP over the header (RSAHEADER, DSAHEADER); empty where there is none
};

// archive_malformed; publisher_signature_invalid where the size or SHA-256 of the signatures is not that of the header;
// and what openpgp_packet.h says. Sums by MD5 and SHA-1, and signatures over header and payload, are not looked at.
Result<RpmFrame> read_rpm_frame(const ByteSource& file);

}  // namespace sallyport
