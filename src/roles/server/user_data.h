// SPDX-License-Identifier: Apache-2.0
// The bodies that clients send about packages: CreateVnfPkgInfoRequest and VnfPkgInfoModifications of ETSI SOL005.
// userDefinedData holds texts; null takes one away (RFC 7396). json_malformed.
#pragma once

#include <optional>
#include <string>

#include "adapters/db/port.h"
#include "core/base/bytes.h"

namespace sallyport::server {

Result<std::string> parse_create_request(BytesView body);  // the userDefinedData

struct ChangeRequest {
  std::optional<Operational> operational;
  std::string user_data;  // with the changes
  std::string text;       // VnfPkgInfoModifications: what was changed
};
Result<ChangeRequest> parse_change_request(BytesView body, const std::string& user_data);

}  // namespace sallyport::server
