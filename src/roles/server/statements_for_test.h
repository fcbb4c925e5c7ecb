// SPDX-License-Identifier: Apache-2.0
// What persons and nodes bring to the server.
#pragma once

#include <string>

#include "core/format/node_report.h"
#include "core/format/recall.h"
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
