// SPDX-License-Identifier: Apache-2.0
// The board in memory that this process shares with the ones that it makes by fork. One process answers, one
// keeps the books; neither ever waits for the other, and either may die at any moment.
#pragma once

#include <memory>

#include "adapters/exec_events/board_worker.h"
#include "adapters/exec_events/port.h"

namespace sallyport {

constexpr std::size_t listed_files_max = 1U << 19U;
constexpr std::size_t host_files_max = 1U << 15U;  // more than a baseline can have
constexpr std::size_t service_groups_max = 256;

// Descriptors of the one that answers lie below this number.
constexpr int gate_descriptors_max = 8192;

// Workers that there can be. The overseer's desk is the one after theirs.
constexpr int gate_workers_max = 32;
constexpr int gate_desks = gate_workers_max + 1;

class SharedBoard final : public GateBoard {
 public:
  static Result<std::unique_ptr<SharedBoard>> create();
  ~SharedBoard() override;
  SharedBoard(const SharedBoard&) = delete;
  SharedBoard& operator=(const SharedBoard&) = delete;

  std::uint64_t published() const override;
  std::uint64_t adopted() const override;
  Result<void> publish(const GateTerms& terms) override;
  // For the one that publishes: what it has published last. A view, until it publishes again.
  GateTerms newest() const;
  std::optional<GateRecord> take() override;
  GateCounts counts() const override;
  std::uint64_t books_restarts() const override;
  // For the one that keeps the books: it goes on.
  void books_beat();
  // For the one that denies on file systems whose contents are not the kernel's own: as answered, and unmeasured.
  void count_foreign();

  // A view: the board must outlive it. At most gate_desks.
  BoardWorker worker(int number);
  BoardWorker overseer() { return worker(gate_workers_max); }

  // For the overseer. Whether no worker reads terms of before any more.
  bool all_read(std::uint64_t number) const;
  void adopt(std::uint64_t number);
  void beat();
  void want_another();  // process in its place: too many of its workers stand
  void count_late();

  // For the custodian.
  std::uint64_t beats() const;
  void custodian_beat();
  std::uint64_t custodian_beats() const;
  void count_restart();
  bool another_wanted() const;
  void want_no_other();
  std::uint64_t books_beats() const;
  void count_books_restart();
  // Descriptors of the one that answers that are no unanswered questions.
  void set_known(int descriptor, bool known);
  bool known(int descriptor) const;
  bool in_question(int descriptor) const;  // some worker's

 private:
  explicit SharedBoard(BoardLayout* layout) : layout_(layout) {}
  BoardLayout* layout_;
};

}  // namespace sallyport
