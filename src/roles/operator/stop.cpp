// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/stop.h"

#include "core/base/text.h"
#include "core/format/statement.h"
#include "core/trust/stop.h"
#include "roles/operator/person.h"

namespace sallyport::deploy {

Result<Stopped> stop_order(const StopRequest& request, Signer& signer) {
  const auto proposed = TRY(trust::order_as_proposed(request.order, request.policy, request.now));
  TRY(check_person(request.policy, request.person, signer.public_key()));
  if (request.reason.size() > 1000 || !is_plain_text(request.reason)) {
    return Error(Code::usage_error, "--reason", "one line of plain text, at most 1000 bytes",
                 printable(request.reason.substr(0, 100)));
  }
  const auto& order = proposed->order;
  StopOrder stop{.package_name = order.package_name,
                 .package = order.package,
                 .order = proposed->digest,
                 .pool = order.pool,
                 .sequence = order.sequence,
                 .person = request.person,
                 .time = request.now,
                 .reason = request.reason};
  const auto payload = print_stop(stop);
  Envelope envelope{std::string(statement_payload_type), copy(as_bytes(payload)), {}};
  TRY(add_signature(envelope, statement_payload_type, signer));
  auto file = print_envelope(envelope);
  TRY(trust::stop(as_bytes(file), request.policy, request.now));
  return Stopped{std::move(stop), std::move(file)};
}

}  // namespace sallyport::deploy
