// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/apart_messages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  // What is an answer can be said again.
  const auto answer = intake::parse_answer({data, size});
  if (answer.ok())
    CHECK(intake::parse_answer(as_bytes(intake::print_answer(answer.value().draft, answer.value().checks)))
              .ok());
  return 0;
}
