// SPDX-License-Identifier: Apache-2.0
#include "core/approve/signer.h"

namespace sallyport::approve {

Result<KeyHolder> holder_of(const Policy& policy, const KeyId& id, Instant at, Code unknown) {
  const auto* person = policy.owner_of(id);
  const auto* key = policy.find_key(id);
  if (person == nullptr || key == nullptr) {
    return Error(unknown, "key " + id.brief(), "the key of a person of the policy", id.text());
  }
  if (person->revoked_at && at >= *person->revoked_at) {
    return Error(Code::signer_revoked, person->id.text(), "a person who is not revoked",
                 "revoked at " + person->revoked_at->print());
  }
  const std::string where = person->id.text() + ", key " + id.brief();
  switch (term_at(key->validity, at)) {
    case Term::running:
      TRY(check_algorithm_ends(policy.algorithm_ends, key->key.algorithm(), where, at));
      return KeyHolder{person, key};
    case Term::revoked:
      return Error(Code::signer_revoked, where, "a key that is not revoked", describe(key->validity));
    case Term::not_begun:
    case Term::over:
      break;
  }
  return Error(Code::signer_key_not_valid, where, "a key that is valid at " + at.print(),
               describe(key->validity));
}

}  // namespace sallyport::approve
