// SPDX-License-Identifier: Apache-2.0
// The report of an evidence run for people: one self-contained HTML page (no script, nothing fetched, prints well).
// Its text comes from the signed records alone.
#pragma once

#include "core/crypto/key.h"
#include "core/format/evidence.h"

namespace sallyport::auditor {

struct ReportInput {
  std::vector<TestRecord> records;
  EvidenceStatement statement;
  std::string signer;           // key id of the evidence's signature
  std::string evidence_digest;  // of evidence.json
};

Result<std::string> render_report(const ReportInput& input);

// Reads the records and the statement of an output folder of evidence run, and proves that they belong together: the
// signature fits, evidence.json and every transcript are the ones signed. evidence_malformed otherwise.
struct SignedFile {
  std::string name;
  Bytes content;
};
struct EvidenceFiles {
  Bytes records_json;
  Bytes envelope;
  std::vector<SignedFile> transcripts;
};
Result<ReportInput> verify_evidence(const EvidenceFiles& files, const PublicKey& key);

}  // namespace sallyport::auditor
