// SPDX-License-Identifier: Apache-2.0
#include "adapters/signer/memory.h"

#include "adapters/signer/evp_signer.h"
#include "adapters/signer/generate.h"

namespace sallyport {

Result<std::unique_ptr<Signer>> memory_signer(KeyKind kind) {
  return evp_signer(TRY(generate_key(kind)));
}

}  // namespace sallyport
