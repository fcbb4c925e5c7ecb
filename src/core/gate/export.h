// SPDX-License-Identifier: Apache-2.0
// Policies for integrity modules of the kernel, from what the gate goes by. Pure text. docs/spec/gate.md, *Export*.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/crypto/digest.h"
#include "core/format/gate.h"

namespace sallyport::gate {

// For IMA: what is executed, or mapped as code, from the file system with this UUID goes by its fs-verity digest (that
// of tree.json) into the kernel's list of measurements, and so into the TPM. Needs Linux 5.19. It denies nothing.
std::string ima_policy(std::string_view file_system_uuid);

// For IPE, which denies. Its rules hold for the whole host, so the host's own programs have to be in it, too.
struct IpePolicy {
  std::string_view name;  // one word; the kernel keeps policies by it
  std::uint64_t version;  // below 2^48; the kernel takes no lower one while it runs
  std::span<const ListedFile> files;
  std::optional<Sha256Digest> host_root_hash;  // of the dm-verity volume that the host runs from, if it does
};

// The text that has to be signed for the kernel. Needs Linux 6.12 with fs-verity as a property of IPE.
std::string ipe_policy(const IpePolicy& policy);

}  // namespace sallyport::gate
