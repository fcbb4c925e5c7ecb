// SPDX-License-Identifier: Apache-2.0
#include "roles/server/repr_digest.h"

namespace sallyport::server {
namespace {

constexpr std::string_view algorithm = "sha-256=";

Error malformed(std::string_view found) {
  return {Code::json_malformed, "Repr-Digest", "sha-256=:BASE64:, once", std::string(found.substr(0, 80))};
}

Result<Sha256Digest> parse_one(std::string_view value) {
  if (value.size() < 2 || !value.starts_with(':') || !value.ends_with(':')) return malformed(value);
  const auto bytes = parse_base64(value.substr(1, value.size() - 2), Sha256Digest::size);
  if (!bytes.ok() || bytes.value().size() != Sha256Digest::size) return malformed(value);
  return Sha256Digest::parse(hex(bytes.value()));
}

}  // namespace

Result<std::optional<Sha256Digest>> parse_repr_digest(std::string_view header) {
  std::optional<Sha256Digest> found;
  while (true) {
    const auto end = header.find(',');
    auto item = header.substr(0, end);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (item.starts_with(algorithm)) {
      if (found) return malformed(item);
      found = TRY(parse_one(item.substr(algorithm.size())));
    }
    if (end == std::string_view::npos) return found;
    header.remove_prefix(end + 1);
  }
}

}  // namespace sallyport::server
