// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/file_kind.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "core/format/baseline.h"
#include "core/format/dsse.h"
#include "core/format/foreign_verdict.h"
#include "core/format/node_report.h"
#include "core/format/order.h"
#include "core/format/policy.h"
#include "core/format/recall.h"
#include "core/format/scan_exception.h"
#include "core/format/statement.h"
#include "core/format/stop.h"
#include "core/format/verdict.h"

namespace sallyport::auditor {
namespace {

constexpr std::uint64_t head_size = 4096;
constexpr std::string_view policy_mark = "sallyport-policy";
// A bundle's first member; its name stands behind the local header.
constexpr std::string_view bundle_mark = "metadata/timestamp.json";
constexpr std::size_t bundle_mark_end = 30 + bundle_mark.size();

// Files of ours, or such as lie beside them, that neither `verify` nor `inspect` reads; and what does.
Error belongs_elsewhere(std::string found) {
  return {
      Code::statement_type_mismatch, "the file",
      "a package, verdict, order, stop order, recall, bundle, evidence, report of a node or unsigned policy",
      std::move(found)};
}

std::optional<Error> known_text(std::string_view text) {
  struct Known {
    std::string_view begin;
    std::string_view what;
  };
  constexpr std::array<Known, 8> all = {{
      {"c2sp.org/tlog-proof@", "a proof of a log: `sallyport log verify` takes it"},
      {"sallyport-since/", "a proof of a log: `sallyport log verify` takes it"},
      {"-----BEGIN X509 CRL", "a revocation list: it goes to `--crl`, and to a node by `sallyport node crl`"},
      {"-----BEGIN CERTIFICATE-", "certificates (PEM)"},
      {"-----BEGIN PUBLIC KEY", "a public key: `sallyport key show` reads it"},
      {"-----BEGIN", "something in PEM"},
      {"!<arch>", "a .deb file: `sallyport package build --wrap` takes it"},
      {"\xed\xab\xee\xdb", "an .rpm file: `sallyport package build --wrap` takes it"},
  }};
  const auto known =
      std::find_if(all.begin(), all.end(), [&](const Known& one) { return text.starts_with(one.begin); });
  if (known == all.end()) return std::nullopt;
  return belongs_elsewhere(std::string(known->what));
}

std::string_view reader_of_statement(std::string_view type) {
  if (type == baseline_predicate_type)
    return "the baseline of a host: `sallyport baseline review` shows it, `sallyport node baseline install` "
           "takes it";
  if (type == scan_exception_predicate_type)
    return "an exception for the scanner's findings: `sallyport intake exception review` shows it";
  return {};
}

// What has the form of a statement, and no envelope with signatures around it.
std::optional<Error> unsigned_statement(std::string_view text) {
  if (text.find("\"payloadType\"") != std::string_view::npos) return std::nullopt;
  if (text.find(baseline_predicate_type) != std::string_view::npos)
    return belongs_elsewhere(std::string(reader_of_statement(baseline_predicate_type)) +
                             "; nobody has signed it");
  return std::nullopt;
}

Result<FileKind> kind_of_statement(BytesView json) {
  if (auto elsewhere = unsigned_statement(as_text(json).substr(0, head_size))) return std::move(*elsewhere);
  const auto envelope = TRY(parse_envelope(json));
  if (envelope.payload_type == node_report_payload_type) return FileKind::node_report;
  if (envelope.payload_type == policy_payload_type)
    return belongs_elsewhere(
        "a signed policy: `sallyport policy review` shows it, `sallyport node policy` takes it");
  const auto type = TRY(predicate_type_of(envelope.payload));
  if (const auto reader = reader_of_statement(type); !reader.empty())
    return belongs_elsewhere(std::string(reader));
  if (type == verdict_predicate_type) return FileKind::verdict;
  if (type == foreign_verdict_predicate_type) return FileKind::foreign_verdict;
  if (type == order_predicate_type || type == break_glass_predicate_type) return FileKind::order;
  if (type == stop_predicate_type) return FileKind::stop;
  if (type == recall_predicate_type) return FileKind::recall;
  if (type.find("test-result") != std::string::npos) return FileKind::evidence;
  return Error(Code::statement_type_mismatch, "predicateType",
               "a verdict, an order, a stop order, a recall, a report of a node or evidence", type);
}

// What it is, and which command takes it; empty for a verdict, and for what may be anything.
std::string_view other_than_verdict(FileKind kind) {
  switch (kind) {
    case FileKind::order:
      return "an order: `sallyport deploy show` shows it";
    case FileKind::evidence:
      return "evidence: `sallyport evidence verify` takes the folder";
    case FileKind::policy:
      return "an unsigned policy: `sallyport policy show` shows it";
    case FileKind::bundle:
      return "a bundle: `sallyport bundle import` takes it";
    case FileKind::stop:
      return "a stop order: `sallyport verify` takes it";
    case FileKind::recall:
      return "a recall: `sallyport recall show` shows it";
    case FileKind::node_report:
      return "a report of a node: `sallyport verify --key` takes it";
    case FileKind::package:
    case FileKind::verdict:
    case FileKind::foreign_verdict:
      break;
  }
  return {};
}

}  // namespace

Result<FileKind> kind_of_file(const ByteSource& file) {
  const auto head = TRY(file.read(0, std::min(file.size(), head_size), head_size));
  const auto text = as_text(head);
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return FileKind::package;
  if (text.starts_with("PK") && text.substr(0, bundle_mark_end).ends_with(bundle_mark))
    return FileKind::bundle;
  if (text[first] == '[') return FileKind::evidence;
  if (auto elsewhere = known_text(text)) return std::move(*elsewhere);
  if (text[first] != '{') return FileKind::package;
  if (text.find(policy_mark) != std::string_view::npos) return FileKind::policy;
  const auto json = TRY(file.read(0, file.size(), envelope_size_max));
  return kind_of_statement(json);
}

std::string_view name(FileKind kind) {
  constexpr std::array<std::string_view, 10> names = {
      "package", "verdict",    "order",           "evidence", "policy",
      "bundle",  "stop order", "foreign verdict", "recall",   "node report"};
  return names[static_cast<std::size_t>(kind)];
}

Result<void> expect_verdict(const ByteSource& file) {
  constexpr std::string_view expected = "a verdict";
  auto kind = kind_of_file(file);
  if (kind.ok()) {
    const auto other = other_than_verdict(kind.value());
    if (other.empty()) return {};
    return Error(Code::statement_type_mismatch, "the file", std::string(expected), std::string(other));
  }
  if (kind.error().code != Code::statement_type_mismatch) return {};
  auto error = kind.take_error();
  error.expected = expected;
  return error;
}

}  // namespace sallyport::auditor
