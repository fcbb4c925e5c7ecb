// SPDX-License-Identifier: Apache-2.0
#include "core/format/foreign_verdict.h"

#include <array>

#include "core/format/fields.h"
#include "core/format/verdict_parts.h"

namespace sallyport {
namespace {

constexpr std::array<std::string_view, 2> option_names = {"option 1", "option 2"};

Result<SecurityOption> read_option(JsonObject& predicate) {
  const auto text = TRY(predicate.text("option", 20));
  if (text == name(SecurityOption::option_1)) return SecurityOption::option_1;
  if (text == name(SecurityOption::option_2)) return SecurityOption::option_2;
  return predicate.malformed("option", "option 1 or option 2", text);
}

Result<Tolerated> read_tolerated(JsonObject object) {
  const auto text = TRY(object.text("name", 100));
  const auto what = find_tolerance(text);
  if (!what.ok()) return object.malformed("name", what.error().expected, text);
  auto where = TRY(fields::label(object, "where", tolerated_where_max));
  const auto count = TRY(fields::positive(object, "count", fields::number_max));
  TRY(object.finish());
  return Tolerated{what.value(), std::move(where), count};
}

Result<std::vector<Tolerated>> read_all_tolerated(JsonObject& predicate) {
  const auto array = TRY(predicate.array("tolerated", all_tolerances().size()));
  std::vector<Tolerated> all;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto one = TRY(read_tolerated(TRY(array.object(i))));
    if (!all.empty() && all.back().what >= one.what)
      return predicate.malformed(fields::indexed("tolerated", i), "in order, each name once", name(one.what));
    all.push_back(std::move(one));
  }
  return all;
}

Result<ForeignVerdict> read_foreign_verdict(const JsonDocument& document) {
  auto frame = TRY(read_statement(document, foreign_verdict_predicate_type));
  auto& p = frame.predicate;
  const auto option = TRY(read_option(p));
  auto product = TRY(fields::parsed<ProductId>(p, "product"));
  auto name = TRY(fields::label(p, "name", foreign_label_max));
  auto version = TRY(fields::label(p, "version", foreign_label_max));
  auto provider = TRY(fields::label(p, "provider", foreign_label_max));
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
  if (outcome == Outcome::excepted) return p.malformed("outcome", "clean or not-clean", word(outcome));
  auto findings = TRY(verdict_parts::read_findings(p, outcome));
  auto tolerated = TRY(read_all_tolerated(p));
  TRY(p.finish());
  return ForeignVerdict{.package_name = std::move(frame.subject.name),
                        .package = frame.subject.digest,
                        .option = option,
                        .product = std::move(product),
                        .name = std::move(name),
                        .version = std::move(version),
                        .provider = std::move(provider),
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
                        .tolerated = std::move(tolerated)};
}

void write_tolerated(JsonWriter& writer, const std::vector<Tolerated>& tolerated) {
  writer.key("tolerated").begin_array();
  for (const auto& one : tolerated) {
    writer.begin_object().text("name", name(one.what)).text("where", one.where);
    writer.number("count", one.count).end_object();
  }
  writer.end_array();
}

}  // namespace

std::string_view name(SecurityOption option) {
  return option_names.at(static_cast<std::size_t>(option));
}

Result<ForeignVerdict> parse_foreign_verdict(BytesView payload) {
  return parse_statement(payload, read_foreign_verdict, print_foreign_verdict);
}

std::string print_foreign_verdict(const ForeignVerdict& verdict) {
  JsonWriter writer;
  writer.begin_object().text("option", name(verdict.option)).text("product", verdict.product.text());
  writer.text("name", verdict.name).text("version", verdict.version).text("provider", verdict.provider);
  writer.text("source", verdict.source.text()).text("signer", verdict.signer);
  writer.text("policy", verdict.policy.text()).number("policy_version", verdict.policy_version);
  writer.text("intake", verdict.intake.text()).text("time", verdict.time.print());
  writer.number("files_total", verdict.files_total).number("bytes_total", verdict.bytes_total);
  verdict_parts::write_engines(writer, verdict.engines);
  writer.text("outcome", word(verdict.outcome));
  verdict_parts::write_findings(writer, verdict.findings);
  write_tolerated(writer, verdict.tolerated);
  writer.end_object();
  return print_statement({verdict.package_name, verdict.package}, foreign_verdict_predicate_type,
                         writer.take());
}

}  // namespace sallyport
