// SPDX-License-Identifier: Apache-2.0
// The gate: starts a service so that only the code of its verified generation can run in it, and tells what
// holds it there. Whoever calls start() has verified the generation just before; the gate does not.
//
// The first back end is adapters/confine/namespaces.h (docs/adr/0005-confinement.md).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/format/run_record.h"
#include "core/format/tree.h"

namespace sallyport {

// required: without its group the service is not started, for a gate runs that would not know it.
enum class GroupNeed : std::uint8_t { wanted, required };

struct Confinement {
  std::string tree_folder;  // absolute: <root>/generations/<n>/tree
  std::string data_folder;  // absolute: <root>/data/<service>; made when missing, holds the state folders
  std::string log_file;     // absolute: gets stdout and stderr; bounded
  std::string lock_file;    // absolute: held while the service runs, so that there is one of it
  Service service;
  std::string config_folder = {};         // absolute: <root>/generations/<n>/config; holds `config`
  std::vector<RelativePath> config = {};  // files that are shown in place of the tree's, read-only and noexec
  std::vector<RelativePath> interpreters = {};  // of the tree; noexec but for a service that declares them
  std::string group = {};  // control group that the service is to be in, as of group(); empty: none
  GroupNeed group_need = GroupNeed::wanted;
  int custodian =
      0;  // process of the gate that is to watch the temporary file systems as well; 0: no gate runs
  // Of the tree: to which the kernel would give memory that is written and executed; noexec but for a service that
  // declares jit.
  std::vector<RelativePath> writable_code = {};
};

enum class ServiceEnd : std::uint8_t { exited, killed };

struct Ended {
  ServiceEnd how;
  int number;  // the exit code, or the signal
};

// A service that runs. The object is its parent: when the object's process dies, the service is killed.
class ConfinedService {
 public:
  virtual ~ConfinedService() = default;
  // The process that stands for the whole service in the namespace of the caller: signals sent to it reach
  // the service, and with it the last process of the service is gone.
  virtual ProcessIdentity process() const = 0;
  virtual const std::vector<Coverage>& coverage() const = 0;
  // Hands on SIGTERM, SIGINT and SIGHUP, writes the log, and returns when the service has ended.
  virtual Result<Ended> wait() = 0;
};

// One known way around the confinement, tried from inside of it.
enum class AttemptEnd : std::uint8_t {
  refused,
  passed,
  declared,   // passed, and the signed release says so
  not_tried,  // there is no such way here
};

struct Attempt {
  std::string way;  // "service-memory-file-exec"
  AttemptEnd end;
  std::string detail;  // what refused it, or what came of it

  bool operator==(const Attempt&) const = default;
};

class Gate {
 public:
  virtual ~Gate() = default;
  // Returns when the service's own program has been executed. A protection that must be there and is not is
  // a fault (not_supported, permission_missing), and nothing was started. Refused: service_running.
  virtual Result<std::unique_ptr<ConfinedService>> start(const Confinement& confinement) = 0;
  // Confines a process as the service would be, which tries the known ways out with harmless means instead of executing
  // the service's program. Writes nothing but temporary files of its own.
  virtual Result<std::vector<Attempt>> try_ways(const Confinement& confinement) = 0;
  // The number of the control group of that name ("a/b"), which is made where there is none: who asks the gate
  // is known by it. not_supported on a host without control groups of version 2.
  virtual Result<std::uint64_t> group(const std::string& name) = 0;
  // Puts the temporary file systems of the service that runs in the group already, if one does, under the watch that
  // the process holds. Who is started later is watched by start().
  virtual Result<void> watch_running(const std::string& group, int custodian) = 0;
};

}  // namespace sallyport
