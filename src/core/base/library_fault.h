// SPDX-License-Identifier: Apache-2.0
// What a library that must not fail says when it does: the one exception of the program, and where it ends.
//
// A digest is a value: it is asked for in a hundred places, few of which could say anything of it if there were none.
// SHA-2 cannot fail but by a broken library, so that its functions return digests, not Results; when libcrypto does not
// answer as it must, library_fails() leaves whatever was under way. attempt() is where it ends, as the fault
// internal_error: at each step of an installation, at each piece of work that a thread takes, and around each command.
// Nothing else throws it, nothing else catches it: docs/adr/0008-digests-that-fail.md.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "core/base/error.h"

namespace sallyport {

class LibraryFault final : public std::exception {
 public:
  explicit LibraryFault(std::string function) : function_(std::move(function)) {}
  const char* what() const noexcept override { return function_.c_str(); }
  Error error() const { return {Code::internal_error, "libcrypto", "an answer of " + function_, "none"}; }

 private:
  std::string function_;
};

[[noreturn]] void library_fails(const char* function);

// What `work` returns, which is a Result; or the fault.
template <class Work>
auto attempt(Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const LibraryFault& fault) {
    return fault.error();
  }
}

}  // namespace sallyport
