// SPDX-License-Identifier: Apache-2.0
#include "core/base/result.h"

namespace sallyport {

void abort_because(const char* what, const char* file, int line) {
  std::fprintf(stderr, "sallyport: internal error: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace sallyport
