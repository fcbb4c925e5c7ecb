// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/allocator.h"

#include <malloc.h>

namespace sallyport {

void share_arenas() {
  ::mallopt(M_ARENA_MAX, 2);  // what cannot be set stays as it is: memory, not safety
}

}  // namespace sallyport
