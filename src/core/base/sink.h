// SPDX-License-Identifier: Apache-2.0
// Where bytes go: the counterparts of ByteSource (base/bytes.h).
#pragma once

#include "core/base/bytes.h"

namespace sallyport {

// Takes bytes one after the other. Used by one thread at a time.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual Result<void> write(BytesView bytes) = 0;
};

// Takes bytes and gives them back: for what is too large for memory and has to wait for its place.
class Scratch : public ByteSink, public ByteSource {};

// For a rehearsal: takes everything and keeps nothing.
class NoSink final : public ByteSink {
 public:
  Result<void> write(BytesView) override { return {}; }
};

class MemorySink final : public ByteSink {
 public:
  Result<void> write(BytesView bytes) override {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return {};
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

class MemoryScratch final : public Scratch {
 public:
  Result<void> write(BytesView bytes) override { return sink_.write(bytes); }
  std::uint64_t size() const override { return sink_.bytes().size(); }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    return MemorySource(sink_.bytes()).read_at(offset, into);
  }

 private:
  MemorySink sink_;
};

}  // namespace sallyport
