// SPDX-License-Identifier: Apache-2.0
// Policies for integrity modules of the kernel, from what the gate goes by. Pure text. docs/spec/gate.md, *Export*.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::gate {

// For IMA: what is executed, or mapped as code, from the file system with this UUID goes by its fs-verity digest (that
// of tree.json) into the kernel's list of measurements, and so into the TPM. Needs Linux 5.19. It denies nothing.
std::string ima_policy(std::string_view file_system_uuid);

}  // namespace sallyport::gate
