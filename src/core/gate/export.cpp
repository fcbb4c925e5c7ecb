// SPDX-License-Identifier: Apache-2.0
#include "core/gate/export.h"

namespace sallyport::gate {

std::string ima_policy(std::string_view file_system_uuid) {
  std::string text;
  for (const std::string_view hook : {"BPRM_CHECK", "MMAP_CHECK"}) {
    text += "measure func=" + std::string(hook) + " fsuuid=" + std::string(file_system_uuid) +
            " digest_type=verity template=ima-ngv2\n";
  }
  return text;
}

}  // namespace sallyport::gate
