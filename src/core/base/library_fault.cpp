// SPDX-License-Identifier: Apache-2.0
#include "core/base/library_fault.h"

namespace sallyport {

void library_fails(const char* function) {
  throw LibraryFault(function);
}

}  // namespace sallyport
