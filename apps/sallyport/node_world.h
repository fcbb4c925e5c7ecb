// SPDX-License-Identifier: Apache-2.0
// A node's root with everything that its commands work with, and how their decisions are recorded.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "adapters/disk/port.h"
#include "adapters/events/file.h"
#include "adapters/host/workers.h"
#include "adapters/services/rehearsal.h"
#include "adapters/services/supervisor.h"
#include "adapters/signer/port.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/progress_bar.h"
#include "roles/node/ports.h"

namespace sallyport::cli {

class NodeWorld {
 public:
  // --root DIR, which must hold a node (node_not_initialised). With --dry-run nothing that is done to the disk or to
  // the services happens, and nothing is recorded.
  static Result<std::unique_ptr<NodeWorld>> open(const Arguments& arguments);
  // The same for commands that find something out and change nothing: what they found is told even where it cannot be
  // recorded, and then the command ends as a fault, unless what it found is worse.
  static Result<std::unique_ptr<NodeWorld>> open_to_judge(const Arguments& arguments);
  // The same for commands that record nothing: they work on a disk that has become read-only, too.
  static Result<std::unique_ptr<NodeWorld>> open_to_look(const Arguments& arguments);

  node::Ports ports() { return {*disk_, services(), workers_, root_, architecture_, now_, progress_}; }
  Disk& disk() { return *disk_; }
  Workers& workers() { return workers_; }
  Progress& progress() { return progress_; }
  Services& services() {
    return rehearsed_ ? static_cast<Services&>(*rehearsed_) : static_cast<Services&>(services_);
  }
  const std::string& root() const { return root_; }
  Instant now() const { return now_; }

  // One line in the node's event log, with the result's error if it has one. After open_to_judge() it is the fault of
  // opening the log when that failed.
  Result<void> record(Event event, const Error* error);
  // The same for what was found: the verdict if it is bad, else the fault of the recording if there is one.
  Result<void> record_verdict(Event event, std::optional<Error> verdict);
  Event event(std::string activity, std::string subject) const;

 private:
  NodeWorld(std::unique_ptr<Disk> disk, std::string root, Instant now);
  std::unique_ptr<Disk> disk_;
  std::optional<FileEventLog> events_;
  std::optional<Error> no_events_;
  Supervisor services_;
  std::optional<RehearsalServices> rehearsed_;  // with --dry-run
  ThreadWorkers workers_;
  ProgressBar progress_;
  std::string root_;
  std::string architecture_;
  Instant now_;
};

// The node's own key, to sign with as this node: the one that its journal pins, or trust_file_damaged.
Result<std::unique_ptr<Signer>> open_node_key(Disk& disk, const std::string& root);

// The folder's path without links and dots: services are named by it for longer than one command.
Result<std::string> absolute_folder(const std::string& path);
std::string this_machine();  // uname -m

}  // namespace sallyport::cli
