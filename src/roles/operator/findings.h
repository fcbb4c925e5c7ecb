// SPDX-License-Identifier: Apache-2.0
// The findings of a verdict, as many as fit into it; how many were left out is a finding of its own.
#pragma once

#include <string>
#include <vector>

#include "core/format/verdict.h"
#include "roles/operator/look.h"

namespace sallyport::intake {

// An engine's words as a finding has them.
std::string finding_words(const std::string& detail);

class Findings {
 public:
  // What the engines said of one content and of what lies in it: each of that for each place, with the names of those
  // that called all of it clean.
  void add(const std::vector<std::string>& places, const FileDigest& digest,
           const std::vector<EngineRecord>& engines, const Looked& looked);
  std::vector<Finding> take();

 private:
  void add_one(Finding finding);
  std::vector<Finding> list_;
  std::size_t size_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace sallyport::intake
