// SPDX-License-Identifier: Apache-2.0
// OCSP responses (RFC 6960) that came with a signature (RFC 5940): an authority's own word on one of its
// certificates, without asking it.
//
// from_der refuses with ocsp_malformed what is not a successful basic response in strict DER of at most 64 KiB
// with 1 to 8 answers, each with thisUpdate before nextUpdate. It proves nothing yet; status_of verifies.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/crypto/revocation_list.h"

namespace sallyport {

constexpr std::size_t ocsp_response_size_max = 65536;

struct OcspStatus {
  Instant issued;
  Instant next;                    // and not after the responder's certificate ends
  std::optional<Revoked> revoked;  // nothing: good
};

class OcspResponse {
 public:
  static Result<OcspResponse> from_der(BytesView der);

  // Nothing when it says nothing about this certificate, or that it does not know it. Else it has to be signed by
  // the authority itself, or by a certificate of use OCSPSigning that the authority issued, that was valid when it
  // answered and that says that it needs no check of its own (id-pkix-ocsp-nocheck): ocsp_invalid.
  Result<std::optional<OcspStatus>> status_of(const Certificate& certificate,
                                              const Certificate& authority) const;
  std::string responder() const;  // for people
  BytesView der() const;

 private:
  struct State;
  explicit OcspResponse(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace sallyport
