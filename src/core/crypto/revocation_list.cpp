// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/revocation_list.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <map>

#include "core/base/text.h"
#include "core/crypto/der.h"
#include "core/crypto/pem.h"
#include "core/crypto/signature_scheme.h"
#include "core/crypto/x509.h"

namespace sallyport {
namespace {

using Crl = openssl::Owned<X509_CRL, X509_CRL_free>;
using Serial = Bytes;  // content of the INTEGER

constexpr auto malformed = Code::crl_malformed;
constexpr std::size_t number_size_max = 20;

struct Word {
  RevocationReason reason;
  std::string_view text;
};
constexpr std::array<Word, 10> words{{{RevocationReason::unspecified, "unspecified"},
                                      {RevocationReason::key_compromise, "keyCompromise"},
                                      {RevocationReason::ca_compromise, "cACompromise"},
                                      {RevocationReason::affiliation_changed, "affiliationChanged"},
                                      {RevocationReason::superseded, "superseded"},
                                      {RevocationReason::cessation_of_operation, "cessationOfOperation"},
                                      {RevocationReason::certificate_hold, "certificateHold"},
                                      {RevocationReason::remove_from_crl, "removeFromCRL"},
                                      {RevocationReason::privilege_withdrawn, "privilegeWithdrawn"},
                                      {RevocationReason::aa_compromise, "aACompromise"}}};

Error refuse(const char* where, std::string expected, std::string found) {
  return Error(malformed, where, std::move(expected), std::move(found));
}

Bytes der_of(const X509_NAME* name) {
  return openssl::to_der(name, i2d_X509_NAME);
}

Bytes octets_of(const ASN1_STRING* text) {
  const auto* const data = ASN1_STRING_get0_data(text);
  return Bytes(data, data + ASN1_STRING_length(text));
}

Result<Instant> read_time(const ASN1_TIME* time, const char* where) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return refuse(where, "a time", "none");
  return Instant::from_seconds(std::max<std::int64_t>(0, ::timegm(&parts)));
}

// Every extension of the list or of an entry is known to be harmless, or it is refused: what is not understood may take
// away from what the list covers.
Result<void> check_extension(const X509_EXTENSION* extension, std::initializer_list<int> understood,
                             std::initializer_list<int> partial) {
  const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(const_cast<X509_EXTENSION*>(extension)));
  const auto is_one_of = [&](std::initializer_list<int> list) {
    return std::find(list.begin(), list.end(), nid) != list.end();
  };
  const char* const name = OBJ_nid2sn(nid) == nullptr ? "unknown" : OBJ_nid2sn(nid);
  if (is_one_of(partial)) return Error(Code::crl_unsupported, "extensions", "a complete list", name);
  if (is_one_of(understood) || X509_EXTENSION_get_critical(extension) == 0) return {};
  return Error(Code::crl_unsupported, "extensions", "no critical one that is not understood", name);
}

Result<void> check_extensions(const X509_CRL* crl) {
  for (int i = 0; i < X509_CRL_get_ext_count(crl); ++i) {
    TRY(check_extension(X509_CRL_get_ext(crl, i), {NID_crl_number, NID_authority_key_identifier},
                        {NID_delta_crl, NID_issuing_distribution_point}));
  }
  return {};
}

Result<RevocationReason> read_reason(const X509_REVOKED* entry) {
  int critical = -1;
  const openssl::Owned<ASN1_ENUMERATED, ASN1_ENUMERATED_free> value(
      static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, &critical, nullptr)));
  if (value == nullptr) {
    if (critical == -1) return RevocationReason::unspecified;
    return refuse("reason", "one that can be read", "another");
  }
  const auto reason = revocation_reason(ASN1_ENUMERATED_get(value.get()));
  // Only a delta list takes anything off.
  if (!reason || *reason == RevocationReason::remove_from_crl)
    return refuse("reason", "one of a complete list", reason ? "removeFromCRL" : "an unknown one");
  return *reason;
}

