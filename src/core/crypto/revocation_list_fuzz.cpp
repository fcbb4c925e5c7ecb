// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/revocation_list.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const auto list = RevocationList::from_file(BytesView(data, size));
  if (!list.ok()) return 0;
  CHECK(list.value().issued() < list.value().next());
  CHECK(RevocationList::from_der(list.value().der()).ok());
  CHECK(ListNumber::parse(list.value().number().text(), Code::crl_malformed).value() ==
        list.value().number());
  (void)list.value().issuer();
  return 0;
}
