// SPDX-License-Identifier: Apache-2.0
#include "core/base/check.h"
#include "core/format/openpgp_keyring.h"

// What is taken apart has the keys that it had, each keyring each of them once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sallyport::BytesView file(data, size);
  const auto keyrings = sallyport::openpgp_keyrings(file);
  const auto whole = sallyport::openpgp_keys(file);
  if (!keyrings.ok()) return 0;
  std::size_t count = 0;
  for (const auto& one : keyrings.value()) {
    const auto keys = sallyport::openpgp_keys(one);
    CHECK(keys.ok());
    count += keys.value().size();
    CHECK(sallyport::openpgp_keyrings(one).value().size() == 1);
  }
  CHECK(!whole.ok() || whole.value().size() == count);
  return 0;
}
