// SPDX-License-Identifier: Apache-2.0
// The kernel's questions by fanotify: permission events for exec and open on whole file systems
// (FAN_MARK_FILESYSTEM), so that every mount of them counts, in whatever namespace. Needs root and Linux 5.15.
//
// A file that was allowed and is steady gets an ignore mark, under a read lease of ours: the kernel asks no
// more until somebody wants to write to it. The mark alone would miss a store through a shared mapping
// (docs/spec/gate.md).
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "adapters/exec_events/port.h"
#include "adapters/exec_events/shared_board.h"

namespace sallyport {

// The watch itself: as long as one process holds it, whoever is not answered waits; with the last one, all are
// let through.
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
  // Drops the ignore marks.
  void flush() const;

 private:
  explicit FanotifyWatch(int group) : group_(group) {}
  int group_;
};

using Descriptors = std::array<bool, gate_descriptors_max>;  // by number

// For the one process that answers. It takes over what its predecessor has not answered: whatever is open, and
// neither `own` to the custodian nor known to the board. What is not known of such an event is taken for the
// worst: an exec by nobody knows whom.
class FanotifyEvents final : public ExecEvents {
 public:
  static Result<std::unique_ptr<FanotifyEvents>> take_over(const FanotifyWatch& watch, SharedBoard& board,
                                                           const Descriptors& own);
  ~FanotifyEvents() override;
  FanotifyEvents(const FanotifyEvents&) = delete;
  FanotifyEvents& operator=(const FanotifyEvents&) = delete;

  Result<Arrived> next(std::chrono::milliseconds wait, ExecEvent& event) override;
  Looks look() override;
  Steadiness hold() override;
  std::optional<FileDigest> measure() override;
  Result<void> answer(GateAnswer answer, Keep keep) override;
  std::string place_of_last() override;
  void forget_all() override;

 private:
  FanotifyEvents(const FanotifyWatch& watch, SharedBoard& board);
  Result<void> listen_for_leases();
  Result<Arrived> read_event(ExecEvent& event);
  void take_broken_leases();
  void release(int descriptor);
  void finish_last();
  Result<void> inherit(const Descriptors& own);

  const FanotifyWatch& watch_;
  SharedBoard& board_;
  int signals_ = -1;
  int current_ = -1;  // of the event that waits
  int last_ = -1;     // of the one answered last
  bool held_ = false;
  bool last_kept_ = false;
  std::vector<PendingEvent> inherited_;
  std::size_t kept_count_ = 0;
  Descriptors kept_{};
  std::vector<std::uint8_t> buffer_;  // made once
};

}  // namespace sallyport
