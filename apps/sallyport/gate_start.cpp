// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/gate_start.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>

namespace sallyport::cli {

// The kernel has zeroed it.
struct GateStart::Layout {
  std::atomic<bool> decided, ending;
  bool refused;
  std::size_t size;
  std::array<char, 512> found;
};

Result<std::unique_ptr<GateStart>> GateStart::create(Kind kind) {
  void* memory = ::mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return Error(Code::io_failed, "the gate's memory", {}, std::generic_category().message(errno));
  return std::unique_ptr<GateStart>(new GateStart(static_cast<Layout*>(memory), kind));
}

GateStart::~GateStart() {
  ::munmap(layout_, sizeof(Layout));
}

void GateStart::decide(const std::optional<std::string>& open) {
  if (is_decided()) return;
  if (open && kind_ == Kind::beginning) {
    layout_->refused = true;
    layout_->size = std::min(open->size(), layout_->found.size());
    std::copy_n(open->begin(), layout_->size, layout_->found.begin());
  }
  layout_->decided.store(true, std::memory_order_release);
}

bool GateStart::is_decided() const {
  return layout_->decided.load(std::memory_order_acquire);
}

bool GateStart::is_ready() const {
  return is_decided() && !layout_->refused;
}

void GateStart::set_ending() {
  layout_->ending = true;
}

bool GateStart::is_ending() const {
  return layout_->ending;
}

std::optional<std::string> GateStart::refused() const {
  if (!is_decided() || !layout_->refused) return std::nullopt;
  return std::string(layout_->found.data(), layout_->size);
}

}  // namespace sallyport::cli
