// SPDX-License-Identifier: Apache-2.0
// What keys are in an OpenPGP keyring (RFC 9580, 4.2 and 5.5), as far as gpgv does not tell it: how large they are, and
// whether a key is there more than once. Nothing is verified; whether a key may sign is said by gpgv.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

constexpr unsigned openpgp_key_bits_min = 2048;

struct OpenPgpKey {
  std::string fingerprint;  // 40 hexadecimal digits, lower case; empty for versions other than 4
  unsigned algorithm;       // of RFC 9580, 9.1
  unsigned bits;            // of the modulus of RSA, of the prime of DSA; of other keys 0
};

// Of all keys and subkeys, in their order. usage_error: not whole packets from the first byte to the last.
Result<std::vector<OpenPgpKey>> openpgp_keys(BytesView keyring);
// Those of RSA and DSA that are too small, by fingerprint.
std::set<std::string> openpgp_weak_keys(const std::vector<OpenPgpKey>& keys);

// Keyrings that have each key once, in order: of a key that is there twice, gpgv looks at the first one alone, and the
// second may say that it is revoked. A keybox of GnuPG becomes packets.
Result<std::vector<Bytes>> openpgp_keyrings(BytesView file);

}  // namespace sallyport
