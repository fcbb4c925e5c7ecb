// SPDX-License-Identifier: Apache-2.0
// What tests of examinations share.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "core/trust/examine.h"
#include "testkit/foreign.h"
#include "testkit/forge.h"
#include "testkit/package.h"
#include "testkit/statements.h"

namespace sallyport::for_test {

inline const Policy& acme_policy() {
  static const Policy policy = testkit::make_policy(testkit::acme().anchor_pem());
  return policy;
}

inline trust::Examination examine(BytesView bytes, const Tolerances& tolerances = {},
                                  const Policy& policy = acme_policy()) {
  InlineWorkers workers;
  const MemorySource file(bytes);
  auto result = trust::examine({file, policy, testkit::test_time(), tolerances, workers, [] {
                                  return Result<std::unique_ptr<Scratch>>(std::make_unique<MemoryScratch>());
                                }});
  CHECK(result.ok());
  return std::move(result).value();
}

inline std::set<Code> codes_of(const trust::Examination& examination) {
  std::set<Code> codes;
  for (const auto& finding : examination.findings.sorted()) codes.insert(finding.code);
  return codes;
}

inline std::string text_of(const trust::Examination& examination) {
  std::string text;
  for (const auto& finding : examination.findings.sorted()) {
    text += std::string(name(finding.code)) + " " + finding.where + ": " + finding.expected + ", " +
            finding.found + "\n";
  }
  return text;
}

// What is proved has no finding, and what has one is not proved.
inline bool is_consistent(const trust::Examination& examination) {
  const bool proved = examination.package.has_value() || examination.foreign.has_value();
  return proved == examination.findings.none();
}

using Codes = std::set<Code>;

// What is wrong, whatever is tolerated. With internal_error where a tolerance changes it, or where what is wrong is
// proved, or what is right is not.
inline Codes codes(BytesView bytes, const Policy& policy = acme_policy()) {
  Tolerances all;
  for (const auto& info : all_tolerances()) all.insert(info.what);
  const auto strict = examine(bytes, {}, policy);
  auto found = codes_of(strict);
  if (!is_consistent(strict) || codes_of(examine(bytes, all, policy)) != found)
    found.insert(Code::internal_error);
  return found;
}

inline const Bytes image(5000, 'i');  // Artifacts/image.bin of ForeignParts

inline Bytes unsigned_csar() {
  testkit::ForeignParts parts;
  parts.signers.clear();
  return testkit::make_foreign(parts);
}

// One whose signatures need not carry its certificate.
struct Vendor {
  testkit::Authority authority = testkit::Authority::root("Acme root");
  testkit::Identity identity = testkit::make_identity(authority);
  Policy policy = testkit::make_policy(authority.certificate().pem());
  std::string pem = identity.certificate.pem();
  Bytes der = copy(identity.certificate.der());

  enum class Inside : std::uint8_t { with_certificate, without };
  Bytes sign(BytesView content, Inside inside) const {
    testkit::ForgedCms options;
    options.signers.push_back({identity,
                               testkit::digest_identifier(Sha2::sha256),
                               testkit::ecdsa_identifier(Sha2::sha256),
                               testkit::plain(Sha2::sha256),
                               {},
                               Sha2::sha256});
    if (inside == Inside::without) options.certificates = std::vector<Bytes>();
    return testkit::forge_cms(content, options);
  }
  // Signed without a certificate; `more` stands beside, and is unlisted.
  Codes beside(const testkit::Members& more, const std::string& meta_line = {},
               Inside inside = Inside::without) const {
    testkit::ForeignParts parts;
    parts.meta += meta_line;
    parts.sign = [&](BytesView octets) { return sign(octets, inside); };
    parts.edit_signed = [&](testkit::Members& members) {
      members.insert(members.end(), more.begin(), more.end());
    };
    return for_test::codes(testkit::make_foreign(parts), policy);
  }
};

}  // namespace sallyport::for_test
