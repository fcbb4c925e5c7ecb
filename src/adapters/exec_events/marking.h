// SPDX-License-Identifier: Apache-2.0
// Marks of file systems. Where the way to one, or itself, is served by somebody else (FUSE, NFS), the kernel may wait
// for that one and never come back; so a process of its own goes there, and is given up when its time is over.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>

#include "core/format/mounts.h"

namespace sallyport::exec_events {

class Marking {
 public:
  struct Place {
    const MountEntry& mount;
    std::string path;         // as it is reached from here
    int group;                // that is to be asked
    const std::string& task;  // the folder of /proc of a thread that sees it
  };

  // Why it could not be; empty: it is under the watch.
  static std::string mark(const Place& place);
  // The same, with the rights of whom a FUSE belongs to: nobody else, and not root either, gets at it.
  std::string mark_carefully(const Place& place);

 private:
  std::map<std::string, pid_t> given_up_;  // file system to the process that has not come back from it
};

}  // namespace sallyport::exec_events
