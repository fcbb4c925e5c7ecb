// SPDX-License-Identifier: Apache-2.0
// A visitor for std::visit, made of one lambda for each case.
#pragma once

namespace sallyport {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace sallyport
