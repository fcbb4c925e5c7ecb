// SPDX-License-Identifier: Apache-2.0
// A node in memory, and who keeps the books of its gate.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/confine/memory.h"
#include "adapters/events/memory.h"
#include "adapters/exec_events/host_memory.h"
#include "adapters/exec_events/shared_board.h"
#include "core/crypto/file_digest.h"
#include "core/gate/decide.h"
#include "roles/node/gate_keeper.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {

// A node that is not there yet, and who keeps the books of its gate.
class GateBooksTest : public testing::Test {
 protected:
  void look() { keeper.look(testkit::test_time()).value(); }
  void adopt() { board->adopt(board->published()); }
  // As a gate that runs does.
  std::unique_ptr<DiskLock> hold_lock() {
    disk.ensure_folder("run").value();
    disk.replace_file(gate_paths::lock, {}, 0600).value();
    return disk.lock(gate_paths::lock).value();
  }
  static std::vector<Hole> all(HoleState state) {
    auto every = holes_not_tried("made up");
    for (auto& hole : every) hole.state = state;
    return every;
  }
  GateTerms terms() { return board->worker(0).take_terms(); }
  bool lists(const std::string& content) {
    return gate::ListedFiles(terms().files).has(content.size(), file_digest(as_bytes(content)));
  }
  GateStatus written() {
    const auto bytes = disk.read_small(gate_paths::status, gate_status_size_max).value();
    return parse_gate_status(bytes).value();
  }

  MemoryDisk disk;
  World world{disk};
  MemoryGate confinement;
  MemoryEventLog events;
  std::unique_ptr<SharedBoard> board = SharedBoard::create().value();
  BoardWorker worker = board->worker(1);
  MemoryHost host;
  GateKeeper keeper{{disk, *board, confinement, host, events, "/node", 4711,
                     [&](const std::string& group) {
                       tried_as.push_back(group);
                       return Result<std::vector<Hole>>(holes);
                     },
                     [&](const RunningScope& scope) {
                       ++looked_through;
                       scope_folder = scope.folder;
                       return Result<std::vector<RunningCode>>(running);
                     }}};
  std::vector<RunningCode> running;  // what runs already
  int looked_through = 0;
  std::string scope_folder;
  std::vector<Hole> holes = all(HoleState::closed);
  std::vector<std::string> tried_as;
  const std::string only_first = first_parts().files.at("usr/bin/helper").content;
};

class GateKeeperTest : public GateBooksTest {
 protected:
  GateKeeperTest() { world.init().value(); }
};

}  // namespace sallyport::node
