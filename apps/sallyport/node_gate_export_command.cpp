// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_system.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/gate/export.h"
#include "roles/node/books.h"

namespace sallyport::cli {
namespace {

Result<void> run_export(const Arguments& arguments, Output& output) {
  if (!arguments.has("ima"))
    return Error(Code::usage_error, "--ima", "the kernel's module to write for", "none");
  const auto world = TRY(NodeWorld::open_to_look(arguments));
  TRY(node::Books::open(world->disk()));
  const auto policy = gate::ima_policy(TRY(file_system_uuid(world->root())));
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
      "digest, into the kernel's list and the TPM.\n"
      "A kernel takes such a policy once: in /etc/ima/ima-policy systemd loads it at the boot. It denies "
      "nothing. docs/spec/gate.md, Export.",
      {"sallyport node gate export --ima --root /var/lib/sallyport >/etc/ima/ima-policy"},
      {},
      {{"root", "DIR", "The node's root folder", Need::required},
       {"ima", "", "For IMA (Linux 5.19; the file system needs fs-verity and a UUID)", Need::optional,
        Takes::nothing}},
      run_export};
}

}  // namespace sallyport::cli
