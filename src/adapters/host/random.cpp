// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/random.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/base/bytes.h"

namespace sallyport {

Result<std::string> random_uuid() {
  std::array<std::uint8_t, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return Error(Code::io_failed, "getrandom", "16 bytes", std::strerror(errno));
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0fU) | 0x40U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3fU) | 0x80U);
  const auto text = hex(bytes);
  return text.substr(0, 8) + "-" + text.substr(8, 4) + "-" + text.substr(12, 4) + "-" + text.substr(16, 4) +
         "-" + text.substr(20);
}

}  // namespace sallyport
