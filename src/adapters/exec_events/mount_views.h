// SPDX-License-Identifier: Apache-2.0
// What is mounted on this machine, as the mount namespace of each thread has it: the whole of it, whatever the root
// folder is that its processes were given. Needs root.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/format/mounts.h"

namespace sallyport::exec_events {

// Closes itself.
class Held {
 public:
  explicit Held(int descriptor) : descriptor_(descriptor) {}
  ~Held();
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

struct MountView {
  std::string root;  // the path by which its "/" is reached; empty: our own
  std::vector<MountEntry> mounts;
  std::string task;  // the folder of /proc of a thread that is in it
};

class MountViews {
 public:
  using Visit = std::function<void(const MountView&)>;

  // Our own first, then one for each other mount namespace that a thread is in. Bounded: a view of another one ends
  // after 2 MiB of text, and all of it after two seconds; the next pass begins with those that were left out. What was
  // not looked at, for people: a namespace that nobody can read is no reason to say that all was seen.
  std::vector<std::string> visit_all(const Visit& visit);

 private:
  std::string last_;  // the namespace where the last pass ended
};

}  // namespace sallyport::exec_events
