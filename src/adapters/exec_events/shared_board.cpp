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
  if (terms.files.size() > listed_files_max || terms.service_groups.size() > service_groups_max) {
    return Error(Code::gate_set_too_large, "the gate's board", std::to_string(listed_files_max) + " contents",
                 std::to_string(terms.files.size()));
  }
  auto& next = layout_->terms.at((number + 1) % 2);
  next.mode = terms.mode;
  next.groups = terms.service_groups.size();
  next.files = terms.files.size();
  std::ranges::copy(terms.service_groups, next.service_groups.begin());
  std::ranges::copy(terms.files, next.listed.begin());
  layout_->published.store(number + 1);
  return {};
}

GateTerms SharedBoard::newest() const {
  const auto& terms = layout_->terms.at(published() % 2);
  return {terms.mode, {terms.service_groups.data(), terms.groups}, {terms.listed.data(), terms.files}};
}

GateCounts SharedBoard::counts() const {
  const auto get = [](const std::atomic<std::uint64_t>& n) { return n.load(std::memory_order_relaxed); };
  GateCounts counts;
  for (const auto& desk : layout_->desks) {
    counts.answered += get(desk.answered);
    counts.denied += get(desk.denied);
    counts.would_deny += get(desk.would_deny);
    counts.unrecorded += get(desk.unrecorded);
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
