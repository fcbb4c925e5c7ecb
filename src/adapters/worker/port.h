// SPDX-License-Identifier: Apache-2.0
// A process of its own for work on hostile bytes: it has one file to read, talks with its parent, and nothing else.
// docs/spec/scanner.md, *Apart*; docs/adr/0018-hostile-bytes-apart.md.
//
// What it says is as hostile as what it read.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/base/bytes.h"
#include "core/base/progress.h"

namespace sallyport {

// Messages between the worker and its parent, either way. One thread on each side.
class Talk {
 public:
  virtual ~Talk() = default;
  virtual Result<void> send(BytesView message) = 0;
  // The next message; nothing when the other side has ended. Refuses one of more than message_size_max.
  virtual Result<std::optional<Bytes>> receive() = 0;

  static constexpr std::uint64_t message_size_max = (1U << 20U) + 64;
};

struct ApartJob {
  std::string order;  // what the worker is told: the caller's words, from which nothing hostile is taken
  int file;           // descriptor of the file that is read; the worker gets it read-only
  // Serves one talk about the service of this number, until the other side ends it. Called in a thread of its
  // own for each talk that the worker begins, at most talks_max of them.
  std::function<void(std::uint64_t service, Talk& talk)> serve;
  std::chrono::seconds deadline;
  std::uint64_t answer_size_max;
  Progress& progress;

  static constexpr std::size_t talks_max = 96;
};

// Several jobs can be under way at the same time, from several threads: each is a process.
class Apart {
 public:
  virtual ~Apart() = default;
  // The answer, when every talk has ended; examiner_failed when the worker ended without one, said too much,
  // or was killed at its deadline.
  virtual Result<Bytes> run(const ApartJob& job) = 0;
};

}  // namespace sallyport
