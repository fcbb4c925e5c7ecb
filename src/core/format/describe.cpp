// SPDX-License-Identifier: Apache-2.0
#include "core/format/describe.h"

#include <set>
#include <type_traits>
#include <utility>

#include "core/format/describe_foreign.h"
#include "core/format/dsse.h"
#include "core/format/scan_exception.h"

namespace sallyport {
namespace {

std::string joined(const std::vector<NodeId>& nodes) {
  std::string text;
  for (const auto& node : nodes) text += (text.empty() ? "" : ", ") + node.text();
  return text;
}

// Of valid UTF-8.
std::uint32_t code_point(std::string_view text, std::size_t at) {
  const auto lead = static_cast<std::uint8_t>(text[at]);
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  std::uint32_t point = lead & (0xffU >> (size + 1));
  for (std::size_t i = at + 1; i < at + size && i < text.size(); ++i) {
    point = point << 6U | (static_cast<std::uint8_t>(text[i]) & 0x3fU);
  }
  return point;
}

// "U+0430"
std::string print_point(std::uint32_t point) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (std::uint32_t rest = point; rest != 0; rest >>= 4U) text.insert(text.begin(), digits[rest & 15U]);
  while (text.size() < 4) text.insert(text.begin(), '0');
  return "U+" + text;
}

std::set<std::uint32_t> letters_beyond_ascii(std::string_view text) {
  std::set<std::uint32_t> points;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<std::uint8_t>(text[i]) >= 0xc0) points.insert(code_point(text, i));
  }
  return points;
}

// What it says; whether it counts is found out where the verdict is verified.
void add_exception(const std::string& envelope, std::vector<Field>& fields) {
  const auto parsed = parse_envelope(as_bytes(envelope));
  const auto exception =
      parsed.ok() ? parse_scan_exception(parsed.value().payload) : Result<ScanException>(parsed.error());
  if (!exception.ok()) {
    fields.push_back({"exception", "NONE: " + std::string(name(exception.error().code))});
    return;
  }
  const auto& e = exception.value();
  fields.push_back({"exception", e.name + " of " + e.content.text() + ": " + e.code + ", " + e.engine +
                                     " says " + e.signature + "; pool " + e.pool.text() + ", until " +
                                     e.until.print() + ": " + e.reason});
}

// What any verdict says about the scan.
template <class OneVerdict>
std::vector<Field> scan_fields(const OneVerdict& verdict) {
  std::vector<Field> fields = {{"outcome", std::string(word(verdict.outcome))},
                               {"source", verdict.source.text()},
                               {"signer", verdict.signer},
                               {"intake", verdict.intake.text()},
                               {"time", verdict.time.print()},
                               {"coverage", std::to_string(verdict.files_total) + " files, " +
                                                std::to_string(verdict.bytes_total) + " bytes"}};
  for (const auto& engine : verdict.engines) {
    fields.push_back({"engine", engine.engine + ", " + engine.version + ", database " + engine.database +
                                    " of " + engine.database_time.print() + ", scanned " +
                                    std::to_string(engine.files_scanned) + " files, " +
                                    std::to_string(engine.bytes_scanned) + " bytes"});
  }
  // Of our own packages alone: attestations that count, and exceptions.
  if constexpr (std::is_same_v<OneVerdict, Verdict>) {
    for (const auto& record : verdict.attestations) fields.push_back({"attestation", describe(record)});
  }
  for (const auto& finding : verdict.findings)
    fields.push_back({"finding", finding.code + " " + finding.where + " " + finding.detail + ", content " +
                                     about(finding).text()});
  if constexpr (std::is_same_v<OneVerdict, Verdict>) {
    for (const auto& envelope : verdict.exceptions) add_exception(envelope, fields);
  }
  return fields;
}

}  // namespace

std::vector<std::string> odd_letters(const std::vector<Field>& fields) {
  std::vector<std::string> odd;
  for (const auto& [name, value] : fields) {
    std::string list;
    for (const auto point : letters_beyond_ascii(value)) {
      list += (list.empty() ? "" : ", ") + print_point(point);
    }
    if (!list.empty()) odd.push_back(name + ": " + list);
  }
  return odd;
}

std::vector<Field> order_fields(const Order& order) {
  // Names each field: an order with one more does not compile here until it is shown.
  const auto& [package_name, package, release, product, version, counter, verdict, policy, policy_version,
               pool, nodes, sequence, from, until, proposer, reason, kind] = order;
  return {{"kind", std::string(word(kind))},
          {"name", package_name},
          {"package", package.text()},
          {"release", release.text()},
          {"product", product.text()},
          {"version", version},
          {"counter", std::to_string(counter)},
          {"verdict", verdict.text()},
          {"policy", policy.text()},
          {"policy_version", std::to_string(policy_version)},
          {"pool", pool.text()},
          {"nodes", joined(nodes)},
          {"sequence", std::to_string(sequence)},
          {"from", from.print()},
          {"until", until.print()},
          {"proposer", proposer.text()},
          {"reason", reason}};
}

std::vector<Field> verdict_fields(const Verdict& verdict) {
  return scan_fields(verdict);
}

std::vector<Field> foreign_verdict_fields(const ForeignVerdict& verdict) {
  // Names each field: a verdict with one more does not compile here until it is shown.
  const auto& [package_name, package, option, product, name, version, provider, source, signer, policy,
               policy_version, intake, time, files_total, bytes_total, engines, outcome, findings,
               tolerated] = verdict;
  std::vector<Field> fields = {
      {"form", "SOL004 " + std::string(sallyport::name(option)) + ", of another tool"},
      {"product", product.text()},
      {"name", name},
      {"version", version},
      {"provider", provider}};
  for (auto& field : scan_fields(verdict)) fields.push_back(std::move(field));
  for (const auto& one : tolerated) {
    fields.push_back(
        {"tolerated", std::string(sallyport::name(one.what)) + ", " + one.where +
                          (one.count > 1 ? " and " + std::to_string(one.count - 1) + " more" : "")});
  }
  return fields;
}

}  // namespace sallyport
