// SPDX-License-Identifier: Apache-2.0
#include "core/format/program_memory.h"

// Whatever it is given it gives an answer: memory never fails to be read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  CHECK(sallyport::program_memory(sallyport::MemorySource({data, size})).ok());
  return 0;
}
