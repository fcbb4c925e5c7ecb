// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/shared_board.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "adapters/exec_events/board_layout.h"

namespace sallyport {

using exec_events::Desk;
using exec_events::records_max;

Result<std::unique_ptr<SharedBoard>> SharedBoard::create() {
  void* memory = ::mmap(nullptr, sizeof(BoardLayout), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    return Error(Code::io_failed, "the gate's board", {}, std::generic_category().message(errno));
  }
  // The kernel has zeroed it, and pages that nobody uses are never there: no constructor may write to it.
  return std::unique_ptr<SharedBoard>(new SharedBoard(static_cast<BoardLayout*>(memory)));
}

SharedBoard::~SharedBoard() {
  ::munmap(layout_, sizeof(BoardLayout));
}

BoardWorker SharedBoard::worker(int number) {
  return {*layout_, layout_->desks.at(static_cast<std::size_t>(number))};
}

std::uint64_t SharedBoard::published() const {
  return layout_->published.load();
}

bool SharedBoard::all_read(std::uint64_t number) const {
  return std::ranges::none_of(layout_->desks, [&](const Desk& desk) {
    const auto reads = desk.terms.load();
    return reads != 0 && reads < number;
  });
}

void SharedBoard::adopt(std::uint64_t number) {
  layout_->adopted.store(number, std::memory_order_release);
}

std::uint64_t SharedBoard::adopted() const {
  return layout_->adopted.load(std::memory_order_acquire);
}

void SharedBoard::beat() {
  layout_->beats.fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t SharedBoard::beats() const {
  return layout_->beats.load(std::memory_order_relaxed);
}

void SharedBoard::want_another() {
  layout_->another_wanted.store(true);
}

bool SharedBoard::another_wanted() const {
  return layout_->another_wanted.load();
}

void SharedBoard::want_no_other() {
  layout_->another_wanted.store(false);
}

void SharedBoard::custodian_beat() {
  layout_->custodian_beats.fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t SharedBoard::custodian_beats() const {
  return layout_->custodian_beats.load(std::memory_order_relaxed);
}

void SharedBoard::count_restart() {
  layout_->restarts.fetch_add(1, std::memory_order_relaxed);
}

void SharedBoard::count_late() {
  layout_->late.fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t SharedBoard::books_beats() const {
  return layout_->books_beats.load(std::memory_order_relaxed);
}

void SharedBoard::books_beat() {
  layout_->books_beats.fetch_add(1, std::memory_order_relaxed);
}

void SharedBoard::count_books_restart() {
  layout_->books_restarts.fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t SharedBoard::books_restarts() const {
  return layout_->books_restarts.load(std::memory_order_relaxed);
}

void SharedBoard::count_foreign() {
  layout_->foreign_denied.fetch_add(1, std::memory_order_relaxed);
}

std::optional<GateRecord> SharedBoard::take() {
  for (auto& desk : layout_->desks) {
    const auto at = desk.taken.load(std::memory_order_relaxed);
    if (at == desk.written.load(std::memory_order_acquire)) continue;
    const auto& slot = desk.records.at(at % records_max);
    GateQuestion question{slot.access, slot.asker,      slot.kind, slot.place,
                          slot.looks,  slot.steadiness, slot.size, std::nullopt};
    if (slot.measured) question.digest = FileDigest(slot.digest);
    GateRecord record{
        {slot.mode, question, slot.verdict}, slot.process, std::string(slot.file.data(), slot.file_size)};
    desk.taken.store(at + 1, std::memory_order_release);
    return record;
  }
  return std::nullopt;
}

Result<void> SharedBoard::publish(const GateTerms& terms) {
  const auto number = published();
  if (number != 0 && adopted() != number)
    return Error(Code::node_busy, "the gate's board", "terms " + std::to_string(number) + " adopted",
                 "terms " + std::to_string(adopted()));
  if (terms.files.size() > listed_files_max || terms.host.size() > host_files_max ||
      terms.service_groups.size() > service_groups_max) {
    return Error(Code::gate_set_too_large, "the gate's board", std::to_string(listed_files_max) + " contents",
                 std::to_string(terms.files.size()));
  }
  auto& next = layout_->terms.at((number + 1) % 2);
  next.mode = terms.mode;
  next.groups = terms.service_groups.size();
  next.files = terms.files.size();
  std::ranges::copy(terms.service_groups, next.service_groups.begin());
  std::ranges::copy(terms.files, next.listed.begin());
  next.host_mode = terms.host_mode;
  next.host_files = terms.host.size();
  std::ranges::copy(terms.host, next.host_listed.begin());
  layout_->published.store(number + 1);
  return {};
}

GateTerms SharedBoard::newest() const {
  const auto& terms = layout_->terms.at(published() % 2);
  return exec_events::view_of(terms);
}

GateCounts SharedBoard::counts() const {
  const auto get = [](const std::atomic<std::uint64_t>& n) { return n.load(std::memory_order_relaxed); };
  GateCounts counts;
  for (const auto& desk : layout_->desks) {
    counts.answered += get(desk.answered);
    counts.unrecorded += get(desk.unrecorded);
    for (std::size_t i = 0; i < gate_refusals.size(); ++i) {
      counts.refusals.at(i).denied += get(desk.denied.at(i));
      counts.refusals.at(i).would_deny += get(desk.would_deny.at(i));
    }
  }
  const auto foreign = get(layout_->foreign_denied);
  counts.answered += foreign;
  const auto* unmeasured = std::ranges::find(gate_refusals, GateReason::unmeasured);
  counts.refusals.at(static_cast<std::size_t>(unmeasured - gate_refusals.begin())).denied += foreign;
  for (const auto& [denied, would_deny] : counts.refusals) {
    counts.denied += denied;
    counts.would_deny += would_deny;
  }
  counts.overflows = get(layout_->overflows);
  counts.restarts = get(layout_->restarts);
  counts.late = get(layout_->late);
  return counts;
}

void SharedBoard::set_known(int descriptor, bool known) {
  layout_->known.at(static_cast<std::size_t>(descriptor)).store(known);
}

bool SharedBoard::known(int descriptor) const {
  return layout_->known.at(static_cast<std::size_t>(descriptor)).load();
}

bool SharedBoard::in_question(int descriptor) const {
  return std::ranges::any_of(layout_->desks,
                             [&](const Desk& desk) { return desk.descriptor.load() == descriptor + 1; });
}

}  // namespace sallyport
