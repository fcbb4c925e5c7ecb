// SPDX-License-Identifier: Apache-2.0
// The board in memory that this process shares with the ones that it makes by fork. One process answers, one
// keeps the books; neither ever waits for the other.
#pragma once

#include <memory>

#include "adapters/exec_events/port.h"

namespace sallyport {

constexpr std::size_t listed_files_max = 1U << 19U;
constexpr std::size_t service_groups_max = 256;

// Descriptors of the one that answers lie below this number.
constexpr int gate_descriptors_max = 8192;

// An event that was read and is not answered: outlives whoever read it.
struct PendingEvent {
  int descriptor;  // as the kernel numbered it; negative: none
  int tries;       // how many have begun to answer it
  ExecEvent event;
};

class SharedBoard final : public GateBoard {
 public:
  static Result<std::unique_ptr<SharedBoard>> create();
  ~SharedBoard() override;
  SharedBoard(const SharedBoard&) = delete;
  SharedBoard& operator=(const SharedBoard&) = delete;

  std::uint64_t published() const override;
  GateTerms terms() const override;
  void adopt(std::uint64_t number) override;
  void beat() override;
  void count(const GateVerdict& verdict) override;
  void record(const GateRecord& record) override;
  void alarm_overflow() override;
  Result<void> publish(const GateTerms& terms) override;
  std::uint64_t adopted() const override;
  std::optional<GateRecord> take() override;
  GateCounts counts() const override;

  // For the custodian.
  std::uint64_t beats() const;
  void count_restart();
  void set_pending(int descriptor, const ExecEvent& event, int tries);
  void clear_pending();
  // Descriptors of the one that answers that are no unanswered events.
  void set_known(int descriptor, bool known);
  bool known(int descriptor) const;
  // Counts the try.
  std::optional<PendingEvent> take_over_pending();

 private:
  struct Layout;
  explicit SharedBoard(Layout* layout) : layout_(layout) {}
  Layout* layout_;
};

}  // namespace sallyport
