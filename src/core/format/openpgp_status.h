// SPDX-License-Identifier: Apache-2.0
// What gpgv says on its status descriptor (GnuPG's doc/DETAILS): lines of "[GNUPG:] WORD ARGUMENTS". docs/spec/wrap.md.
//
// Refused, the first that applies:
//   publisher_signature_invalid   BADSIG; what is no signature; a word that is known and not of its form
//   publisher_algorithm_refused   a signature that holds, and whose digest is other than SHA-256, SHA-384 or SHA-512;
//                                 only signatures by a key of the keyring whose digest gpgv refuses (SHA-1, MD5), or
//                                 that is too small
//   publisher_unknown             no signature is by a key of the keyring that is neither expired nor revoked
//   publisher_signature_missing   there is none at all
// Other signatures, by keys that are not in the keyring, say nothing: lists of distributions carry several.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace sallyport {

constexpr std::size_t openpgp_status_size_max = 64U << 10U;

// What is known of keys beside what one run of gpgv says; by their fingerprints, in lower case.
struct OpenPgpKnown {
  std::set<std::string> revoked;  // by another keyring
  std::set<std::string> weak;     // too small (openpgp_keyring.h)
};

// What a run of gpgv brought.
struct OpenPgpAnswer {
  std::string status;
  Bytes text;  // that was signed, where it was signed in clear
  OpenPgpKnown known = {};
};

struct OpenPgpSignature {
  std::string key;      // the fingerprint of the primary key: 40 or 64 hexadecimal digits, lower case
  std::string user_id;  // the first that gpgv names; of the key's owner, for people
};

// Whether line ends and blanks before them are part of what was signed (RFC 9580, 5.2.1: class 00), or not (01, of text
// that is signed in clear): a signature of the other class fits other bytes as well.
enum class OpenPgpCovers : std::uint8_t { bytes, text };
// The first signature that counts.
Result<OpenPgpSignature> parse_openpgp_status(std::string_view status, OpenPgpCovers covers,
                                              const OpenPgpKnown& known = {});

// The keys of which it says that they made a signature and are revoked.
std::set<std::string> revoked_openpgp_keys(std::string_view status);

}  // namespace sallyport
