// SPDX-License-Identifier: Apache-2.0
// What a node knows of revocations, for its evidence: which lists, how old, of which number, and what they say about
// the certificates by which its packages came in. A finding and no test: what runs is not touched by a revocation
// (docs/spec/revocation.md), and whoever reads the report has to see it.
#pragma once

#include "core/crypto/revocation_list.h"
#include "roles/auditor/evidence_inputs.h"

namespace sallyport::auditor {

struct RevocationFindings {
  std::vector<KnownList> lists;
  std::vector<std::string>
      said;  // one a certificate of each generation, or why a package would be refused now
};

// That were given to the node. One that cannot be read is missed where it is needed; `node fsck` names it.
Result<std::vector<RevocationList>> lists_of_node(Disk& node);

Result<Bytes> manifest_of(const ByteSource& package);

Result<RevocationFindings> revocation_findings(Disk& node, const std::vector<KeptGeneration>& generations,
                                               Instant now);

}  // namespace sallyport::auditor
