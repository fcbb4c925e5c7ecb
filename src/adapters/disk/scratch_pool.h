// SPDX-License-Identifier: Apache-2.0
// A fixed number of scratch files, opened at once, for a process that will not be able to open any. What is
// small stays in memory and needs none.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/disk/scratch_file.h"

namespace sallyport {

class ScratchPool {
 public:
  // In this folder.
  static Result<std::unique_ptr<ScratchPool>> open(const std::string& folder, std::size_t count);

  // From any thread; the pool must outlive it. Whoever writes more than fits into memory when all files are taken is
  // refused (io_failed).
  std::unique_ptr<Scratch> take();

  static constexpr std::uint64_t memory_max = 1U << 20U;

 private:
  class Pooled;
  ScratchPool() = default;
  std::unique_ptr<ScratchFile> take_file();
  void give_back(std::unique_ptr<ScratchFile> file);

  std::mutex mutex_;
  std::vector<std::unique_ptr<ScratchFile>> free_;
};

}  // namespace sallyport
