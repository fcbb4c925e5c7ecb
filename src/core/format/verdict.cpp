// SPDX-License-Identifier: Apache-2.0
#include "core/format/verdict.h"

#include "core/format/fields.h"
#include "core/format/json_writer.h"

namespace sallyport {
namespace {

constexpr std::size_t engines_max = 16;
constexpr std::size_t findings_max = 10000;
constexpr std::string_view clean_name = "clean";
constexpr std::string_view not_clean_name = "not-clean";

std::string_view outcome_name(Outcome outcome) {
  return outcome == Outcome::clean ? clean_name : not_clean_name;
}

Result<Outcome> read_outcome(JsonObject& predicate) {
  const auto text = TRY(predicate.text("outcome", 20));
  if (text == clean_name) return Outcome::clean;
  if (text == not_clean_name) return Outcome::not_clean;
  return predicate.malformed("outcome", "clean or not-clean", text);
}

Result<EngineRecord> read_engine(JsonObject object) {
  auto engine = TRY(fields::label(object, "engine", 100));
  auto version = TRY(fields::label(object, "version", 200));
  auto database = TRY(fields::label(object, "database", 200));
  const auto database_time = TRY(fields::parsed<Instant>(object, "database_time"));
  const auto files = TRY(object.number("files_scanned", fields::number_max));
  const auto bytes = TRY(object.number("bytes_scanned", fields::number_max));
  TRY(object.finish());
  return EngineRecord{
      std::move(engine), std::move(version), std::move(database), database_time, files, bytes};
}

Result<Finding> read_finding(JsonObject object) {
  auto code = TRY(object.text("code", 100));
  if (!find_code(code)) return object.malformed("code", "the name of a code", code);
  auto where = TRY(fields::label(object, "where", 4096));
  const auto digest = TRY(fields::parsed<FileDigest>(object, "digest"));
  auto detail = TRY(object.text("detail", 1000));
  TRY(object.finish());
  return Finding{std::move(code), std::move(where), digest, std::move(detail)};
}

Result<std::vector<EngineRecord>> read_engines(JsonObject& predicate) {
  const auto array = TRY(predicate.array("engines", engines_max));
  if (array.size() == 0) return predicate.malformed("engines", "at least one", "none");
  std::vector<EngineRecord> engines;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    engines.push_back(TRY(read_engine(std::move(object))));
  }
  return engines;
}

Result<std::vector<Finding>> read_findings(JsonObject& predicate, Outcome outcome) {
  const auto array = TRY(predicate.array("findings", findings_max));
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    findings.push_back(TRY(read_finding(std::move(object))));
  }
  if (findings.empty() != (outcome == Outcome::clean)) {
    return predicate.malformed(
        "findings", "none exactly when the outcome is clean",
        std::to_string(findings.size()) + " and " + std::string(outcome_name(outcome)));
  }
  return findings;
}

Result<Verdict> read_verdict(const JsonDocument& document) {
  auto frame = TRY(read_statement(document, verdict_predicate_type));
  auto& p = frame.predicate;
  const auto release = TRY(fields::parsed<Sha256Digest>(p, "release"));
  auto product = TRY(fields::parsed<ProductId>(p, "product"));
  auto version = TRY(fields::label(p, "version", 200));
  const auto counter = TRY(fields::positive(p, "counter", fields::number_max));
  auto source = TRY(fields::parsed<SourceId>(p, "source"));
  auto signer = TRY(fields::label(p, "signer", 4096));
  const auto policy = TRY(fields::parsed<Sha256Digest>(p, "policy"));
  const auto policy_version = TRY(fields::positive(p, "policy_version", fields::number_max));
  auto intake = TRY(fields::parsed<IntakeId>(p, "intake"));
  const auto time = TRY(fields::parsed<Instant>(p, "time"));
  const auto files_total = TRY(fields::positive(p, "files_total", fields::number_max));
  const auto bytes_total = TRY(p.number("bytes_total", fields::number_max));
  auto engines = TRY(read_engines(p));
  const auto outcome = TRY(read_outcome(p));
  auto findings = TRY(read_findings(p, outcome));
  TRY(p.finish());
  return Verdict{.package_name = std::move(frame.subject.name),
                 .package = frame.subject.digest,
                 .release = release,
                 .product = std::move(product),
                 .version = std::move(version),
                 .counter = counter,
                 .source = std::move(source),
                 .signer = std::move(signer),
                 .policy = policy,
                 .policy_version = policy_version,
                 .intake = std::move(intake),
                 .time = time,
                 .files_total = files_total,
                 .bytes_total = bytes_total,
                 .engines = std::move(engines),
                 .outcome = outcome,
                 .findings = std::move(findings)};
}

void write_engines(JsonWriter& writer, const std::vector<EngineRecord>& engines) {
  writer.key("engines").begin_array();
  for (const auto& e : engines) {
    writer.begin_object().text("engine", e.engine).text("version", e.version).text("database", e.database);
    writer.text("database_time", e.database_time.print()).number("files_scanned", e.files_scanned);
    writer.number("bytes_scanned", e.bytes_scanned).end_object();
  }
  writer.end_array();
}

void write_findings(JsonWriter& writer, const std::vector<Finding>& findings) {
  writer.key("findings").begin_array();
  for (const auto& f : findings) {
    writer.begin_object().text("code", f.code).text("where", f.where).text("digest", f.digest.text());
    writer.text("detail", f.detail).end_object();
  }
  writer.end_array();
}

}  // namespace

Result<Verdict> parse_verdict(BytesView payload) {
  return parse_statement(payload, read_verdict, print_verdict);
}

std::string print_verdict(const Verdict& verdict) {
  JsonWriter writer;
  writer.begin_object().text("release", verdict.release.text()).text("product", verdict.product.text());
  writer.text("version", verdict.version).number("counter", verdict.counter);
  writer.text("source", verdict.source.text()).text("signer", verdict.signer);
  writer.text("policy", verdict.policy.text()).number("policy_version", verdict.policy_version);
  writer.text("intake", verdict.intake.text()).text("time", verdict.time.print());
  writer.number("files_total", verdict.files_total).number("bytes_total", verdict.bytes_total);
  write_engines(writer, verdict.engines);
  writer.text("outcome", outcome_name(verdict.outcome));
  write_findings(writer, verdict.findings);
  writer.end_object();
  return print_statement({verdict.package_name, verdict.package}, verdict_predicate_type, writer.take());
}

}  // namespace sallyport
