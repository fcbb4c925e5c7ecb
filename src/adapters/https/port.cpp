// SPDX-License-Identifier: Apache-2.0
#include "adapters/https/port.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

namespace sallyport {

std::string counted_as(const std::string& address) {
  in6_addr v6{};
  const auto without_zone = address.substr(0, address.find('%'));
  if (::inet_pton(AF_INET6, without_zone.c_str(), &v6) != 1) return address;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    const auto* const shown = ::inet_ntop(AF_INET, &v6.s6_addr[12], text.data(), text.size());
    return shown == nullptr ? address : shown;
  }
  std::fill(&v6.s6_addr[8], &v6.s6_addr[8] + 8, std::uint8_t{0});
  const auto* const shown = ::inet_ntop(AF_INET6, &v6, text.data(), text.size());
  return shown == nullptr ? address : std::string(shown) + "/64";
}

const std::string* WebQuestion::header(std::string_view name) const {
  const std::string* found = nullptr;
  for (const auto& [its_name, value] : headers) {
    if (its_name != name) continue;
    if (found != nullptr) return nullptr;
    found = &value;
  }
  return found;
}

}  // namespace sallyport
