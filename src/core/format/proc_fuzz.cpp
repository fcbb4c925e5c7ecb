// SPDX-License-Identifier: Apache-2.0
#include "core/base/bytes.h"
#include "core/format/proc.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = sallyport::as_text({data, size});
  static_cast<void>(sallyport::parse_start_ticks(text));
  static_cast<void>(sallyport::parse_mapped_code(text));
  for (const auto protocol :
       {sallyport::Protocol::tcp, sallyport::Protocol::udp, sallyport::Protocol::sctp}) {
    static_cast<void>(sallyport::sockets_on(text, {protocol, 2123}));
  }
  return 0;
}
