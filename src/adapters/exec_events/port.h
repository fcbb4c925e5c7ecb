// SPDX-License-Identifier: Apache-2.0
// The kernel's questions whether a file may be executed or opened, and the board over which the processes of a
// gate share what is valid. docs/spec/gate.md.
//
// Several workers answer, side by side over one queue. A worker must never open a file of a watched file
// system: it would wait for itself. Every call here that comes before an answer opens nothing, writes nothing
// but the answer, allocates nothing and waits for no other worker.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/crypto/digest.h"
#include "core/format/gate.h"
#include "core/format/run_record.h"

namespace sallyport {

// A process waits until this is answered.
struct ExecEvent {
  int process;
  std::optional<std::uint64_t> group;  // control group (version 2) of the process; absent: could not find out
  Access access;
  FileKind kind;
  Place place;
  std::uint64_t size;
};

enum class Arrived : std::uint8_t {
  nothing,   // in the time to wait
  event,     // and it has to be answered before the next one
  overflow,  // the kernel has let something pass unasked
};

// until_changed: an allowed file is not asked about again before somebody writes to it, or forget_all().
enum class Keep : std::uint8_t { nothing, until_changed };

// too_late: the time for it was over, and another one has answered.
enum class Given : std::uint8_t { given, too_late };

// As one worker sees them.
class ExecEvents {
 public:
  virtual ~ExecEvents() = default;
  virtual Result<Arrived> next(std::chrono::milliseconds wait, ExecEvent& event) = 0;

  // Of the event that waits.
  virtual Looks look() = 0;
  // What the kernel itself keeps the content at (fs-verity), with nothing read: nobody can write to it. Absent:
  // it does not.
  virtual std::optional<FileDigest> sealed_digest() = 0;
  // From here on nobody writes to it unnoticed, unless the answer is `written`.
  virtual Steadiness hold() = 0;
  // Absent: could not be read, or too many files cannot.
  virtual std::optional<FileDigest> measure() = 0;
  virtual Given answer(GateAnswer answer, Keep keep) = 0;
  // Where the last event's file lies, for people. After the answer only.
  virtual std::string place_of_last() = 0;

  // Soon.
  virtual void forget_all() = 0;
};

// What is valid now. Views into the board.
struct GateTerms {
  GateMode mode;
  std::span<const std::uint64_t> service_groups;
  std::span<const ListedFile> files;  // as gate::sorted() makes them
  // On the host's own file systems, as far as they are watched: its baseline counts besides.
  GateMode host_mode = GateMode::observe;
  std::span<const ListedFile> host = {};
};

struct GateRecord {
  TraceLine line;
  int process;
  std::string file;  // for people: at most 256 bytes of its end
};

// The board, for one worker.
class WorkerBoard {
 public:
  virtual ~WorkerBoard() = default;

  // The newest; they stay as they are until give_back(), and nobody takes in later ones meanwhile. So nothing in
  // between may wait for a file.
  virtual GateTerms take_terms() = 0;
  virtual void give_back() = 0;
  virtual bool overflowed() const = 0;
  virtual void count(const GateVerdict& verdict) = 0;
  virtual void record(const GateRecord& record) = 0;
  virtual void alarm_overflow() = 0;
};

// The board, for the one that keeps the books.
class GateBoard {
 public:
  virtual ~GateBoard() = default;

  virtual std::uint64_t published() const = 0;  // counts the terms; 0: none yet
  // Under which everything is answered by now, and nothing is remembered of those before.
  virtual std::uint64_t adopted() const = 0;
  // Refused (gate_set_too_large): more than there is room for; node_busy: the terms before are not adopted yet.
  virtual Result<void> publish(const GateTerms& terms) = 0;
  virtual std::optional<GateRecord> take() = 0;
  virtual GateCounts counts() const = 0;
  // How often the one that keeps the books had to be started again: it ended, or stood still.
  virtual std::uint64_t books_restarts() const { return 0; }
};

// One file that one process has mapped as code, its program or a library, each once.
struct RunningCode {
  ProcessIdentity process;
  int parent;                          // process
  std::optional<std::uint64_t> group;  // control group (version 2) of the process
  std::string file;                    // for people, as the kernel tells it
  std::uint64_t size;
  std::optional<FileDigest> digest;  // absent: not worth measuring, no regular file, or it could not be read
};

struct RunningScope {
  std::string folder;  // whatever lies on its file system counts, whose ever process it is
  std::span<const std::uint64_t> service_groups;  // of their processes whatever they have mapped counts
  std::function<bool(std::uint64_t size)> worth_measuring;
};

// The host's own file systems under the watch, and what runs on the host. For the one that keeps the books, which opens
// files, and never answers. docs/spec/gate.md, *The whole host*.
struct HostProgram {
  std::string path;  // for people; where there is no digest, with the reason
  std::uint64_t size;
  std::optional<FileDigest> digest;  // absent: it cannot be measured, or the gate would not believe it
};

struct HostCoverage {
  std::size_t file_systems;            // that are watched
  std::vector<std::string> unwatched;  // the others from which programs can be executed, with the reason
};

// Where a file system's contents are not this kernel's own (FUSE, overlay, NFS and their like), nothing that is
// executed can be measured. deny: everybody is told no, with nothing of it touched; leave: nobody is asked.
enum class ForeignFiles : std::uint8_t { leave, deny };

class HostWatch {
 public:
  virtual ~HostWatch() = default;

  // The programs of all processes, each file once. A process that ends meanwhile is not among them. One that cannot be
  // measured is, without a digest.
  virtual Result<std::vector<HostProgram>> running() = 0;
  // Nothing: there is no regular file of this name. Links are followed.
  virtual Result<std::optional<HostProgram>> measure(const std::string& path) = 0;

  // From here on the gate is asked about every exec on every file system that is mounted now, of this mount namespace
  // and of those of other processes; but for the node's own. Absent: nothing was mounted since the last time.
  virtual Result<std::optional<HostCoverage>> watch(ForeignFiles foreign) = 0;
  virtual Result<void> unwatch() = 0;
  // Returns when something was mounted here, or after this time.
  virtual void await_mount(std::chrono::milliseconds wait) = 0;
};

}  // namespace sallyport
