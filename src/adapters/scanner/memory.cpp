// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/memory.h"

#include <utility>

#include "core/base/eicar.h"

namespace sallyport {

class MemoryScanner::Job final : public Scan {
 public:
  explicit Job(MemoryScanner& scanner) : scanner_(&scanner) {}

  Result<void> feed(BytesView part) override {
    content_ += as_text(part);
    return {};
  }

  Result<ScanAnswer> finish() override {
    ++scanner_->files_;
    scanner_->bytes_ += content_.size();
    if (content_.size() > scanner_->size_max_) return ScanAnswer{ScanResult::not_scanned, "too large"};
    for (const auto& [name, pattern] : scanner_->signatures_) {
      if (content_.find(pattern) != std::string::npos) return ScanAnswer{ScanResult::found, name};
    }
    if (is_encrypted()) return ScanAnswer{ScanResult::not_scanned, "encrypted"};
    return ScanAnswer{ScanResult::clean, {}};
  }

 private:
  // A local file header whose general purpose flag has bit 0 set.
  bool is_encrypted() const {
    const std::string_view magic("PK\x03\x04", 4);
    return content_.starts_with(magic) && content_.size() > 6 && (content_[6] & 1) != 0;
  }
  MemoryScanner* scanner_;
  std::string content_;
};

MemoryScanner::MemoryScanner(EngineInfo info, std::uint64_t size_max)
    : info_(std::move(info)), size_max_(size_max) {
  add_signature("Eicar-Test-Signature", eicar_test_file());
  add_signature("Eicar-In-An-Archive", eicar_deflated());
}

Result<std::unique_ptr<Scan>> MemoryScanner::begin() {
  return std::unique_ptr<Scan>(std::make_unique<Job>(*this));
}

class FaultyScanner::Job final : public Scan {
 public:
  Job(std::unique_ptr<Scan> inner, Then then) : inner_(std::move(inner)), then_(then) {}

  Result<void> feed(BytesView part) override {
    if (then_ == Then::breaks_off) return Error(Code::scanner_failed, "scanner", "more bytes", "it hung up");
    return inner_->feed(part);
  }

  Result<ScanAnswer> finish() override {
    if (then_ == Then::dies || then_ == Then::breaks_off)
      return Error(Code::scanner_failed, "scanner", "an answer", "it hung up");
    if (then_ == Then::does_not_look) return ScanAnswer{ScanResult::not_scanned, "limit reached"};
    if (then_ == Then::says_clean_blind) return ScanAnswer{ScanResult::clean, {}};
    return inner_->finish();
  }

 private:
  std::unique_ptr<Scan> inner_;
  Then then_;
};

Result<std::unique_ptr<Scan>> FaultyScanner::begin() {
  const auto number = ++count_;
  const auto struck = number == first_ || (forever_ && number > first_);
  if (!struck) return inner_->begin();
  if (then_ == Then::unreachable) return Error(Code::scanner_unreachable, "scanner");
  return std::unique_ptr<Scan>(std::make_unique<Job>(TRY(inner_->begin()), then_));
}

}  // namespace sallyport
