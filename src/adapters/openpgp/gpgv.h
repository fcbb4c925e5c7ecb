// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/openpgp/port.h"

namespace sallyport {

// Debian's gpgv, a process for each signature: with an empty environment, no home, and its files as descriptors of
// memory that nobody else has. It is GPL: started, never linked.
class Gpgv final : public OpenPgp {
 public:
  explicit Gpgv(std::string program = "/usr/bin/gpgv") : program_(std::move(program)) {}
  Result<OpenPgpAnswer> verify_detached(BytesView keyring, BytesView signature,
                                        const ByteSource& file) override;
  Result<OpenPgpAnswer> verify_clear(BytesView keyring, BytesView signed_text, std::size_t size_max) override;

 private:
  std::string program_;
};

}  // namespace sallyport
