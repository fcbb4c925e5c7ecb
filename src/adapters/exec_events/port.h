// SPDX-License-Identifier: Apache-2.0
// The kernel's questions whether a file may be executed or opened, and the board over which the processes of a
// gate share what is valid. docs/spec/gate.md.
//
// Whoever answers must never open a file of a watched file system: it would wait for itself. Every call here
// that comes before an answer opens nothing, writes nothing but the answer, and allocates nothing but what one
// digest needs.
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

class ExecEvents {
 public:
  virtual ~ExecEvents() = default;
  virtual Result<Arrived> next(std::chrono::milliseconds wait, ExecEvent& event) = 0;

  // Of the event that waits.
  virtual Looks look() = 0;
  virtual Steadiness
  hold() = 0;  // from here on nobody writes to it unnoticed, unless the answer is `written`
  virtual std::optional<FileDigest> measure() = 0;
  virtual Result<void> answer(GateAnswer answer, Keep keep) = 0;
  // Where the last event's file lies, for people. After the answer only.
  virtual std::string place_of_last() = 0;

  virtual void forget_all() = 0;
};

// What is valid now. Views into the board, until adopt() of a later one.
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

class GateBoard {
 public:
  virtual ~GateBoard() = default;

  // For the one that answers.
  virtual std::uint64_t published() const = 0;   // counts the terms; 0: none yet
  virtual GateTerms terms() const = 0;           // the newest
  virtual void adopt(std::uint64_t number) = 0;  // has forgotten all others
  virtual void beat() = 0;                       // it lives and goes on
  virtual void count(const GateVerdict& verdict) = 0;
  virtual void record(const GateRecord& record) = 0;
  virtual void alarm_overflow() = 0;

  // For the one that keeps the books. Refused (gate_set_too_large): more than there is room for; node_busy: the
  // terms before are not adopted yet.
  virtual Result<void> publish(const GateTerms& terms) = 0;
  virtual std::uint64_t adopted() const = 0;
  virtual std::optional<GateRecord> take() = 0;
  virtual GateCounts counts() const = 0;
};

}  // namespace sallyport
