// SPDX-License-Identifier: Apache-2.0
// Genuine baselines of a host that has these files and no others.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/crypto/file_digest.h"
#include "core/format/baseline.h"
#include "roles/node/officers_for_test.h"

namespace sallyport::node {

inline HostBaseline baseline_of(std::uint64_t number, const std::map<std::string, std::string>& files) {
  HostBaseline baseline{.database_name = "dpkg",
                        .database = sha256(as_bytes("status")),
                        .pool = PoolId::parse("mme-east").value(),
                        .nodes = {NodeId::parse("mme-1").value()},
                        .number = number,
                        .time = testkit::test_time(),
                        .reason = "",
                        .packages = {},
                        .changed = {},
                        .unowned = {}};
  BaselinePackage package{"base", "amd64", "1", {}};
  for (const auto& [path, content] : files)
    package.files.push_back({path, content.size(), file_digest(as_bytes(content))});
  baseline.packages.push_back(std::move(package));
  return baseline;
}

inline Bytes signed_baseline(const HostBaseline& baseline, const std::vector<std::string>& keys) {
  return testkit::sign_statement(print_baseline(baseline), keys);
}

}  // namespace sallyport::node
