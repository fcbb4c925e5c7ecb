// SPDX-License-Identifier: Apache-2.0
// Certificate revocation lists (X.509 v2, RFC 5280 section 5) as values: complete lists of one authority, each with its
// number.
//
// from_der refuses unless every line holds:
//   crl_malformed     strict DER of at most 4 MiB, version 2, thisUpdate before nextUpdate (which has to be there), a
//                     number (cRLNumber) of at most 20 bytes that is not negative, no serial number twice, reasons that
//                     a complete list may give
//   crl_unsupported   no delta, no indirect and no partitioned list (deltaCRLIndicator, issuingDistributionPoint,
//                     certificateIssuer), and nothing critical that is not understood
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto/certificate.h"

namespace sallyport {

// CRLReason, by its numbers. unspecified: also where the list says nothing.
enum class RevocationReason : std::uint8_t {
  unspecified = 0,
  key_compromise = 1,
  ca_compromise = 2,
  affiliation_changed = 3,
  superseded = 4,
  cessation_of_operation = 5,
  certificate_hold = 6,
  remove_from_crl = 8,
  privilege_withdrawn = 9,
  aa_compromise = 10,
};
std::string_view word(RevocationReason reason);  // "keyCompromise": as the standard spells it
std::optional<RevocationReason> revocation_reason(std::string_view word);
std::optional<RevocationReason> revocation_reason(long number);

struct Revoked {
  Instant at;
  RevocationReason reason;
};

// A cRLNumber: compared as numbers.
class ListNumber {
 public:
  // Big endian, without leading zeros; at most 20 bytes.
  static ListNumber from_bytes(BytesView bytes);
  static Result<ListNumber> parse(std::string_view hex, Code code);
  std::string text() const { return hex(bytes_); }  // hexadecimal; empty for 0
  std::strong_ordering operator<=>(const ListNumber& other) const;
  bool operator==(const ListNumber&) const = default;

 private:
  explicit ListNumber(Bytes bytes) : bytes_(std::move(bytes)) {}
  Bytes bytes_;
};

constexpr std::size_t revocation_list_size_max = 4U << 20U;
constexpr std::size_t revocation_list_text_max = 6U << 20U;  // as PEM

class RevocationList {
 public:
  static Result<RevocationList> from_der(BytesView der);
  static Result<RevocationList> from_pem(std::string_view pem);  // one PEM block "X509 CRL"
  static Result<RevocationList> from_file(BytesView bytes);      // either

  std::string issuer() const;  // RFC 2253 text, printable
  const ListNumber& number() const;
  Instant issued() const;  // thisUpdate
  Instant next() const;    // nextUpdate
  std::size_t size() const;
  BytesView der() const;
  // SHA-256 of the issuer's name and, if the list has one, the identifier of its key: lists of one authority share it.
  Sha256Digest series() const;
  // What lists of this authority may have as their series.
  static std::vector<Sha256Digest> series_of(const Certificate& authority);

  // It says to be of this authority: name, and key identifier where both have one.
  enum class Of : std::uint8_t { this_authority, another };
  Of of(const Certificate& authority) const;
  // crl_signature_invalid, signature_algorithm_refused, certificate_usage_refused (key usage without cRLSign).
  Result<void> verify(const Certificate& authority) const;

  std::optional<Revoked> find(const Certificate& certificate) const;

 private:
  struct State;
  explicit RevocationList(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

// The highest number that was seen of each series: what is older could hide a revocation.
using ListFloors = std::map<Sha256Digest, ListNumber>;

}  // namespace sallyport
