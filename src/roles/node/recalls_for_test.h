// SPDX-License-Identifier: Apache-2.0
// Genuine recalls for the node `mme-1`.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/crypto/file_digest.h"
#include "core/format/recall.h"
#include "testkit/statements.h"

namespace sallyport::node {

inline Recall recall_of(std::uint64_t sequence, const std::vector<std::string>& contents,
                        const std::vector<Sha256Digest>& packages = {}) {
  Recall recall{{},
                {},
                PoolId::parse("mme-east").value(),
                sequence,
                {{"clamd", "27801"}},
                {},
                testkit::test_time(),
                PersonId::parse("alice").value(),
                "malware"};
  for (const auto& content : contents) recall.contents.push_back({"a file", file_digest(as_bytes(content))});
  std::sort(recall.contents.begin(), recall.contents.end(),
            [](const RecalledContent& a, const RecalledContent& b) { return a.digest < b.digest; });
  for (const auto& package : packages) recall.packages.push_back({"a package", package});
  return recall;
}

inline Bytes signed_recall(const Recall& recall,
                           const std::vector<std::string>& keys = {"alice-1", "bob-1", "carol-1"}) {
  return testkit::sign_statement(print_recall(recall), keys);
}

}  // namespace sallyport::node
