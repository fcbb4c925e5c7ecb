// SPDX-License-Identifier: Apache-2.0
// What persons and nodes bring to the server.
#pragma once

#include <string>

#include "core/crypto/file_digest.h"
#include "core/format/node_report.h"
#include "core/format/recall.h"
#include "core/format/scan_exception.h"
#include "testkit/statements.h"

namespace sallyport::server {

inline Recall recall_for_test() {
  return {{},
          {{"mme-1.0.csar", sha256(as_bytes(std::string_view("a package")))}},
          PoolId::parse("mme-east").value(),
          1,
          {},
          {},
          testkit::test_time(),
          PersonId::parse("alice").value(),
          "malware"};
}

// Of a helper that clamd calls malware: proposed by alice, over a day later.
inline ScanException exception_for_test() {
  return {"usr/bin/helper",
          file_digest(as_bytes(std::string_view("helper"))),
          "malware-found",
          "clamd",
          "Generic.Helper-1",
          PoolId::parse("mme-east").value(),
          testkit::test_time().plus(86400),
          testkit::test_time(),
          PersonId::parse("alice").value(),
          "vendor ticket 4711"};
}

// By mme-1, which runs a package.
inline NodeReport report_for_test(const std::string& content = "bytes") {
  const auto digest = sha256(as_bytes(content));
  return {.node = NodeId::parse("mme-1").value(),
          .pool = PoolId::parse("mme-east").value(),
          .time = testkit::test_time(),
          .policy = digest,
          .policy_version = 3,
          .generations = {{4, GenerationUse::active, digest, digest, ProductId::parse("mme").value(), "1.1"}},
          .services = {{ServiceId::parse("mme").value(), ReportedState::running}},
          .gate = ReportedGate::enforce,
          .recall = 0,
          .findings = {},
          .events = 12,
          .events_root = digest};
}

inline std::string signed_report(const NodeReport& report, const std::string& key = "mme-1-key") {
  return print_envelope(testkit::make_envelope(print_node_report(report), {key}, node_report_payload_type));
}

}  // namespace sallyport::server
