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
#include <optional>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/format/gate.h"

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
};

}  // namespace sallyport
