// SPDX-License-Identifier: Apache-2.0
#include "core/format/attestation.h"

#include "core/base/text.h"

// Whatever is accepted has a signature, a kind and subjects, and nothing in it that a screen could not show.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto attestation = sallyport::parse_attestation(sallyport::BytesView(data, size), "input");
  if (!attestation.ok()) {
    CHECK(attestation.error().code == sallyport::Code::attestation_malformed);
    return 0;
  }
  const auto& found = attestation.value();
  CHECK(!found.signatures.empty() && !found.subjects.empty());
  CHECK(sallyport::is_predicate_type(found.predicate_type) && sallyport::is_plain_text(found.maker));
  for (const auto& subject : found.subjects) CHECK(sallyport::is_plain_text(subject.name));
  return 0;
}
