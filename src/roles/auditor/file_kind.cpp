// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/file_kind.h"

#include <algorithm>
#include <array>

#include "core/format/dsse.h"
#include "core/format/order.h"
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

Result<FileKind> kind_of_statement(BytesView json) {
  const auto envelope = TRY(parse_envelope(json));
  const auto type = TRY(predicate_type_of(envelope.payload));
  if (type == verdict_predicate_type) return FileKind::verdict;
  if (type == order_predicate_type || type == break_glass_predicate_type) return FileKind::order;
  if (type == stop_predicate_type) return FileKind::stop;
  if (type.find("test-result") != std::string::npos) return FileKind::evidence;
  return Error(Code::statement_type_mismatch, "predicateType",
               "a verdict, an order, a stop order or evidence", type);
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
  if (text[first] != '{') return FileKind::package;
  if (text.find(policy_mark) != std::string_view::npos) return FileKind::policy;
  const auto json = TRY(file.read(0, file.size(), envelope_size_max));
  return kind_of_statement(json);
}

std::string_view name(FileKind kind) {
  constexpr std::array<std::string_view, 7> names = {"package", "verdict", "order",     "evidence",
                                                     "policy",  "bundle",  "stop order"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace sallyport::auditor
