// SPDX-License-Identifier: Apache-2.0
// What a node takes in besides releases: the next policy, and stop orders. Neither touches what runs.
#pragma once

#include "core/format/stop.h"
#include "core/trust/policy_change.h"
#include "roles/node/books.h"
#include "roles/node/ports.h"

namespace sallyport::node {

struct PolicyReport {
  std::uint64_t before;
  std::uint64_t version;
  Sha256Digest policy;
  Checks checks;
  std::optional<Error> left_out;  // this node, by the new one: it takes no orders then
};

// The next version of the policy, signed by the officers of the one in force and by its own:
// core/trust/policy_change.h.
// Every order that rests on the one before is void from then on. One that no longer names this node is taken, too.
Result<PolicyReport> change_policy(const Ports& ports, BytesView envelope);
Result<PolicyReport> preview_policy(const Ports& ports, BytesView envelope);

struct StopReport {
  StopOrder stop;
  enum class Effect : std::uint8_t {
    stopped,      // the order can no longer be used here
    known,        // a stop order said so before
    was_used,     // the order was carried out before; what runs is not touched
    interrupted,  // its installation was begun, and is not finished any more
  } effect;
};

// Of an order of this node's pool, else order_other_pool.
Result<StopReport> take_stop(const Ports& ports, BytesView envelope);
// What it would do; changes nothing and needs no lock.
Result<StopReport> look_at_stop(const Ports& ports, const Books& books, BytesView envelope);

// A signed statement names this time: the node's floor goes up, if it is not far ahead of its clock.
Result<void> note_time(Books& books, Instant time, const Ports& ports);

struct ListReport {
  std::string authority;
  std::string number;
  Instant issued;
  Instant next;
  std::uint64_t revoked;  // certificates
  enum class Effect : std::uint8_t { kept, known } effect;
};

// A revocation list, for installations from now on: of an authority that the policy names, or of an intermediate one
// below it, which stands among `issuers` with the others up to the anchor; its chain is judged as of when the list was
// issued. Refuses with the rules of revocation_list.h and of chains (cms.h), signer_unknown (of no such authority),
// crl_rollback (older than one that was seen here).
Result<ListReport> take_list(const Ports& ports, BytesView file,
                             const std::vector<Certificate>& issuers = {});
// What it would do.
Result<ListReport> look_at_list(const Books& books, BytesView file, const std::vector<Certificate>& issuers);

}  // namespace sallyport::node
