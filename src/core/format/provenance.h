// SPDX-License-Identifier: Apache-2.0
// Where a wrapped release came from: Files/Provenance of a package. docs/spec/wrap.md.
//
// provenance.json names every file that went in, and each of them is a member beside it. What the publisher's signature
// is worth was decided by whoever wrapped the release; that the record fits the package is checked by everybody.
#pragma once

#include <string>
#include <vector>

#include "core/base/path.h"
#include "core/crypto/digest.h"
#include "core/format/describe.h"
#include "core/format/manifest.h"
#include "core/format/zip.h"

namespace sallyport {

constexpr std::uint64_t provenance_size_max = 1ULL << 20U;
constexpr std::size_t originals_max = 4000;

enum class InputKind : std::uint8_t { tar, deb, oci, csar, rpm };
enum class SignerForm : std::uint8_t { cms, raw, openpgp, policy, digest };
enum class OriginalRole : std::uint8_t { payload, signature, index, publisher_key };
std::string_view name(InputKind kind);
std::string_view name(SignerForm form);

struct PublisherSigner {
  SignerForm form;
  std::string key;   // hexadecimal; of what: docs/spec/wrap.md
  std::string name;  // for people
};

std::string describe_signer(const PublisherSigner& signer);  // "signed by NAME, key 0123…", in one line

struct Original {
  RelativePath name;  // below Files/Provenance/originals
  OriginalRole role;
  std::uint64_t size;
  Sha256Digest sha256;
};

struct ProvenanceInput {
  InputKind kind;
  RelativePath original;
  PublisherSigner signer;
  std::vector<RelativePath> chain;          // of originals: what proves it, from the signature down
  std::vector<std::string> not_run;         // scripts that were left out
  std::string member = {};                  // of the original: what was unpacked; empty: all of it
  std::vector<std::string> tolerated = {};  // csar: deviations that were passed over (tolerance.h); sorted
};

struct Provenance {
  std::string tool;
  std::vector<ProvenanceInput> inputs;
  std::uint64_t laid_over;  // entries of the tree that came from elsewhere
  std::vector<Original> originals;
};

// provenance_malformed: of another form or spelling, names that are no originals, nothing that was wrapped.
Result<std::string> print_provenance(const Provenance& provenance);
Result<Provenance> parse_provenance(BytesView json);

const RelativePath& provenance_record();                   // Files/Provenance/provenance.json
RelativePath provenance_member(const RelativePath& name);  // of the original of this name

// Those of `names` that lie below Files/Provenance, in the one order in which they are members; the record comes first,
// whether it is among them or not. None where none does.
std::vector<RelativePath> provenance_members(const std::vector<RelativePath>& names);

// The originals are exactly the members below Files/Provenance/originals, with the sizes of the directory and the
// digests of the manifest (provenance_malformed).
Result<void> check_provenance(const Provenance& provenance, const ZipDirectory& directory,
                              const Manifest& manifest);

// For people.
std::vector<Field> provenance_fields(const Provenance& provenance);
std::string describe_provenance(const Provenance& provenance);  // in one line

}  // namespace sallyport
