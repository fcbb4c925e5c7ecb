// SPDX-License-Identifier: Apache-2.0
// Where proofs are made. Only core/trust/*.cpp may include this file (tools/layers refuses any other include
// of it): whoever calls Mint states that the bytes behind the value were checked just now.
#pragma once

#include <optional>

#include "core/trust/verified.h"

namespace sallyport {

struct ApprovedOrder;
struct Logged;
struct Package;
class Permit;

namespace trust {

struct CleanVerdict;

struct Mint {
  template <class T>
  static Verified<T> verified(T value, Evidence evidence) {
    return Verified<T>(std::move(value), std::move(evidence));
  }

  // Defined in permit.cpp.
  static Permit permit(const Verified<Package>& package, const Verified<CleanVerdict>& verdict,
                       const Verified<ApprovedOrder>& order, const std::optional<Verified<Logged>>& logged);
};

}  // namespace trust
}  // namespace sallyport
