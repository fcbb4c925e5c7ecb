// SPDX-License-Identifier: Apache-2.0
// What there is to do, as data: plan.h decides, roles/node/execute.h does, --dry-run prints.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/install/record.h"

namespace sallyport::install {

// Takes something away that is left over or given up; it need not be there.
struct Drop {
  std::string path;
};
// The files of a folder below generations/, and the objects of the store that nothing else has; what is needed to
// find these stays until the Drop that follows.
struct Clear {
  std::string folder;
};
// The same for a generation that was confirmed once; its papers stay. Durable; then the record that says so. What
// stands in its way is remembered and does not stop the steps that follow.
struct Collect {
  Record record;  // Collected
};
struct Write {
  Record record;
};
// The private copy's content as files below generations/<n>.partial, with their papers.
struct Unpack {
  GenerationNumber generation;
};
// Everything that was done so far outlasts a power cut.
struct SyncAll {};
// The same, and every file of the generation was read and digested again.
struct ReadBack {
  GenerationNumber generation;
};
// Every file that was written gets its name in the store.
struct Share {
  GenerationNumber generation;
};
// generations/<n>.partial becomes generations/<n>.
struct Reveal {
  GenerationNumber generation;
};
// A generation that is complete is verified again, file by file.
struct Verify {
  GenerationNumber generation;
};
// The configuration of generation `to`, of its defaults and of the operator's changes in `from` (0: none).
struct CarryConfig {
  GenerationNumber from;
  GenerationNumber to;
};
// Services. A generation of 0 has none.
struct Stop {
  GenerationNumber generation;
};
struct Start {
  GenerationNumber generation;
};
struct AwaitHealth {
  GenerationNumber generation;
};
// Starts what does not run and is not held; a failure is remembered and does not stop the steps that follow.
struct Restart {
  GenerationNumber generation;
};
// `active` names the generation; 0: there is no `active`.
struct Point {
  GenerationNumber generation;
};

using Step = std::variant<Drop, Clear, Collect, Write, Unpack, SyncAll, ReadBack, Share, Reveal, Verify,
                          CarryConfig, Stop, Start, AwaitHealth, Restart, Point>;
using Steps = std::vector<Step>;

// One line for people: "point active at generations/2".
std::string describe(const Step& step);

std::string generation_path(GenerationNumber generation);  // generations/<n>
std::string partial_path(GenerationNumber generation);     // generations/<n>.partial

}  // namespace sallyport::install
