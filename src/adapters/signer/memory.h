// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "adapters/signer/create.h"
#include "adapters/signer/port.h"

namespace sallyport {

// A key that lives as long as the object.
Result<std::unique_ptr<Signer>> memory_signer(KeyKind kind);

}  // namespace sallyport
