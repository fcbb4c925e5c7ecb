// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/verify.h"

#include "core/format/describe_foreign.h"
#include "core/trust/foreign_verdict.h"
#include "core/trust/node_report.h"
#include "core/trust/order.h"
#include "core/trust/package.h"
#include "core/trust/recall.h"
#include "core/trust/stop.h"
#include "core/trust/verdict.h"
#include "roles/auditor/bundle.h"

namespace sallyport::auditor {
namespace {

Verification about(const Verified<Package>& package) {
  const auto& tree = package->tree;
  std::vector<Field> facts = {{"package", package->digest.text()}, {"release", package->release.text()},
                              {"product", tree.product.text()},    {"name", tree.name},
                              {"version", tree.version},           {"counter", std::to_string(tree.counter)},
                              {"source", package->source.text()}};
  for (const auto& signer : package->signers) facts.push_back({"signer", signer});
  for (const auto& record : package->attestations) facts.push_back({"attestation", describe(record)});
  return Verification{FileKind::package, package.evidence().checks, std::move(facts)};
}

Verification about(const Verified<ForeignPackage>& package) {
  const auto& manifest = package->manifest;
  std::vector<Field> facts = {
      {"package", package->digest.text()},
      {"form", "SOL004 " + std::string(sallyport::name(package->option)) + ", of another tool"},
      {"kind", std::string(sallyport::name(manifest.kind))},
      {"product", package->product.text()},
      {"name", manifest.product},
      {"version", manifest.version},
      {"provider", manifest.provider},
      {"released", manifest.released},
      {"source", package->source.text()}};
  for (const auto& signer : package->signers) facts.push_back({"signer", signer});
  for (const auto& address : manifest.external) facts.push_back({"not included", address});
  return Verification{FileKind::package, package.evidence().checks, std::move(facts)};
}

Result<Verification> verify_verdict(const ByteSource& file, const Policy& policy, Instant at,
                                    Checks& passed) {
  const auto bytes = TRY(file.read(0, file.size(), envelope_size_max));
  const auto proof = TRY(trust::verdict(bytes, policy, at, passed));
  auto facts = verdict_fields(proof->verdict);
  facts.insert(facts.begin(),
               {{"package", proof->verdict.package.text()}, {"verdict", proof->digest.text()}});
  return Verification{FileKind::verdict, proof.evidence().checks, std::move(facts)};
}

Result<Verification> verify_foreign_verdict(const ByteSource& file, const Policy& policy, Instant at) {
  const auto bytes = TRY(file.read(0, file.size(), envelope_size_max));
  const auto proof = TRY(trust::foreign_verdict(bytes, policy, at));
  auto facts = foreign_verdict_fields(proof->verdict);
  facts.insert(facts.begin(),
               {{"package", proof->verdict.package.text()}, {"verdict", proof->digest.text()}});
  return Verification{FileKind::foreign_verdict, proof.evidence().checks, std::move(facts)};
}

Result<Verification> verify_order(const ByteSource& file, const Policy& policy, Instant at, Checks& passed) {
  const auto bytes = TRY(file.read(0, file.size(), envelope_size_max));
  const auto proof = TRY(trust::order(bytes, policy, at, passed));
  auto facts = order_fields(proof->order);
  facts.push_back({"order", proof->digest.text()});
  return Verification{FileKind::order, proof.evidence().checks, std::move(facts)};
}

Result<Verification> verify_stop(const ByteSource& file, const Policy& policy, Instant at) {
  const auto bytes = TRY(file.read(0, file.size(), envelope_size_max));
  const auto proof = TRY(trust::stop(bytes, policy, at));
  return Verification{FileKind::stop, proof.evidence().checks, stop_fields(*proof)};
}

Result<Verification> verify_recall(const ByteSource& file, const Policy& policy, Instant at) {
  const auto bytes = TRY(file.read(0, file.size(), envelope_size_max));
  const auto proof = TRY(trust::recall(bytes, policy, at));
  auto facts = recall_fields(proof->recall);
  facts.push_back({"digest", proof->digest.text()});
  return Verification{FileKind::recall, proof.evidence().checks, std::move(facts)};
}

// A policy file bears no signature: it is genuine only where it is the very one that is trusted already.
Result<Verification> verify_policy(const ByteSource& file, const Policy& trusted) {
  const auto bytes = TRY(file.read(0, file.size(), policy_size_max));
  const auto policy = TRY(parse_policy(bytes));
  if (policy.digest != trusted.digest)
    return Error(Code::policy_mismatch, "policy", trusted.digest.text(), policy.digest.text());
  return Verification{
      FileKind::policy,
      {{"policy", "byte for byte the one to go by"}},
      {{"policy", policy.digest.text()}, {"name", policy.name}, {"version", std::to_string(policy.version)}}};
}

}  // namespace

Result<PackageReport> verify_package(const trust::Examined& what) {
  auto examination = TRY(trust::examine(what));
  PackageReport report{std::move(examination.findings), std::move(examination.tolerated),
                       std::move(examination.passed), std::nullopt};
  if (examination.package) report.verification = about(*examination.package);
  if (examination.foreign) report.verification = about(*examination.foreign);
  CHECK(report.findings.none() == report.verification.has_value());
  return report;
}

Result<Verification> verify(const ByteSource& file, FileKind kind, const Policy& policy, Instant at,
                            Workers& workers, Checks& passed) {
  switch (kind) {
    case FileKind::package:
      return about(TRY(trust::package(file, policy, at, workers)));
    case FileKind::verdict:
      return verify_verdict(file, policy, at, passed);
    case FileKind::foreign_verdict:
      return verify_foreign_verdict(file, policy, at);
    case FileKind::order:
      return verify_order(file, policy, at, passed);
    case FileKind::stop:
      return verify_stop(file, policy, at);
    case FileKind::recall:
      return verify_recall(file, policy, at);
    case FileKind::policy:
      return verify_policy(file, policy);
    case FileKind::bundle:
      return verify_bundle(file, policy, at, workers);
    case FileKind::evidence:
    case FileKind::node_report:
      break;
  }
  return Error(Code::statement_type_mismatch, "file", "a package, a verdict, an order or a policy",
               std::string(name(kind)));
}

Result<Verification> verify_node_report(const ByteSource& file, const PublicKey& key, Instant at) {
  const auto bytes = TRY(file.read(0, file.size(), envelope_size_max));
  const auto proof = TRY(trust::node_report(bytes, key, at));
  return Verification{FileKind::node_report, proof.evidence().checks, node_report_fields(*proof)};
}

}  // namespace sallyport::auditor
