// SPDX-License-Identifier: Apache-2.0
// Deviations from SOL004 that the reader of foreign packages can be told to take, each by its name. None changes
// which octets are signed, which bytes are digested or which signatures have to hold. docs/spec/foreign.md,
// "Tolerated by name".
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sallyport {

enum class Tolerance : std::uint8_t {
  external_sources,
  key_case,
  product_names,
  unknown_keys,
  unlisted_tosca_meta,
  upper_case_hashes,
};

struct ToleranceInfo {
  Tolerance what;
  std::string_view name;
  std::string_view meaning;
};
std::span<const ToleranceInfo> all_tolerances();
std::string_view name(Tolerance what);
Result<Tolerance> find_tolerance(std::string_view name);  // usage_error, with the names that there are

using Tolerances = std::set<Tolerance>;

// One that was made use of: where for the first time, and how often.
struct Tolerated {
  Tolerance what;
  std::string where;
  std::uint64_t count;
};

// What is allowed, and what of that was needed.
class Leniency {
 public:
  explicit Leniency(Tolerances allowed) : allowed_(std::move(allowed)) {}

  enum class Answer : std::uint8_t { passed_over, refuse };
  // Whoever meets a deviation asks, and what is passed over is remembered.
  Answer meet(Tolerance what, const std::string& where);
  const std::vector<Tolerated>& used() const { return used_; }

 private:
  Tolerances allowed_;
  std::vector<Tolerated> used_;
};

// "…; --tolerate NAME passes it over": for what a finding expected.
std::string or_tolerate(std::string expected, Tolerance what);

}  // namespace sallyport
