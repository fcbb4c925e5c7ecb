// SPDX-License-Identifier: Apache-2.0
// How the board lies in the memory that processes share: nothing in it points elsewhere, and all of it is valid when
// it is zero. For SharedBoard and BoardWorker alone.
#pragma once

#include <array>
#include <atomic>

#include "adapters/exec_events/shared_board.h"

namespace sallyport::exec_events {

constexpr std::size_t records_max = 256;  // of one worker; a power of two
constexpr std::size_t file_name_max = 256;
constexpr std::size_t cache_line = 64;

struct Terms {
  GateMode mode;
  std::size_t groups;
  std::size_t files;
  std::array<std::uint64_t, service_groups_max> service_groups;
  std::array<ListedFile, listed_files_max> listed;
  GateMode host_mode;
  std::size_t host_files;
  std::array<ListedFile, host_files_max> host_listed;
};

inline GateTerms view_of(const Terms& terms) {
  return {terms.mode,
          {terms.service_groups.data(), terms.groups},
          {terms.listed.data(), terms.files},
          terms.host_mode,
          {terms.host_listed.data(), terms.host_files}};
}

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

// What one worker writes and others read: no other worker writes here.
struct alignas(cache_line) Desk {
  std::atomic<std::uint64_t> terms;     // that it reads at this moment; 0: none
  std::atomic<std::uint64_t> question;  // number of its question * 8 + Hand
  std::atomic<std::uint64_t> deadline;  // of its question, in milliseconds
  std::atomic<int> descriptor;          // of the file in question, + 1; 0: none
  std::atomic<int> tries;
  ExecEvent event;
  bool described;
  std::atomic<std::uint64_t> answered, unrecorded;
  std::array<std::atomic<std::uint64_t>, gate_refusals.size()> denied, would_deny;  // for each reason
  std::atomic<std::uint64_t> written, taken;
  std::array<Record, records_max> records;
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

}  // namespace sallyport::exec_events

namespace sallyport {

struct BoardLayout {
  std::atomic<std::uint64_t> beats, custodian_beats, books_beats;
  std::atomic<std::uint64_t> books_restarts, foreign_denied;
  std::atomic<std::uint64_t> published, adopted;
  std::atomic<std::uint64_t> overflows, restarts, late;
  std::atomic<bool> another_wanted;
  std::array<std::atomic<bool>, gate_descriptors_max> known;
  std::array<exec_events::Desk, gate_desks> desks;
  std::array<exec_events::Terms, 2> terms;
};

}  // namespace sallyport
