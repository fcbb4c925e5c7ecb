// SPDX-License-Identifier: Apache-2.0
// Stops an order that is out already: a signed statement that beats it wherever it is known. Refused before the key is
// used: an order that does not verify, a person without a role of the pool.
#pragma once

#include "adapters/signer/port.h"
#include "core/format/stop.h"
#include "core/trust/order.h"

namespace sallyport::deploy {

struct StopRequest {
  BytesView order;  // the order file
  const Policy& policy;
  PersonId person;
  std::string reason;
  Instant now;
};

struct Stopped {
  StopOrder stop;
  std::string envelope;  // the stop order's file
};

Result<Stopped> stop_order(const StopRequest& request, Signer& signer);

}  // namespace sallyport::deploy
