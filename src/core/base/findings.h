// SPDX-License-Identifier: Apache-2.0
// Everything that is wrong with one input, where Result<T> has only the first: for telling people all of it at once.
//
// It decides nothing: whoever holds findings holds no proof. At most `listed_max` of each kind are kept, so that a
// hostile input cannot fill memory with them; count() goes on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace sallyport {

class Findings {
 public:
  static constexpr std::size_t listed_max = 1000;

  // The same finding counts once.
  void add(Error error);
  template <class T>
  void add_error_of(const Result<T>& result) {
    if (!result.ok()) add(result.error());
  }

  bool none() const { return count_ == 0; }
  std::uint64_t count() const { return count_; }
  bool has(Code code) const;
  // Integrity first, then the other refusals, then faults; each in the order in which they were found. At most
  // listed_max.
  std::vector<Error> sorted() const;

 private:
  static constexpr std::size_t grades = 3;
  std::array<std::vector<Error>, grades> by_grade_;
  std::set<std::string> seen_;  // of those that are kept
  std::uint64_t count_ = 0;
};

// A refusal becomes a finding and there is no value; a fault stays what it is.
template <class T>
Result<std::optional<T>> found_or(Result<T> result, Findings& findings) {
  if (result.ok()) return std::optional<T>(std::move(result).value());
  if (kind_of(result.error().code) == Kind::fault) return result.error();
  findings.add(result.error());
  return std::optional<T>();
}

}  // namespace sallyport
