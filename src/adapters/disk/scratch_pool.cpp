// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/scratch_pool.h"

#include <utility>

namespace sallyport {

class ScratchPool::Pooled final : public Scratch {
 public:
  explicit Pooled(ScratchPool& pool) : pool_(&pool) {}
  Pooled(const Pooled&) = delete;
  Pooled& operator=(const Pooled&) = delete;
  ~Pooled() override {
    if (file_) pool_->give_back(std::move(file_));
  }

  Result<void> write(BytesView bytes) override {
    if (!file_ && memory_.size() + bytes.size() > memory_max) TRY(move_to_file());
    return file_ ? file_->write(bytes) : memory_.write(bytes);
  }
  std::uint64_t size() const override { return file_ ? file_->size() : memory_.size(); }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    return file_ ? file_->read_at(offset, into) : memory_.read_at(offset, into);
  }

 private:
  Result<void> move_to_file() {
    auto file = pool_->take_file();
    if (!file) return Error(Code::io_failed, "scratch files", "a free one", "all are in use");
    TRY(file->write(TRY(memory_.read(0, memory_.size(), memory_max))));
    memory_ = {};
    file_ = std::move(file);
    return {};
  }

  ScratchPool* pool_;
  MemoryScratch memory_;
  std::unique_ptr<ScratchFile> file_;
};

Result<std::unique_ptr<ScratchPool>> ScratchPool::open(const std::string& folder, std::size_t count) {
  std::unique_ptr<ScratchPool> pool(new ScratchPool());
  for (std::size_t i = 0; i < count; ++i)
    pool->free_.push_back(TRY(ScratchFile::beside(folder + "/scratch")));
  return pool;
}

std::unique_ptr<Scratch> ScratchPool::take() {
  return std::make_unique<Pooled>(*this);
}

std::unique_ptr<ScratchFile> ScratchPool::take_file() {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) return nullptr;
  auto file = std::move(free_.back());
  free_.pop_back();
  return file;
}

// One that cannot be emptied is not lent again.
void ScratchPool::give_back(std::unique_ptr<ScratchFile> file) {
  if (!file->clear().ok()) return;
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(file));
}

}  // namespace sallyport
