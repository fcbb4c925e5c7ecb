// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/open_findings.h"

#include <utility>

#include "apps/sallyport/output.h"
#include "core/format/scan_exception.h"

namespace sallyport::cli {
namespace {

std::string how_to_propose(const Finding& finding, const Verdict& verdict, const PoolId& pool,
                           const Arguments& arguments) {
  auto text = "sallyport intake exception propose --verdict " + arguments.text("o") + " --content " +
              about(finding).text();
  const auto words = words_of(finding, verdict.engines);
  if (words && verdict.engines.size() > 1) text += " --engine " + words->engine;
  return text + " --policy " + arguments.text("policy") + " --pool " + pool.text() +
         " --as PERSON --key URI --until TIME --reason TEXT -o EXCEPTION";
}

}  // namespace

std::vector<Field> fields_of(const Verdict& verdict, const std::vector<intake::GivenException>& given) {
  auto fields = verdict_fields(verdict);
  if (verdict.outcome != Outcome::not_clean) return fields;
  const auto left = intake::left_open(verdict, given);
  std::size_t i = 0;
  for (auto& field : fields) {
    if (field.name != "finding") continue;
    if (left.is_excepted.at(i)) field.name = "excepted";
    ++i;
  }
  return fields;
}

void show_left_open(const Verdict& verdict, const std::vector<intake::GivenException>& given,
                    const Arguments& arguments, Output& output) {
  if (verdict.outcome != Outcome::not_clean) return;
  const auto left = intake::left_open(verdict, given);
  if (!left.pool || left.findings.empty()) return;
  output.field("open", std::to_string(left.findings.size()) + " of " +
                           counted(verdict.findings.size(), "finding") + " without an exception for " +
                           left.pool->text());
  output.json().number("findings_without_exception", left.findings.size());
  if (arguments.rehearses()) return;  // there is no verdict to propose one from
  const auto& first = intake::worst_of(left.findings);
  const bool possible = may_have_exception(first, verdict.engines);
  const auto how = how_to_propose(first, verdict, *left.pool, arguments);
  output.field("for", first.where + ": " + (possible ? how : "there can be no exception for it"));
  if (possible) output.json().text("propose", how);
}

}  // namespace sallyport::cli
