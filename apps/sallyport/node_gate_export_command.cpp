// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_system.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
#include "core/gate/export.h"
#include "roles/node/books.h"
#include "roles/node/gate_terms.h"

namespace sallyport::cli {
namespace {

// "sha256:" and 64 hexadecimal digits, as veritysetup and IPE have it.
Result<std::optional<Sha256Digest>> host_root_hash(const Arguments& arguments) {
  constexpr std::string_view algorithm = "sha256:";
  if (!arguments.has("host-root-hash")) return std::optional<Sha256Digest>();
  const std::string_view text = arguments.text("host-root-hash");
  if (text.starts_with(algorithm)) {
    const auto digest = Sha256Digest::parse(text.substr(algorithm.size()));
    if (digest.ok()) return std::optional(digest.value());
  }
  return Error(Code::usage_error, "--host-root-hash", "sha256: and 64 hexadecimal digits", printable(text));
}

Result<std::string> policy_for_ipe(const Arguments& arguments, Disk& disk) {
  const auto root_hash = TRY(host_root_hash(arguments));
  const auto set = TRY(node::gate_set(disk));
  const auto books = TRY(node::Books::open(disk));
  const auto name = "sallyport-" + books.state().identity.node.text();
  return gate::ipe_policy({name, set.records, set.files, root_hash});
}

Result<void> run_export(const Arguments& arguments, Output& output) {
  const bool for_ipe = arguments.has("ipe");
  if (for_ipe == arguments.has("ima"))
    return Error(Code::usage_error, "--ima, --ipe", "one module of the kernel to write for",
                 for_ipe ? "both" : "none");
  if (!for_ipe && arguments.has("host-root-hash"))
    return Error(Code::usage_error, "--host-root-hash", "--ipe", "--ima, which has no use for it");
  const auto world = TRY(NodeWorld::open_to_look(arguments));
  TRY(node::Books::open(world->disk()));
  const auto policy = for_ipe ? TRY(policy_for_ipe(arguments, world->disk()))
                              : gate::ima_policy(TRY(file_system_uuid(world->root())));
  output.text(policy);
  output.json().text("policy", policy);
  return {};
}

}  // namespace

Command node_gate_export_command() {
  return {
      "node gate export",
      "Write a policy for an integrity module of the kernel, beside the gate",
      "--ima: what is executed or mapped as code from the node's file system is measured by its fs-verity "
      "digest, into the kernel's list and the TPM. A kernel takes such a policy once: in /etc/ima/ima-policy "
      "systemd loads it at the boot. It denies nothing.\n"
      "--ipe: nothing is executed or mapped as code on the whole host but the files that may run now and are "
      "kept by "
      "fs-verity, the initial file system, and the volume of --host-root-hash. The kernel takes it when a "
      "key has "
      "signed it that it knows; how, and what it means for the next installation: docs/spec/gate.md, Export.",
      {"sallyport node gate export --ima --root /var/lib/sallyport >/etc/ima/ima-policy",
       "sallyport node gate export --ipe --host-root-hash sha256:1f2e... --root /var/lib/sallyport "
       ">ipe.policy"},
      {},
      {{"root", "DIR", "The node's root folder", Need::required},
       {"ima", "", "For IMA (Linux 5.19; the file system needs fs-verity and a UUID)", Need::optional,
        Takes::nothing},
       {"ipe", "", "For IPE (Linux 6.12; the file system needs fs-verity)", Need::optional, Takes::nothing},
       {"host-root-hash", "HASH", "With --ipe: of the dm-verity volume that the host's own programs are on"}},
      run_export};
}

}  // namespace sallyport::cli
