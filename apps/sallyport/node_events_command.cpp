// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
#include "roles/node/books.h"
#include "roles/node/event_tree.h"

namespace sallyport::cli {
namespace {

Result<void> run_events(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open_to_look(arguments));
  const auto books = TRY(node::Books::open(world->disk()));
  const auto& id = books.state().identity.node;
  const auto signer = TRY(open_node_key(world->disk(), world->root()));
  if (arguments.has("since")) {
    const auto earlier = TRY(read_whole_file(arguments.text("since"), tlog::note_size_max));
    TRY(node::check_events_since(world->disk(), id, signer->public_key(), as_text(earlier)));
    output.line("PASS  The event log begins with what it was then.");
  }
  const auto checkpoint = TRY(node::event_checkpoint(world->disk(), id, *signer));
  output.field("events", std::to_string(checkpoint.head.size));
  output.field("root", checkpoint.head.root.text());
  output.json().number("events", checkpoint.head.size).text("root", checkpoint.head.root.text());
  output.json().text("checkpoint", checkpoint.note);
  if (!arguments.has("o")) return {};
  TRY(write_result(arguments, arguments.text("o"), as_bytes(checkpoint.note), output));
  if (!arguments.rehearses()) output.line("Wrote the checkpoint " + printable(arguments.text("o")));
  return {};
}

}  // namespace

Command node_events_command() {
  return {"node events",
          "Sign a checkpoint of the node's event log, and check it against an earlier one",
          "The event log is a list that only grows: a checkpoint, signed with the node's key, says how many "
          "events "
          "there are and what their hash is.\nWith an earlier one it shows that no event was changed, left "
          "out, put "
          "in or cut off since. Keep checkpoints elsewhere.",
          {"sallyport node events --root /var/lib/sallyport -o events.checkpoint",
           "sallyport node events --root /var/lib/sallyport --since events.checkpoint"},
          {},
          {{"root", "DIR", "The node's folder", Need::required},
           {"since", "CHECKPOINT", "An earlier checkpoint of this node"},
           {"o", "CHECKPOINT", "Where the checkpoint goes"},
           dry_option},
          run_events};
}

}  // namespace sallyport::cli
