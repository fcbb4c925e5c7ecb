// SPDX-License-Identifier: Apache-2.0
// One question from its first byte to its answer: who asks (guard.h), for what (routes.h), may they; and what is
// recorded of it (audit.h). A change that cannot be recorded is answered with 500.
#pragma once

#include "roles/server/guard.h"
#include "roles/server/routes.h"

namespace sallyport::server {

class Service final : public WebService {
 public:
  Service(World& world, Guard& guard) : world_(world), guard_(guard) {}
  WebBegun begin(const WebQuestion& question) override;
  WebAnswer refuse(unsigned status, const WebClient& client) override;
  void handshake_failed(const WebClient& client, const std::string& why) override;

 private:
  WebBegun decide(const WebQuestion& question);
  WebAnswer record_turned_away(const WebQuestion& question, Instant now, const TurnedAway& how);
  World& world_;
  Guard& guard_;
};

}  // namespace sallyport::server