Result<std::map<Serial, Revoked>> read_entries(X509_CRL* crl) {
  std::map<Serial, Revoked> entries;
  STACK_OF(X509_REVOKED)* const stack = X509_CRL_get_REVOKED(crl);
  for (int i = 0; i < sk_X509_REVOKED_num(stack); ++i) {
    const X509_REVOKED* const entry = sk_X509_REVOKED_value(stack, i);
    for (int k = 0; k < X509_REVOKED_get_ext_count(entry); ++k) {
      TRY(check_extension(X509_REVOKED_get_ext(entry, k), {NID_crl_reason, NID_invalidity_date},
                          {NID_certificate_issuer}));
    }
    const auto at = TRY(read_time(X509_REVOKED_get0_revocationDate(entry), "revocationDate"));
    const auto reason = TRY(read_reason(entry));
    auto serial = octets_of(X509_REVOKED_get0_serialNumber(entry));
    if (!entries.emplace(std::move(serial), Revoked{at, reason}).second)
      return refuse("entries", "each serial number once", "one twice");
  }
  return entries;
}

Result<ListNumber> read_number(const X509_CRL* crl) {
  const openssl::Owned<ASN1_INTEGER, ASN1_INTEGER_free> number(
      static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(crl, NID_crl_number, nullptr, nullptr)));
  if (number == nullptr) return refuse("cRLNumber", "a number", "none");
  const auto bytes = octets_of(number.get());
  if (ASN1_STRING_type(number.get()) != V_ASN1_INTEGER || bytes.size() > number_size_max)
    return refuse("cRLNumber", "0 to 2^160-1", "another");
  return ListNumber::from_bytes(bytes);
}

// Empty: none.
Bytes key_identifier_of(const X509_CRL* crl) {
  const openssl::Owned<AUTHORITY_KEYID, AUTHORITY_KEYID_free> identifier(static_cast<AUTHORITY_KEYID*>(
      X509_CRL_get_ext_d2i(crl, NID_authority_key_identifier, nullptr, nullptr)));
  if (identifier == nullptr || identifier->keyid == nullptr) return {};
  return octets_of(identifier->keyid);
}

}  // namespace

std::string_view word(RevocationReason reason) {
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const Word& one) { return one.reason == reason; });
  CHECK(found != words.end());
  return found->text;
}

std::optional<RevocationReason> revocation_reason(std::string_view text) {
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const Word& one) { return one.text == text; });
  return found == words.end() ? std::nullopt : std::optional(found->reason);
}

std::optional<RevocationReason> revocation_reason(long number) {
  const auto found = std::find_if(words.begin(), words.end(),
                                  [&](const Word& one) { return static_cast<long>(one.reason) == number; });
  return found == words.end() ? std::nullopt : std::optional(found->reason);
}

ListNumber ListNumber::from_bytes(BytesView bytes) {
  const auto first = std::find_if(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte != 0; });
  return ListNumber(Bytes(first, bytes.end()));
}

Result<ListNumber> ListNumber::parse(std::string_view text, Code code) {
  const auto bytes = parse_hex(text, number_size_max);
  if (bytes.ok() && (bytes.value().empty() || bytes.value().front() != 0)) return ListNumber(bytes.value());
  return Error(code, "number", "up to 40 hexadecimal digits without leading zeros", printable(text));
}

std::strong_ordering ListNumber::operator<=>(const ListNumber& other) const {
  if (bytes_.size() != other.bytes_.size()) return bytes_.size() <=> other.bytes_.size();
  return std::lexicographical_compare_three_way(bytes_.begin(), bytes_.end(), other.bytes_.begin(),
                                                other.bytes_.end());
}

struct RevocationList::State {
  Crl crl;
  Bytes der;
  Bytes issuer;
  Bytes key_identifier;
  ListNumber number;
  Instant issued;
  Instant next;
  std::map<Serial, Revoked> entries;
};

