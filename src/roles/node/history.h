// SPDX-License-Identifier: Apache-2.0
// What happened on the node, as its journal has it.
#pragma once

#include "roles/node/books.h"

namespace sallyport::node {

struct HistoryLine {
  Instant at;
  std::string event;                     // "begun", "confirmed", …
  install::GenerationNumber generation;  // 0: of the node itself
  std::string version;                   // of the generation's release
  std::string order;                     // digest, of "begun"
  std::string code;                      // of "fallback" and "failed"
  std::string service;                   // of "held" and "released"
};

Result<std::vector<HistoryLine>> history(Disk& disk);

}  // namespace sallyport::node
