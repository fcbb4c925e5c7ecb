// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value, or the one Error that says why there is none. No implicit bool, no default, and
// Result<bool> does not exist: a check that can say no returns Result<void>, or an enum that names the
// answers.
//
//   auto tree = TRY(parse_tree(bytes));          // hands the error on
//   return Error(Code::tree_syntax, "entries[3].path");
//
// value() on an error aborts: that is a bug of ours, never an input's doing.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

#include "core/base/error.h"

namespace sallyport {

[[noreturn]] void abort_because(const char* what, const char* file, int line);

// For errors of the programmer, in every build.
#define CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::sallyport::abort_because(#condition, __FILE__, __LINE__))

template <class T>
class [[nodiscard]] Result {
  static_assert(!std::is_same_v<std::remove_cv_t<T>, bool>,
                "return Result<void>, or an enum that names both answers");

 public:
  using Value = T;
  Result(T value) : inner_(std::move(value)) {}                    // NOLINT(google-explicit-constructor)
  Result(Error error) : inner_(tl::unexpect, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return inner_.has_value(); }
  T& value() & {
    CHECK(ok());
    return *inner_;
  }
  const T& value() const& {
    CHECK(ok());
    return *inner_;
  }
  T value() && {
    CHECK(ok());
    return std::move(*inner_);
  }
  const Error& error() const {
    CHECK(!ok());
    return inner_.error();
  }
  Error&& take_error() {
    CHECK(!ok());
    return std::move(inner_.error());
  }

  // Adds what was being done to the error, if there is one.
  Result within(std::string step) && {
    if (!ok()) inner_.error().steps.push_back(echoed(std::move(step)));
    return std::move(*this);
  }

 private:
  tl::expected<T, Error> inner_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using Value = void;
  Result() = default;
  Result(Error error) : inner_(tl::unexpect, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return inner_.has_value(); }
  void value() const { CHECK(ok()); }
  const Error& error() const {
    CHECK(!ok());
    return inner_.error();
  }
  Error&& take_error() {
    CHECK(!ok());
    return std::move(inner_.error());
  }

  Result within(std::string step) && {
    if (!ok()) inner_.error().steps.push_back(echoed(std::move(step)));
    return std::move(*this);
  }

 private:
  tl::expected<void, Error> inner_;
};

// Evaluates to the value, or returns the error from the enclosing function. Each use has a name of its own, so that one
// may stand inside another.
#define TRY(expression) SALLYPORT_TRY_NAMED(expression, __COUNTER__)
#define SALLYPORT_TRY_NAMED(expression, number) SALLYPORT_TRY(expression, number)
#define SALLYPORT_TRY(expression, number)                                              \
  __extension__({                                                                      \
    auto try_result_##number = (expression);                                           \
    if (!try_result_##number.ok()) return std::move(try_result_##number).take_error(); \
    std::move(try_result_##number).value();                                            \
  })

}  // namespace sallyport
