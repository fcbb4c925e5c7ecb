// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include "adapters/scanner/port.h"

namespace sallyport::intake {

// An engine that knows contents by their digests, and counts what it is shown.
class Remembers final : public Scanner {
 public:
  explicit Remembers(Scanner& inner) : inner_(&inner) {}
  Result<EngineInfo> info() override { return inner_->info(); }
  Result<std::unique_ptr<Scan>> begin() override {
    ++shown;
    return inner_->begin();
  }
  Result<Knowledge> knows(const FileDigest& content) override {
    return known.contains(content) ? Knowledge::clean : Knowledge::nothing;
  }
  std::set<FileDigest> known;
  int shown = 0;

 private:
  Scanner* inner_;
};

}  // namespace sallyport::intake
