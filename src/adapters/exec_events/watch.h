// SPDX-License-Identifier: Apache-2.0
// The kernel's questions by fanotify: permission events for exec and open on whole file systems
// (FAN_MARK_FILESYSTEM), so that every mount of them counts, in whatever namespace. Needs root and Linux 5.15.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/format/gate.h"

namespace sallyport {

// The watch itself: as long as one process holds it, whoever is not answered waits; with the last one, all are
// let through. Any thread.
//
// It has three groups of the kernel's. One is for the node's file system and those of its services; a service manager
// may hold it beyond the gate's own processes. The second one is for the host's own file systems (host_watch.h), from
// which the gate itself is started: nobody but its processes may hold it, or nobody could ever start the next one. The
// third one, held likewise, is for file systems whose contents are not the kernel's own: all its questions are denied
// (deny_all.h).
class FanotifyWatch {
 public:
  static Result<std::unique_ptr<FanotifyWatch>> open();
  // The watch of a gate all of whose processes have ended, by the descriptor that somebody has kept open. What they
  // had let pass for good is asked about again, and what they had read and not answered is denied: nobody knows
  // what it was.
  static std::unique_ptr<FanotifyWatch> left_behind(int descriptor);
  ~FanotifyWatch();
  FanotifyWatch(const FanotifyWatch&) = delete;
  FanotifyWatch& operator=(const FanotifyWatch&) = delete;

  // The whole file system that holds the folder. Refused (gate_file_system_shared): it holds "/" or this
  // program, which would make this machine wait for us.
  Result<void> add(const std::string& folder);
  int descriptor() const { return group_; }
  int host_descriptor() const { return host_group_; }  // higher than the other one; -1: there is none

  int foreign_descriptor() const { return foreign_group_; }  // higher than both; -1: there is none

  // Of the question that came with this descriptor. Who asked may have been killed, or be answered: then nothing.
  void answer(int descriptor, GateAnswer answer) const;
  // No more questions about this file until somebody writes to it. False: the kernel would not.
  bool ignore(int descriptor) const;
  void ask_again(int descriptor) const;
  void ask_about_all_again() const;

 private:
  FanotifyWatch(int group, int host_group, int foreign_group)
      : group_(group), host_group_(host_group), foreign_group_(foreign_group) {}
  static std::unique_ptr<FanotifyWatch> with(int group);
  int group_;
  int host_group_;
  int foreign_group_;
};

}  // namespace sallyport
