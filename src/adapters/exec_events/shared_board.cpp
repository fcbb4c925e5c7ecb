// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/shared_board.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

namespace sallyport {
namespace {

constexpr std::size_t records_max = 256;  // a power of two
constexpr std::size_t file_name_max = 256;

struct Terms {
  GateMode mode;
  std::size_t groups;
  std::size_t files;
  std::array<std::uint64_t, service_groups_max> service_groups;
  std::array<ListedFile, listed_files_max> listed;
};

// Without anything that points elsewhere.
struct Record {
  GateMode mode;
  Access access;
  Asker asker;
  FileKind kind;
  Place place;
  Looks looks;
  Steadiness steadiness;
  GateVerdict verdict;
  bool measured;
  std::array<std::uint8_t, FileDigest::size> digest;
  std::uint64_t size;
  int process;
  std::size_t file_size;
  std::array<char, file_name_max> file;
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

}  // namespace

struct SharedBoard::Layout {
  std::atomic<std::uint64_t> beats, published, adopted;
  std::atomic<std::uint64_t> answered, denied, would_deny, unrecorded, overflows, restarts;
  std::atomic<int> pending;  // descriptor + 1
  std::atomic<int> tries;
  ExecEvent pending_event;
  std::array<std::atomic<bool>, gate_descriptors_max> known;
  std::atomic<std::uint64_t> written, taken;
  std::array<Record, records_max> records;
  std::array<Terms, 2> terms;
};

Result<std::unique_ptr<SharedBoard>> SharedBoard::create() {
  void* memory = ::mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    return Error(Code::io_failed, "the gate's board", {}, std::generic_category().message(errno));
  }
  // The kernel has zeroed it, and pages that nobody uses are never there: no constructor may write to it.
  return std::unique_ptr<SharedBoard>(new SharedBoard(static_cast<Layout*>(memory)));
}

SharedBoard::~SharedBoard() {
  ::munmap(layout_, sizeof(Layout));
}

std::uint64_t SharedBoard::published() const {
  return layout_->published.load(std::memory_order_acquire);
}

GateTerms SharedBoard::terms() const {
  const auto& terms = layout_->terms.at(published() % 2);
  return {terms.mode, {terms.service_groups.data(), terms.groups}, {terms.listed.data(), terms.files}};
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

void SharedBoard::count_restart() {
  layout_->restarts.fetch_add(1, std::memory_order_relaxed);
}

void SharedBoard::alarm_overflow() {
  layout_->overflows.fetch_add(1, std::memory_order_relaxed);
}

void SharedBoard::count(const GateVerdict& verdict) {
  const bool refused = verdict.reason >= GateReason::unlisted;
  layout_->answered.fetch_add(1, std::memory_order_relaxed);
  if (verdict.answer == GateAnswer::deny) layout_->denied.fetch_add(1, std::memory_order_relaxed);
  if (verdict.answer == GateAnswer::allow && refused) {
    layout_->would_deny.fetch_add(1, std::memory_order_relaxed);
  }
}

void SharedBoard::record(const GateRecord& record) {
  const auto at = layout_->written.load(std::memory_order_relaxed);
  if (at - layout_->taken.load(std::memory_order_acquire) >= records_max) {
    layout_->unrecorded.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  const auto& [mode, question, verdict] = record.line;
  auto& slot = layout_->records.at(at % records_max);
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
  layout_->written.store(at + 1, std::memory_order_release);
}

std::optional<GateRecord> SharedBoard::take() {
  const auto at = layout_->taken.load(std::memory_order_relaxed);
  if (at == layout_->written.load(std::memory_order_acquire)) return std::nullopt;
  const auto& slot = layout_->records.at(at % records_max);
  GateQuestion question{slot.access, slot.asker,      slot.kind, slot.place,
                        slot.looks,  slot.steadiness, slot.size, std::nullopt};
  if (slot.measured) question.digest = FileDigest(slot.digest);
  GateRecord record{
      {slot.mode, question, slot.verdict}, slot.process, std::string(slot.file.data(), slot.file_size)};
  layout_->taken.store(at + 1, std::memory_order_release);
  return record;
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
  layout_->published.store(number + 1, std::memory_order_release);
  return {};
}

GateCounts SharedBoard::counts() const {
  const auto get = [](const std::atomic<std::uint64_t>& n) { return n.load(std::memory_order_relaxed); };
  return {get(layout_->answered),   get(layout_->denied),    get(layout_->would_deny),
          get(layout_->unrecorded), get(layout_->overflows), get(layout_->restarts)};
}

void SharedBoard::set_known(int descriptor, bool known) {
  layout_->known.at(static_cast<std::size_t>(descriptor)).store(known);
}

bool SharedBoard::known(int descriptor) const {
  return layout_->known.at(static_cast<std::size_t>(descriptor)).load();
}

void SharedBoard::set_pending(int descriptor, const ExecEvent& event, int tries) {
  layout_->pending_event = event;
  layout_->tries.store(tries, std::memory_order_relaxed);
  layout_->pending.store(descriptor + 1, std::memory_order_release);
}

void SharedBoard::clear_pending() {
  layout_->pending.store(0, std::memory_order_release);
}

std::optional<PendingEvent> SharedBoard::take_over_pending() {
  const int descriptor = layout_->pending.load(std::memory_order_acquire) - 1;
  if (descriptor < 0) return std::nullopt;
  const auto tries = layout_->tries.fetch_add(1, std::memory_order_relaxed) + 1;
  return PendingEvent{descriptor, tries, layout_->pending_event};
}

}  // namespace sallyport
