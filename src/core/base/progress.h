// SPDX-License-Identifier: Apache-2.0
// How far a long piece of work is, as a port: who works says what begins and how many bytes are done, and an app
// may show it. For people's eyes only: nothing is decided by it, and nothing waits for it.
#pragma once

#include <string_view>

#include "core/base/bytes.h"

namespace sallyport {

class Progress {
 public:
  virtual ~Progress() = default;
  // The next part of the work and its bytes, as far as they are known. Only the thread that leads the work.
  virtual void begin(std::string_view what, std::uint64_t bytes) = 0;
  // So many bytes more. From any thread: a part of a file at a time, not a line at a time.
  virtual void add(std::uint64_t bytes) = 0;
};

class NoProgress final : public Progress {
 public:
  void begin(std::string_view, std::uint64_t) override {}
  void add(std::uint64_t) override {}
};
inline NoProgress no_progress;  // has no state

// Tells how much of another source was read. Reads of what was read before count again.
class WatchedSource final : public ByteSource {
 public:
  WatchedSource(const ByteSource& source, Progress& progress) : source_(source), progress_(progress) {}
  std::uint64_t size() const override { return source_.size(); }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    progress_.add(into.size());
    return source_.read_at(offset, into);
  }

 private:
  const ByteSource& source_;
  Progress& progress_;
};

}  // namespace sallyport
