// SPDX-License-Identifier: Apache-2.0
// The evidence run: the test cases of the source documents, executed against a node with the very program
// that runs there. docs/spec/evidence.md lists the cases. Every attempt is a command of the program, as a
// user would give it; what counts is its exit code, its code and that the node's state is the same before and
// after. Attempts that must succeed, and tampering with installed files, happen on a laboratory node with the
// same identity and policy, below the output folder: the node itself is only ever asked to refuse.
//
// A test that could not be tried is `not_run` with the reason; it never passes.
#pragma once

#include <string>
#include <vector>

#include "adapters/commands/port.h"
#include "adapters/disk/port.h"
#include "adapters/signer/port.h"
#include "core/format/evidence.h"

namespace sallyport::auditor {

struct EvidenceRequest {
  std::string root;   // the node's root, as the commands are to name it
  std::string out;    // the output folder, likewise; empty when the run begins
  std::string build;  // version of this program
  Instant time;       // that the records carry
  std::string clamd;  // socket of a scanner; empty: the malware cases do not run
  // URIs of the keys of one intake, of each kind that the policy asks for on statements; likewise.
  std::vector<std::string> intake_keys;
  std::string
      malware_package;  // a package of an authorised source that carries the EICAR test file; likewise
  Instant now = time;   // by the clock: what the node goes by
};

struct EvidencePorts {
  Disk& node;  // the node's root
  Disk& out;   // the output folder
  Commands& commands;
  Signer& node_key;      // signs the evidence; and stands for a signer whom no policy knows
  Certificate stranger;  // that this key issued to itself
};

struct EvidenceRun {
  std::vector<TestRecord> records;
  EvidenceStatement statement;
};

// Writes evidence.json, evidence.dsse and one transcript a test into the output folder.
Result<EvidenceRun> run_evidence(const EvidenceRequest& request, const EvidencePorts& ports);

}  // namespace sallyport::auditor
