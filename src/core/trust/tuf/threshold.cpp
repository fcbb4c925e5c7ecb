// SPDX-License-Identifier: Apache-2.0
#include "core/trust/tuf/threshold.h"

#include <set>

#include "core/trust/tuf/parse.h"

namespace sallyport::tuf {

std::set<KeyId> signers(const SignedBytes& what, const Authority& who) {
  std::set<KeyId> counted;
  for (const auto& signature : what.signatures) {
    const auto found = who.keys.find(signature.keyid);
    if (found == who.keys.end() || counted.contains(found->second.key.id())) continue;
    const auto bytes = parse_hex(lower(signature.hex), 8192);
    if (!bytes.ok()) continue;
    const auto& [key, scheme] = found->second;
    if (key.check(scheme, as_bytes(what.canonical), bytes.value()) == Fit::fits) counted.insert(key.id());
  }
  return counted;
}

Result<void> check_signatures(const SignedBytes& what, const Authority& who, std::string_view name) {
  const auto counted = signers(what, who);
  if (counted.size() >= who.threshold) return {};
  return Error(Code::tuf_signatures_missing, std::string(name),
               "signatures of " + std::to_string(who.threshold) + " keys", std::to_string(counted.size()));
}

}  // namespace sallyport::tuf
