// SPDX-License-Identifier: Apache-2.0
// Genuine packages of another tool (docs/spec/foreign.md), as bytes: signed with test keys, changed at will.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "testkit/package.h"

namespace sallyport::testkit {

struct ForeignParts {
  std::string meta =
      "TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\nCreated-By: Other\nEntry-Definitions: "
      "Definitions/mme.yaml\n"
      "Entry-Manifest: Definitions/mme.mf\n";  // empty: none
  std::string metadata =
      "metadata:\n    vnf_product_name: mme\n    vnf_provider_id: Acme\n    vnf_package_version: 1.0\n"
      "    vnf_release_date_time: 2025-01-01T10:00:00+03:00\n\n";
  Members files = {{"Definitions/mme.yaml", {'y'}}, {"Artifacts/image.bin", Bytes(5000, 'i')}};
  std::vector<const CodeSigner*> signers = {&acme()};  // none: not signed
  std::function<Bytes(BytesView)> sign = {};           // instead: the CMS over the octets, as DER
  std::function<void(std::string&)> edit_octets = {};  // that are going to be signed
  std::function<void(Members&)> edit_signed = {};      // as they will stand in the ZIP
};

Members foreign_members(const ForeignParts& parts);
Bytes make_foreign(const ForeignParts& parts = {});
std::string manifest_entry(const Member& member);  // Source, Algorithm, Hash and a blank line

// Option 2: mme.csar and mme.cms, and what else is wanted.
Bytes make_option_2(const Bytes& csar, const Bytes& signature, const Members& more = {});

// The same archive as other tools write it: every member deflated.
Bytes deflate_members(BytesView archive);
Bytes deflated(BytesView data);  // RFC 1951, raw

// The first one of `from` in `text`; aborts when there is none.
std::string replaced(std::string text, std::string_view from, std::string_view to);

}  // namespace sallyport::testkit
