// SPDX-License-Identifier: Apache-2.0
// OpenPGP signatures, looked at by somebody else. What its words are worth is for core/format/openpgp_status.h.
#pragma once

#include <string>

#include "core/base/bytes.h"
#include "core/format/openpgp_status.h"

namespace sallyport {

class OpenPgp {
 public:
  virtual ~OpenPgp() = default;
  // Faults alone: not_supported where there is no such program, or where it ended in another way than by its own word.
  virtual Result<OpenPgpAnswer> verify_detached(BytesView keyring, BytesView signature,
                                                const ByteSource& file) = 0;
  // A text that is signed in clear; `text` of the answer is what the signature covers, of at most `size_max` bytes.
  virtual Result<OpenPgpAnswer> verify_clear(BytesView keyring, BytesView signed_text,
                                             std::size_t size_max) = 0;
};

}  // namespace sallyport
