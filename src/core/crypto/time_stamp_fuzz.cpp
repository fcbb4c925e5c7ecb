// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/time_stamp_request.h"

// The first byte chooses: a token, what is in one, or an authority's reply. There is no anchor, so nothing verifies.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  if (size == 0) return 0;
  const BytesView rest(data + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      CHECK(!verify_time_stamp(rest, as_bytes("signature"), {}, Instant::from_seconds(1781524800).value())
                 .ok());
      break;
    case 1:
      if (const auto info = read_time_stamp_info(rest); info.ok())
        CHECK(info.value().time < info.value().latest);
      break;
    default:
      (void)read_time_stamp_reply(rest, as_bytes("signature"), Bytes{1});
  }
  return 0;
}
