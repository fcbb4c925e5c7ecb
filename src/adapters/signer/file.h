// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "adapters/signer/port.h"

namespace sallyport {

Result<std::unique_ptr<Signer>> file_signer(const std::string& path);

}  // namespace sallyport
