// SPDX-License-Identifier: Apache-2.0
// The SOL004 manifest (ETSI GS NFV-SOL 004 clause 4.3, option 1): metadata, one entry a member, the CMS at
// its end.
//
// The signed octets are every byte before the line `-----BEGIN CMS-----`. There is exactly one BEGIN and one
// END line and END is the last non-blank line, but for one `POST-QUANTUM CMS` over the same octets right behind it.
// Only the signed octets are ever parsed, and only after the signature was verified: that is why splitting and parsing
// are two functions.
#pragma once

#include <string>
#include <vector>

#include "core/base/path.h"
#include "core/base/time.h"
#include "core/crypto/digest.h"

namespace sallyport {

struct SplitManifest {
  BytesView signed_octets;  // views into the bytes given
  BytesView cms_block;      // the PEM text from BEGIN to END
  BytesView second_block;   // the POST-QUANTUM CMS behind it; empty: there is none
};

// signature_missing when there is no CMS block; manifest_malformed when there is not exactly one, with at most one
// second one behind it, at the end.
Result<SplitManifest> split_manifest(BytesView manifest);

struct ManifestEntry {
  RelativePath source;
  Sha2 algorithm;
  Bytes digest;  // of the algorithm's length
};

struct Manifest {
  std::string provider;                // vnf_provider_id
  std::string product;                 // vnf_product_name
  std::string version;                 // vnf_package_version
  Instant released;                    // vnf_release_date_time
  std::vector<ManifestEntry> entries;  // every Source exactly once
};

// Of the signed octets. Refuses with manifest_malformed or manifest_algorithm_refused.
Result<Manifest> parse_manifest(BytesView signed_octets);
std::string print_manifest(const Manifest& manifest);  // without the CMS block; parse(print(m)) == m

}  // namespace sallyport
