// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/ocsp.h"

#include <openssl/ocsp.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "core/crypto/cms_chain.h"
#include "core/crypto/der.h"
#include "core/crypto/signature_scheme.h"
#include "core/crypto/x509.h"

namespace sallyport {
namespace {

using Response = openssl::Owned<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using BasicResponse = openssl::Owned<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using CertificateId = openssl::Owned<OCSP_CERTID, OCSP_CERTID_free>;

constexpr auto malformed = Code::ocsp_malformed;
constexpr int answers_max = 8;

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};

Error refuse(const char* where, const char* expected, const char* found) {
  return Error(malformed, where, expected, found);
}
Error invalid(const char* where, std::string expected, std::string found) {
  return Error(Code::ocsp_invalid, where, std::move(expected), std::move(found));
}

Result<Instant> read_time(const ASN1_GENERALIZEDTIME* time, const char* where) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return refuse(where, "a time", "none");
  return Instant::from_seconds(std::max<std::int64_t>(0, ::timegm(&parts)));
}

struct Answer {
  OCSP_SINGLERESP* single;
  std::optional<OcspStatus> status;  // nothing: unknown to the responder
};

Result<std::optional<Revoked>> read_revoked(int reason, const ASN1_GENERALIZEDTIME* time) {
  const auto at = TRY(read_time(time, "revocationTime"));
  const auto known = reason == OCSP_REVOKED_STATUS_NOSTATUS ? RevocationReason::unspecified
                                                            : revocation_reason(static_cast<long>(reason));
  if (!known || *known == RevocationReason::remove_from_crl)
    return refuse("reason", "one of a revoked certificate", "another");
  return std::optional(Revoked{at, *known});
}

Result<Answer> read_answer(OCSP_SINGLERESP* single) {
  int reason = -1;
  ASN1_GENERALIZEDTIME* revoked_at = nullptr;
  ASN1_GENERALIZEDTIME* issued_at = nullptr;
  ASN1_GENERALIZEDTIME* next_at = nullptr;
  const int status = OCSP_single_get0_status(single, &reason, &revoked_at, &issued_at, &next_at);
  const auto issued = TRY(read_time(issued_at, "thisUpdate"));
  const auto next = TRY(read_time(next_at, "nextUpdate"));
  if (next <= issued) return refuse("nextUpdate", "later than thisUpdate", "not so");
  for (int i = 0; i < OCSP_SINGLERESP_get_ext_count(single); ++i) {
    if (X509_EXTENSION_get_critical(OCSP_SINGLERESP_get_ext(single, i)) != 0)
      return refuse("extensions", "none that is critical", "one");
  }
  if (status == V_OCSP_CERTSTATUS_GOOD) return Answer{single, OcspStatus{issued, next, std::nullopt}};
  if (status == V_OCSP_CERTSTATUS_UNKNOWN) return Answer{single, std::nullopt};
  if (status != V_OCSP_CERTSTATUS_REVOKED) return refuse("status", "good, revoked or unknown", "another");
  const auto revoked = TRY(read_revoked(reason, revoked_at));
  return Answer{single, OcspStatus{issued, next, revoked}};
}

enum class About : std::uint8_t { this_certificate, another };

// The identifier is made by digests of the responder's choice; that of an old kind binds nothing, the signature does.
Result<About> is_about(const Answer& answer, X509* certificate, X509* authority) {
  auto* const id = const_cast<OCSP_CERTID*>(OCSP_SINGLERESP_get0_id(answer.single));
  ASN1_OBJECT* algorithm = nullptr;
  if (OCSP_id_get0_info(nullptr, &algorithm, nullptr, nullptr, id) != 1)
    return refuse("certID", "one that can be read", "another");
  const EVP_MD* const digest = EVP_get_digestbyobj(algorithm);
  if (digest == nullptr) return About::another;
  const CertificateId own(OCSP_cert_to_id(digest, certificate, authority));
  if (own == nullptr) return Error(Code::internal_error, "OCSP certificate identifier");
  return OCSP_id_cmp(own.get(), id) == 0 ? About::this_certificate : About::another;
}

// The authority itself, or whom it has charged with answering.
Result<void> check_responder(const Certificate& signer, const Certificate& authority, Instant at) {
  if (signer.fingerprint() == authority.fingerprint()) return {};
  const auto chain = find_chain(signer, {}, {authority}, ChainUse::ocsp_answers, at);
  if (!chain.ok()) {
    const auto& error = chain.error();
    if (kind_of(error.code) == Kind::fault) return error;
    return invalid("responder", authority.subject() + " or a responder of it",
                   signer.subject() + ": " + std::string(name(error.code)));
  }
  const auto x509 = openssl::to_x509(signer);
  if (X509_get_ext_by_NID(x509.get(), NID_id_pkix_OCSP_noCheck, -1) >= 0) return {};
  return invalid("responder", "a certificate with id-pkix-ocsp-nocheck", signer.subject());
}

}  // namespace