Result<RevocationList> RevocationList::from_der(BytesView der) {
  const openssl::ErrorQueue queue;
  if (der.size() > revocation_list_size_max)
    return refuse("revocation list", "at most 4 MiB", std::to_string(der.size()) + " bytes");
  TRY(check_der(der, malformed));
  const unsigned char* at = der.data();
  Crl crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
  if (crl == nullptr || at != der.data() + der.size() ||
      openssl::to_der(crl.get(), i2d_X509_CRL) != copy(der))
    return refuse("revocation list", "a CRL in strict DER", "something else");
  if (X509_CRL_get_version(crl.get()) != X509_CRL_VERSION_2) return refuse("version", "2", "another");
  TRY(check_extensions(crl.get()));
  const auto issued = TRY(read_time(X509_CRL_get0_lastUpdate(crl.get()), "thisUpdate"));
  const auto next = TRY(read_time(X509_CRL_get0_nextUpdate(crl.get()), "nextUpdate"));
  if (next <= issued) return refuse("nextUpdate", "later than " + issued.print(), next.print());
  auto number = TRY(read_number(crl.get()));
  auto entries = TRY(read_entries(crl.get()));
  auto issuer = der_of(X509_CRL_get_issuer(crl.get()));
  auto identifier = key_identifier_of(crl.get());
  return RevocationList(
      std::make_shared<const State>(State{std::move(crl), copy(der), std::move(issuer), std::move(identifier),
                                          std::move(number), issued, next, std::move(entries)}));
}

Result<RevocationList> RevocationList::from_pem(std::string_view pem) {
  return from_der(TRY(parse_pem(pem, "X509 CRL", revocation_list_size_max, malformed)));
}

Result<RevocationList> RevocationList::from_file(BytesView bytes) {
  if (!bytes.empty() && bytes.front() == '-') return from_pem(as_text(bytes));
  return from_der(bytes);
}

std::string RevocationList::issuer() const {
  return openssl::print_name(X509_CRL_get_issuer(state_->crl.get()));
}
const ListNumber& RevocationList::number() const {
  return state_->number;
}
Instant RevocationList::issued() const {
  return state_->issued;
}
Instant RevocationList::next() const {
  return state_->next;
}
std::size_t RevocationList::size() const {
  return state_->entries.size();
}
BytesView RevocationList::der() const {
  return state_->der;
}

Sha256Digest RevocationList::series() const {
  Hasher hasher(Sha2::sha256);
  hasher.update(state_->issuer);
  hasher.update(state_->key_identifier);
  return hasher.finish_sha256();
}

std::vector<Sha256Digest> RevocationList::series_of(const Certificate& authority) {
  const auto x509 = openssl::to_x509(authority);
  Bytes name = der_of(X509_get_subject_name(x509.get()));
  std::vector<Sha256Digest> all{sha256(name)};
  if (const auto* const own = X509_get0_subject_key_id(x509.get())) {
    const auto identifier = octets_of(own);
    name.insert(name.end(), identifier.begin(), identifier.end());
    all.push_back(sha256(name));
  }
  return all;
}

RevocationList::Of RevocationList::of(const Certificate& authority) const {
  const auto x509 = openssl::to_x509(authority);
  if (der_of(X509_get_subject_name(x509.get())) != state_->issuer) return Of::another;
  const auto* const own = X509_get0_subject_key_id(x509.get());
  if (own == nullptr || state_->key_identifier.empty()) return Of::this_authority;
  return octets_of(own) == state_->key_identifier ? Of::this_authority : Of::another;
}

Result<void> RevocationList::verify(const Certificate& authority) const {
  const openssl::ErrorQueue queue;
  const auto x509 = openssl::to_x509(authority);
  if ((X509_get_extension_flags(x509.get()) & EXFLAG_KUSAGE) != 0 &&
      (X509_get_key_usage(x509.get()) & KU_CRL_SIGN) == 0) {
    return Error(Code::certificate_usage_refused, authority.subject(), "key usage cRLSign", "none");
  }
  const X509_ALGOR* algorithm = nullptr;
  X509_CRL_get0_signature(state_->crl.get(), nullptr, &algorithm);
  TRY(check_algorithm_and_key(algorithm, x509.get()));
  EVP_PKEY* const key = X509_get0_pubkey(x509.get());
  if (key != nullptr && X509_CRL_verify(state_->crl.get(), key) == 1) return {};
  return Error(Code::crl_signature_invalid, "list of " + issuer(), "signed by " + authority.subject(),
               "not so");
}

std::optional<Revoked> RevocationList::find(const Certificate& certificate) const {
  const auto x509 = openssl::to_x509(certificate);
  const auto found = state_->entries.find(octets_of(X509_get0_serialNumber(x509.get())));
  return found == state_->entries.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace sallyport
