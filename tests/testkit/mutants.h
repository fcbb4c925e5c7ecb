// SPDX-License-Identifier: Apache-2.0
// Every lie about one good package: what an attacker without the vendor's key can make of its bytes, and what only
// somebody with a vendor's key could. Each is to be refused with the code that it names.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "core/base/bytes.h"

namespace sallyport::testkit {

struct Mutant {
  std::string id;    // row of the catalogue of attacks: "B07"
  std::string name;  // "local header with another CRC"
  Bytes bytes;
  std::set<Code> expected;  // any of these; one but for bits that are flipped inside of the signature
};

using TakeMutant = std::function<void(const Mutant&)>;

// The good package is one of our profile, signed, below 4 GiB.
void mutate_container(BytesView package, const TakeMutant& take);  // frames, headers, names
void mutate_contents(BytesView package, const TakeMutant& take);   // members and the manifest as they stand
// `sign` makes the .mf member, with its CMS, of other octets.
using SignManifest = std::function<Bytes(const std::string& octets)>;
void mutate_and_sign(BytesView package, const SignManifest& sign, const TakeMutant& take);

}  // namespace sallyport::testkit
