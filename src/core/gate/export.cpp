// SPDX-License-Identifier: Apache-2.0
#include "core/gate/export.h"

#include <set>

namespace sallyport::gate {
namespace {

// Three numbers of 16 bits each.
std::string ipe_version(std::uint64_t version) {
  const auto part = [&](unsigned shift) { return std::to_string((version >> shift) & 0xffff); };
  return part(32) + "." + part(16) + "." + part(0);
}

std::string may_execute(const std::string& property) {
  return "op=EXECUTE " + property + " action=ALLOW\n";
}

}  // namespace

std::string ima_policy(std::string_view file_system_uuid) {
  std::string text;
  for (const std::string_view hook : {"BPRM_CHECK", "MMAP_CHECK"}) {
    text += "measure func=" + std::string(hook) + " fsuuid=" + std::string(file_system_uuid) +
            " digest_type=verity template=ima-ngv2\n";
  }
  return text;
}

std::string ipe_policy(const IpePolicy& policy) {
  std::string text =
      "policy_name=" + std::string(policy.name) + " policy_version=" + ipe_version(policy.version) + "\n";
  text += "DEFAULT action=ALLOW\nDEFAULT op=EXECUTE action=DENY\n";
  // The initial file system, which the boot loader has verified or nobody has.
  text += may_execute("boot_verified=TRUE");
  if (policy.host_root_hash) text += may_execute("dmverity_roothash=sha256:" + policy.host_root_hash->text());
  std::set<std::string> digests;  // a content that two sizes are claimed for is still one content
  for (const auto& file : policy.files) digests.insert(hex(file.digest));
  for (const auto& digest : digests) text += may_execute("fsverity_digest=sha256:" + digest);
  return text;
}

}  // namespace sallyport::gate
