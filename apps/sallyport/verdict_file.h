// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/bytes.h"

namespace sallyport::cli {

// Whose it is is said by whoever takes it; another statement is told by its name (statement_type_mismatch).
Result<Bytes> read_verdict(const std::string& path);

}  // namespace sallyport::cli
