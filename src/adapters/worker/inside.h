// SPDX-License-Identifier: Apache-2.0
// The worker's side: what it is given, how it asks for more, and the walls around it.
#pragma once

#include <memory>
#include <mutex>
#include <string_view>

#include "adapters/worker/port.h"

namespace sallyport::worker {

// What the parent wants done. Before the walls.
Result<Bytes> read_order(std::uint64_t size_max);

// Asks the parent. From any thread, one question at a time.
class Parent final : public Progress {
 public:
  // A talk about the service of this number.
  Result<std::unique_ptr<Talk>> connect(std::uint64_t service);
  void begin(std::string_view what, std::uint64_t bytes) override;
  void add(std::uint64_t bytes) override;

 private:
  std::mutex mutex_;
  std::uint64_t untold_ = 0;
};

// The last word. Nothing follows it.
Result<void> answer(BytesView bytes);

// The order that makes a worker build its walls, read nothing and say so: whether workers can run here at all.
constexpr std::string_view walls_order = "build-walls";
constexpr std::string_view walls_answer = "the walls stand";

struct Walls {
  std::uint64_t memory_bytes = 4ULL << 30U;  // of address space
  std::uint64_t file_bytes = 20ULL << 30U;   // of one scratch file
  std::uint64_t files = 256;                 // descriptors
  std::uint64_t processor_seconds = 24 * 3600;
};

// For this process, which has one thread yet, and for good: another user where it is root, no capability, no new
// privilege, no network, no file but those that are open, no program, no process; bounded memory, time and descriptors.
// not_supported when the kernel lacks one of them: nothing hostile is read then.
Result<void> build_walls(const Walls& walls);

}  // namespace sallyport::worker
