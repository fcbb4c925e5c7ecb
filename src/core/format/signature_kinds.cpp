// SPDX-License-Identifier: Apache-2.0
#include "core/format/signature_kinds.h"

#include <algorithm>

#include "core/crypto/ml_dsa.h"

namespace sallyport {

std::string describe(const SignatureKinds& kinds) {
  std::string text;
  for (const auto kind : kinds) text += (text.empty() ? "" : " and ") + std::string(name(kind));
  return text;
}

RequiredKinds::RequiredKinds(SignatureKinds each_of) : each_of_(std::move(each_of)) {
  CHECK(!each_of_.empty());
}

bool RequiredKinds::met_by(const SignatureKinds& made) const {
  if (any_one()) return !made.empty();
  return std::includes(made.begin(), made.end(), each_of_.begin(), each_of_.end());
}

Result<void> RequiredKinds::check_next(const SignatureKinds& made, SignatureKind next, Code twice,
                                       std::string who) const {
  const std::string found = "one more " + std::string(name(next));
  if (any_one() ? !made.empty() : made.contains(next)) {
    return Error(twice, std::move(who), any_one() ? "one signature" : "one signature of each kind", found);
  }
  if (any_one() || each_of_.contains(next)) return {};
  return Error(Code::signature_kind_unexpected, std::move(who), describe() + " signatures",
               std::string(name(next)));
}

Result<void> RequiredKinds::check_available() const {
  if (!each_of_.contains(SignatureKind::post_quantum)) return {};
  for (const auto& algorithm : ml_dsa) TRY(sallyport::check_available(algorithm));
  return {};
}

std::string RequiredKinds::describe() const {
  return any_one() ? "any" : sallyport::describe(each_of_);
}

}  // namespace sallyport
