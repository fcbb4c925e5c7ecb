// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/kept_terms.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>

#include "adapters/exec_events/shared_board.h"
#include "core/base/result.h"

namespace sallyport {

struct KeptTerms::Layout {
  std::atomic<std::uint64_t> whole;
  std::uint64_t enforce;
  std::uint64_t groups;
  std::uint64_t files;
  std::array<std::uint64_t, service_groups_max> service_groups;
  std::array<ListedFile, listed_files_max> listed;
};

namespace {

constexpr const char* where = "the gate's terms";

Error failed() {
  return {Code::io_failed, where, {}, std::generic_category().message(errno)};
}

}  // namespace

// Pages that nobody has written to take no memory.
Result<std::unique_ptr<KeptTerms>> KeptTerms::create() {
  const int descriptor = ::memfd_create("gate-terms", MFD_CLOEXEC);
  if (descriptor < 0 || ::ftruncate(descriptor, sizeof(Layout)) != 0) return failed();
  return mapped(descriptor);
}

Result<std::unique_ptr<KeptTerms>> KeptTerms::of(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return failed();
  if (status.st_size != sizeof(Layout)) {
    return Error(Code::not_supported, where, std::to_string(sizeof(Layout)) + " bytes",
                 std::to_string(status.st_size));
  }
  return mapped(descriptor);
}

Result<std::unique_ptr<KeptTerms>> KeptTerms::mapped(int descriptor) {
  void* memory =
      ::mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0);
  if (memory == MAP_FAILED) return failed();
  return std::unique_ptr<KeptTerms>(new KeptTerms(descriptor, static_cast<Layout*>(memory)));
}

KeptTerms::~KeptTerms() {
  ::munmap(layout_, sizeof(Layout));
  ::close(descriptor_);
}

void KeptTerms::write(const GateTerms& terms) {
  CHECK(terms.service_groups.size() <= service_groups_max && terms.files.size() <= listed_files_max);
  layout_->whole.store(0);
  layout_->enforce = terms.mode == GateMode::enforce ? 1U : 0U;
  layout_->groups = terms.service_groups.size();
  layout_->files = terms.files.size();
  std::ranges::copy(terms.service_groups, layout_->service_groups.begin());
  std::ranges::copy(terms.files, layout_->listed.begin());
  layout_->whole.store(1);
}

GateTerms KeptTerms::read() const {
  const auto& kept = *layout_;
  if (kept.whole.load() != 1 || kept.groups > service_groups_max || kept.files > listed_files_max) {
    return {GateMode::enforce, {}, {}};
  }
  return {kept.enforce == 0 ? GateMode::observe : GateMode::enforce,
          {kept.service_groups.data(), kept.groups},
          {kept.listed.data(), kept.files}};
}

}  // namespace sallyport
