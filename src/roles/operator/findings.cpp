// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/findings.h"

#include "core/base/text.h"

namespace sallyport::intake {
namespace {

constexpr std::size_t findings_max = 5000;
constexpr std::size_t findings_size_max = 2U << 20U;  // of the text; a statement holds 3 MiB
constexpr std::size_t detail_size_max = 200;
constexpr std::size_t words_size_max = 400;
constexpr std::size_t place_size_max = 4096;

Code code_of(const ScanAnswer& answer) {
  if (answer.code) return *answer.code;
  return answer.result == ScanResult::found ? Code::malware_found : Code::scan_incomplete;
}

std::string others_of(const std::vector<EngineRecord>& engines, const std::vector<ScanAnswer>& answers) {
  std::string others;
  for (std::size_t e = 0; e < engines.size(); ++e) {
    if (answers[e].result == ScanResult::clean)
      others += (others.empty() ? "" : ", ") + engines[e].engine + " says clean";
  }
  return others.empty() ? others : " (" + others + ")";
}

// A verdict has room for the longest path, and no more.
std::string place_of(const std::string& place, const std::string& member) {
  const bool fits = place.size() + 2 + member.size() <= place_size_max;
  return member.empty() || !fits ? place : place + ": " + member;
}

}  // namespace

std::string finding_words(const std::string& detail) {
  return printable(detail).substr(0, detail_size_max);
}

void Findings::add(const std::vector<std::string>& places, const FileDigest& digest,
                   const std::vector<EngineRecord>& engines, const Looked& looked) {
  for (const auto& said : looked.said) {
    auto words = finding_words(said.answer.detail);
    // One engine alone needs no name: the verdict has it.
    if (engines.size() > 1)
      words = engines[said.engine].engine + ": " + words + others_of(engines, looked.answers);
    for (const auto& place : places) {
      add_one({std::string(name(code_of(said.answer))), place_of(place, said.member), digest,
               words.substr(0, words_size_max), said.digest});
    }
  }
}

void Findings::add_one(Finding finding) {
  size_ += finding.where.size() + finding.detail.size() + 280;
  if (list_.size() >= findings_max || size_ > findings_size_max) {
    ++left_out_;
  } else {
    list_.push_back(std::move(finding));
  }
}

std::vector<Finding> Findings::take() {
  if (left_out_ > 0) {
    auto more = list_.back();
    more.where = "(" + std::to_string(left_out_) + " more)";
    more.detail = "not listed one by one";
    list_.push_back(std::move(more));
  }
  return std::move(list_);
}

}  // namespace sallyport::intake
