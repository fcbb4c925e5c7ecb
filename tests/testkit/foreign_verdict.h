// SPDX-License-Identifier: Apache-2.0
// A verdict about a package of another tool; change any field, then sign it (statements.h).
#pragma once

#include "core/format/foreign_verdict.h"
#include "testkit/foreign.h"
#include "testkit/statements.h"

namespace sallyport::testkit {

// Of the intake, the engines and the time of make_verdict(policy).
inline ForeignVerdict make_foreign_verdict(const Policy& policy) {
  const auto like = make_verdict(policy);
  return {.package_name = "vendor.csar",
          .package = sha256(as_bytes("a package of another tool")),
          .option = SecurityOption::option_1,
          .product = ProductId::parse("mme").value(),
          .name = "MME",
          .version = "1.0",
          .provider = "Acme",
          .source = like.source,
          .signer = like.signer,
          .policy = like.policy,
          .policy_version = like.policy_version,
          .intake = like.intake,
          .time = like.time,
          .files_total = like.files_total,
          .bytes_total = like.bytes_total,
          .engines = like.engines,
          .outcome = Outcome::clean,
          .findings = {},
          .tolerated = {{Tolerance::key_case, "manifest line 9", 3},
                        {Tolerance::product_names, "the product's name in the manifest", 1}}};
}

}  // namespace sallyport::testkit
