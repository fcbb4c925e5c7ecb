// SPDX-License-Identifier: Apache-2.0
// Time stamps, revocation lists and OCSP responses, genuine unless an option says otherwise.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "testkit/forge.h"
#include "testkit/pki.h"

namespace sallyport::testkit {

// A certificate for time stamps.
CertificateOptions stamper_options(std::string common_name = "Stamp Key");

struct StampOptions {
  std::string time = "20260615110000Z";  // an hour before noon()
  Bytes imprint_algorithm = digest_identifier(Sha2::sha256);
  std::optional<Bytes> imprint;  // nothing: that of the signature
  Bytes accuracy;                // DER; empty: none
  std::optional<Bytes> nonce;    // content of the INTEGER
  Bytes tail;                    // DER, behind everything
  std::uint8_t info_version = 1;
  std::optional<std::vector<Bytes>> attributes;  // nothing: those that belong there
  std::vector<Certificate> others;               // in the token, besides the signer's
  Bytes algorithm = ecdsa_identifier(Sha2::sha256);
  SignFunction sign = plain(Sha2::sha256);
};
Bytes make_time_stamp(const Identity& authority, BytesView signature, StampOptions options = {});
Bytes signing_certificate_v2(const Certificate& certificate);
Bytes time_stamp_reply(const Bytes& token, std::uint8_t status = 0);

struct ListedCertificate {
  Certificate certificate;
  std::string at = "20260610000000Z";
  long reason = -1;  // -1: none is given
};
struct ListOptions {
  std::optional<long> number = 7;
  std::string issued = "20260615000000Z";
  std::string next = "20260616000000Z";
  std::vector<ListedCertificate> entries;
  std::vector<std::pair<int, std::string>> extensions;        // NID and value, as in OpenSSL's configuration
  std::vector<std::pair<int, std::string>> entry_extensions;  // of every entry
  std::string digest = "SHA256";
  long version = 1;  // v2
};
Bytes make_list(const Authority& authority, const ListOptions& options = {});
std::string list_pem(const Bytes& der);

struct ResponseOptions {
  std::string issued = "20260615000000Z";
  std::string next = "20260616000000Z";  // empty: none
  std::optional<ListedCertificate> revoked;
  enum class Status : std::uint8_t { good, revoked, unknown } status = Status::good;
  bool and_good = false;  // a second answer about the same certificate
};
// About `certificate` of `authority`, signed by `responder`.
Bytes make_ocsp_response(const Certificate& certificate, const Authority& authority, EVP_PKEY* responder_key,
                         const Certificate& responder, const ResponseOptions& options = {});

}  // namespace sallyport::testkit
