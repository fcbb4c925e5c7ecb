// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/board_worker.h"

#include <algorithm>
#include <cstring>

#include "adapters/exec_events/board_layout.h"

namespace sallyport {
namespace {

using exec_events::file_name_max;
using exec_events::Record;
using exec_events::records_max;

constexpr std::uint64_t next_question = 8;
constexpr std::uint64_t hand_mask = 7;

Hand hand_of(std::uint64_t question) {
  return static_cast<Hand>(question & hand_mask);
}

std::uint64_t in_hand(std::uint64_t question, Hand hand) {
  return (question & ~hand_mask) | static_cast<std::uint64_t>(hand);
}

void add_one(std::atomic<std::uint64_t>& number) {
  number.fetch_add(1, std::memory_order_relaxed);
}

void fill(Record& slot, const GateRecord& record) {
  const auto& [mode, question, verdict] = record.line;
  slot = Record{mode,
                question.access,
                question.asker,
                question.kind,
                question.place,
                question.looks,
                question.steadiness,
                verdict,
                question.digest.has_value(),
                {},
                question.size,
                record.process,
                std::min(record.file.size(), file_name_max),
                {}};
  if (question.digest) std::ranges::copy(question.digest->bytes(), slot.digest.begin());
  std::memcpy(slot.file.data(), record.file.data() + record.file.size() - slot.file_size, slot.file_size);
}

}  // namespace

// First it says which ones it reads, then it looks whether they still are the newest: who publishes does it the other
// way round, so one of the two sees the other.
GateTerms BoardWorker::take_terms() {
  for (;;) {
    const auto number = board_.published.load();
    desk_.terms.store(number);
    if (board_.published.load() != number) continue;
    return exec_events::view_of(board_.terms.at(number % 2));
  }
}

void BoardWorker::give_back() {
  desk_.terms.store(0);
}

bool BoardWorker::overflowed() const {
  return board_.overflows.load(std::memory_order_relaxed) != 0;
}

void BoardWorker::alarm_overflow() {
  add_one(board_.overflows);
}

void BoardWorker::count(const GateVerdict& verdict) {
  add_one(desk_.answered);
  for (std::size_t i = 0; i < gate_refusals.size(); ++i) {
    if (gate_refusals.at(i) != verdict.reason) continue;
    add_one(verdict.answer == GateAnswer::deny ? desk_.denied.at(i) : desk_.would_deny.at(i));
  }
}

void BoardWorker::record(const GateRecord& record) {
  const auto at = desk_.written.load(std::memory_order_relaxed);
  if (at - desk_.taken.load(std::memory_order_acquire) >= records_max) {
    add_one(desk_.unrecorded);
    return;
  }
  fill(desk_.records.at(at % records_max), record);
  desk_.written.store(at + 1, std::memory_order_release);
}

void BoardWorker::begin_reading() {
  const auto before = desk_.question.load(std::memory_order_relaxed);
  desk_.question.store(in_hand(before + next_question, Hand::reading), std::memory_order_release);
}

void BoardWorker::put(const PendingQuestion& question) {
  desk_.event = question.event;
  desk_.described = question.described;
  desk_.tries.store(question.tries, std::memory_order_relaxed);
  desk_.descriptor.store(question.descriptor + 1, std::memory_order_release);
}

void BoardWorker::begin(const PendingQuestion& question, std::uint64_t deadline_ms) {
  put(question);
  desk_.deadline.store(deadline_ms, std::memory_order_relaxed);
  const auto before = desk_.question.load(std::memory_order_relaxed);
  desk_.question.store(in_hand(before + next_question, Hand::worker), std::memory_order_release);
}

bool BoardWorker::claim() {
  auto question = desk_.question.load(std::memory_order_relaxed);
  if (hand_of(question) != Hand::worker) return false;
  return desk_.question.compare_exchange_strong(question, in_hand(question, Hand::claimed));
}

void BoardWorker::finish() {
  desk_.descriptor.store(0, std::memory_order_release);
  const auto question = desk_.question.load(std::memory_order_acquire);
  desk_.question.store(in_hand(question, Hand::none), std::memory_order_release);
}

Hand BoardWorker::hand() const {
  return hand_of(desk_.question.load(std::memory_order_acquire));
}

std::uint64_t BoardWorker::question() const {
  return desk_.question.load(std::memory_order_acquire) & ~hand_mask;
}

// The number of the question is part of what is compared: its worker may have gone on to another one meanwhile.
std::optional<PendingQuestion> BoardWorker::claim_if_overdue(std::uint64_t now_ms) {
  auto question = desk_.question.load(std::memory_order_acquire);
  if (hand_of(question) != Hand::worker) return std::nullopt;
  if (desk_.deadline.load(std::memory_order_relaxed) > now_ms) return std::nullopt;
  if (!desk_.question.compare_exchange_strong(question, in_hand(question, Hand::overseer)))
    return std::nullopt;
  return pending();
}

void BoardWorker::finish_late() {
  const auto question = desk_.question.load(std::memory_order_relaxed);
  desk_.question.store(in_hand(question, Hand::answered), std::memory_order_release);
}

std::optional<PendingQuestion> BoardWorker::pending() const {
  const int descriptor = desk_.descriptor.load(std::memory_order_acquire) - 1;
  if (descriptor < 0) return std::nullopt;
  return PendingQuestion{descriptor, desk_.tries.load(std::memory_order_relaxed), desk_.event,
                         desk_.described};
}

void BoardWorker::reset() {
  give_back();
  const auto question = desk_.question.load(std::memory_order_relaxed);
  desk_.question.store(in_hand(question, Hand::none), std::memory_order_release);
}

}  // namespace sallyport
