// SPDX-License-Identifier: Apache-2.0
// Which kinds of signatures a policy asks for: of everybody who signs, one of each. docs/spec/policy.md.
#pragma once

#include <set>
#include <string>

#include "core/base/result.h"
#include "core/crypto/signature_kind.h"

namespace sallyport {

using SignatureKinds = std::set<SignatureKind>;

std::string describe(const SignatureKinds& kinds);  // "classical and post-quantum"

class RequiredKinds {
 public:
  RequiredKinds() = default;                       // not asked for: one signature of any kind
  explicit RequiredKinds(SignatureKinds each_of);  // never empty

  bool any_one() const { return each_of_.empty(); }
  const SignatureKinds& each_of() const { return each_of_; }  // empty: any one
  // Whoever has signed with these has signed.
  bool met_by(const SignatureKinds& made) const;
  // Whether one more signature of this kind says something that those made do not say. Refuses with
  // signature_kind_unexpected a kind that is not asked for, and with `twice` one that is there.
  Result<void> check_next(const SignatureKinds& made, SignatureKind next, Code twice, std::string who) const;
  Result<void> check_available() const;  // algorithm_unavailable: the library cannot check all of these kinds
  std::string describe() const;          // "classical and post-quantum", "any"

 private:
  SignatureKinds each_of_;
};

// Of statements (DSSE: verdicts, orders, policies), and of packages (CMS).
struct SignatureRules {
  RequiredKinds statements;
  RequiredKinds packages;
};

}  // namespace sallyport