struct OcspResponse::State {
  BasicResponse basic;
  Bytes der;
  std::vector<Answer> answers;

  Result<Certificate> signer(X509* authority) const;
  // Who signed it: the authority, or whom it charged.
  Result<Certificate> verify(const Certificate& authority, Instant at) const;
};

Result<OcspResponse> OcspResponse::from_der(BytesView der) {
  const openssl::ErrorQueue queue;
  if (der.size() > ocsp_response_size_max) return refuse("OCSP response", "at most 64 KiB", "more");
  TRY(check_der(der, malformed));
  const unsigned char* at = der.data();
  const Response response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size())));
  if (response == nullptr || at != der.data() + der.size() ||
      openssl::to_der(response.get(), i2d_OCSP_RESPONSE) != copy(der))
    return refuse("OCSP response", "one in strict DER", "something else");
  if (OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL)
    return refuse("OCSP response", "a successful one", "another");
  BasicResponse basic(OCSP_response_get1_basic(response.get()));
  if (basic == nullptr) return refuse("OCSP response", "a basic one", "another");
  const int count = OCSP_resp_count(basic.get());
  if (count < 1 || count > answers_max) return refuse("answers", "1 to 8", "another number");
  std::vector<Answer> answers;
  for (int i = 0; i < count; ++i) answers.push_back(TRY(read_answer(OCSP_resp_get0(basic.get(), i))));
  return OcspResponse(std::make_shared<const State>(State{std::move(basic), copy(der), std::move(answers)}));
}

Result<Certificate> OcspResponse::State::signer(X509* authority) const {
  const std::unique_ptr<STACK_OF(X509), FreeStack> others(sk_X509_new_null());
  if (others == nullptr || sk_X509_push(others.get(), authority) <= 0)
    return Error(Code::internal_error, "certificate stack");
  X509* found = nullptr;
  if (OCSP_resp_get0_signer(basic.get(), &found, others.get()) != 1 || found == nullptr)
    return invalid("responder", "its certificate", "none");
  auto certificate = Certificate::from_der(openssl::to_der(found, i2d_X509));
  if (!certificate.ok()) return refuse("responder", "a certificate", "something else");
  return certificate;
}

Result<Certificate> OcspResponse::State::verify(const Certificate& authority, Instant at) const {
  const auto authority_x509 = openssl::to_x509(authority);
  const auto certificate = TRY(signer(authority_x509.get()));
  TRY(check_responder(certificate, authority, at));
  const auto x509 = openssl::to_x509(certificate);
  TRY(check_algorithm_and_key(OCSP_resp_get0_tbs_sigalg(basic.get()), x509.get()));
  const std::unique_ptr<STACK_OF(X509), FreeStack> trusted(sk_X509_new_null());
  if (trusted == nullptr || sk_X509_push(trusted.get(), x509.get()) <= 0)
    return Error(Code::internal_error, "certificate stack");
  // Whose certificate it is was decided above; what is left is the signature.
  if (OCSP_basic_verify(basic.get(), trusted.get(), nullptr, OCSP_TRUSTOTHER) == 1) return certificate;
  return invalid("signature", "one by " + certificate.subject(), "one that does not fit");
}

Result<std::optional<OcspStatus>> OcspResponse::status_of(const Certificate& certificate,
                                                          const Certificate& authority) const {
  const openssl::ErrorQueue queue;
  const auto x509 = openssl::to_x509(certificate);
  const auto authority_x509 = openssl::to_x509(authority);
  std::optional<OcspStatus> status;
  for (const auto& answer : state_->answers) {
    if (TRY(is_about(answer, x509.get(), authority_x509.get())) == About::another || !answer.status) continue;
    if (status) return refuse("answers", "one about each certificate", "two");
    status = answer.status;
  }
  if (!status) return status;
  // Nobody can revoke a responder's key: only the end of its certificate ends it. The time in an answer may have been
  // written by whoever has the key since.
  const auto responder = TRY(state_->verify(authority, status->issued));
  status->next = std::min(status->next, responder.not_after());
  return status;
}

std::string OcspResponse::responder() const {
  const ASN1_OCTET_STRING* id = nullptr;
  const X509_NAME* name = nullptr;
  if (OCSP_resp_get0_id(state_->basic.get(), &id, &name) != 1) return "(unreadable)";
  if (name != nullptr) return openssl::print_name(name);
  return "key " + hex(BytesView(ASN1_STRING_get0_data(id), static_cast<std::size_t>(ASN1_STRING_length(id))));
}
BytesView OcspResponse::der() const {
  return state_->der;
}

}  // namespace sallyport
