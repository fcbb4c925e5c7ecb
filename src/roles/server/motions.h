// SPDX-License-Identifier: Apache-2.0
// What orders and recalls have in common: an envelope that one person proposed and others sign, each bringing what is
// theirs. The server keeps signatures together and keeps out what could never count.
#pragma once

#include <functional>

#include "core/approve/ballot.h"
#include "core/format/dsse.h"
#include "roles/server/world.h"

namespace sallyport::server {

extern const std::vector<std::string_view> envelope_types;

struct Motion {
  std::string digest;    // of the payload
  std::string envelope;  // as it was proposed
};

struct JoinedMotion {
  Envelope envelope;  // with every signature that came since
  std::uint64_t added;
};

// What the database holds is somebody's text, too.
Result<JoinedMotion> join(World& world, const Motion& motion);

// An account brings what its own person signed. Absent: it does.
std::optional<WebAnswer> check_owner(World& world, const Call& call, const KeyId& key);

// Whether the signatures of an envelope can count, all of them together.
using CheckSignatures = std::function<Result<void>(BytesView envelope)>;

// One after the other, each decided on with all that are there: who comes second sees the first.
Result<WebAnswer> add_signatures(World& world, const Call& call, const Motion& motion, BytesView body,
                                 const CheckSignatures& check);

std::string_view word(approve::Standing standing);

// The parameter `after` of lists; absent: it is no number.
std::optional<std::uint64_t> number_after(const Target& target);

}  // namespace sallyport::server
