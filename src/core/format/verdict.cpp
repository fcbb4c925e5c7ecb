// SPDX-License-Identifier: Apache-2.0
#include "core/format/verdict.h"

#include "core/format/fields.h"
#include "core/format/json_writer.h"
#include "core/format/verdict_parts.h"

namespace sallyport {
namespace {

constexpr std::size_t engines_max = 16;
constexpr std::size_t attestation_records_max = 16;
constexpr std::size_t findings_max = 10000;

}  // namespace

namespace verdict_parts {

Result<Outcome> read_outcome(JsonObject& predicate) {
  const auto text = TRY(predicate.text("outcome", 20));
  for (const auto outcome : {Outcome::clean, Outcome::not_clean, Outcome::excepted})
    if (text == word(outcome)) return outcome;
  return predicate.malformed("outcome", "clean, not-clean or excepted", text);
}

namespace {

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
  std::optional<FileDigest> member;
  if (object.has("member")) member = TRY(fields::parsed<FileDigest>(object, "member"));
  TRY(object.finish());
  return Finding{std::move(code), std::move(where), digest, std::move(detail), member};
}

}  // namespace

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
    return predicate.malformed("findings", "none exactly when the outcome is clean",
                               std::to_string(findings.size()) + " and " + std::string(word(outcome)));
  }
  return findings;
}

}  // namespace verdict_parts

namespace {

// Members that are there where they mean something alone: a verdict without exceptions has the form that it always had.
Result<std::vector<std::string>> read_exceptions(JsonObject& predicate, Outcome outcome) {
  std::vector<std::string> envelopes;
  if (outcome != Outcome::excepted) return envelopes;
  const auto array = TRY(predicate.array("exceptions", exceptions_max));
  if (array.size() == 0) return predicate.malformed("exceptions", "at least one", "none");
  for (std::size_t i = 0; i < array.size(); ++i) {
    const auto place = fields::indexed("exceptions", i);
    const auto text = TRY(array.text(i, exception_size_max * 4 / 3 + 4));
    const auto bytes = parse_base64(text, exception_size_max);
    if (!bytes.ok()) return predicate.malformed(place, "base64", "something else");
    std::string envelope(as_text(bytes.value()));
    if (!envelopes.empty() && !(envelopes.back() < envelope))
      return predicate.malformed(place, "in order, each once", "another order");
    envelopes.push_back(std::move(envelope));
  }
  return envelopes;
}

Result<AttestationRecord> read_attestation(JsonObject object) {
  auto type = TRY(object.text("predicate_type", 200));
  if (!is_predicate_type(type)) return object.malformed("predicate_type", "a URI", type);
  auto maker = TRY(object.text("maker", 4096));
  const auto key = TRY(fields::parsed<KeyId>(object, "key"));
  auto about = TRY(fields::label(object, "about", 200));
  TRY(object.finish());
  return AttestationRecord{std::move(type), std::move(maker), key, std::move(about)};
}

// Left out when there are none.
Result<std::vector<AttestationRecord>> read_attestations(JsonObject& predicate) {
  std::vector<AttestationRecord> records;
  if (!predicate.has("attestations")) return records;
  const auto array = TRY(predicate.array("attestations", attestation_records_max));
  if (array.size() == 0) return predicate.malformed("attestations", "at least one", "none");
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    records.push_back(TRY(read_attestation(std::move(object))));
  }
  return records;
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
  auto engines = TRY(verdict_parts::read_engines(p));
  const auto outcome = TRY(verdict_parts::read_outcome(p));
  auto findings = TRY(verdict_parts::read_findings(p, outcome));
  auto exceptions = TRY(read_exceptions(p, outcome));
  auto attestations = TRY(read_attestations(p));
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
                 .findings = std::move(findings),
                 .exceptions = std::move(exceptions),
                 .attestations = std::move(attestations)};
}

}  // namespace

namespace verdict_parts {

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
    writer.text("detail", f.detail);
    if (f.member) writer.text("member", f.member->text());
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace verdict_parts

namespace {

void write_exceptions(JsonWriter& writer, const Verdict& verdict) {
  if (verdict.outcome != Outcome::excepted) return;
  writer.key("exceptions").begin_array();
  for (const auto& envelope : verdict.exceptions) writer.text(base64(as_bytes(envelope)));
  writer.end_array();
}

void write_attestations(JsonWriter& writer, const std::vector<AttestationRecord>& records) {
  if (records.empty()) return;
  writer.key("attestations").begin_array();
  for (const auto& record : records) {
    writer.begin_object().text("predicate_type", record.predicate_type).text("maker", record.maker);
    writer.text("key", record.key.text()).text("about", record.about).end_object();
  }
  writer.end_array();
}

}  // namespace

std::string_view word(Outcome outcome) {
  switch (outcome) {
    case Outcome::clean:
      return "clean";
    case Outcome::excepted:
      return "excepted";
    case Outcome::not_clean:
      break;
  }
  return "not-clean";
}

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
  verdict_parts::write_engines(writer, verdict.engines);
  writer.text("outcome", word(verdict.outcome));
  verdict_parts::write_findings(writer, verdict.findings);
  write_exceptions(writer, verdict);
  write_attestations(writer, verdict.attestations);
  writer.end_object();
  return print_statement({verdict.package_name, verdict.package}, verdict_predicate_type, writer.take());
}

}  // namespace sallyport
