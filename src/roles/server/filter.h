// SPDX-License-Identifier: Apache-2.0
// Attribute-based filtering (ETSI GS NFV-SOL 013 clause 5.2): "(eq,onboardingState,ONBOARDED);(cont,vnfProvider,acme)".
// All conditions have to hold. Values are compared as text; gt, gte, lt and lte in byte order.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sallyport::server {

using Attributes = std::map<std::string, std::string, std::less<>>;

struct Condition {
  enum class Operator : std::uint8_t { eq, neq, in, nin, gt, gte, lt, lte, cont, ncont };
  Operator op;
  std::string attribute;
  std::vector<std::string> values;  // one; for in, nin, cont and ncont one or more
};

class Filter {
 public:
  // json_malformed with what is wrong. `known`: the attributes that may be named.
  static Result<Filter> parse(std::string_view text, const std::vector<std::string_view>& known);
  Filter() = default;  // everything

  bool takes(const Attributes& attributes) const;  // one that is not there is the empty text
  const std::vector<Condition>& conditions() const { return conditions_; }

 private:
  std::vector<Condition> conditions_;
};

}  // namespace sallyport::server
