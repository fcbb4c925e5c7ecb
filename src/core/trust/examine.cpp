// SPDX-License-Identifier: Apache-2.0
#include "core/trust/examine.h"

#include <utility>

#include "core/trust/examine_parts.h"

namespace sallyport::trust {
namespace {

// By what is in it alone, and only for choosing the rules: each of them says no to what belongs to the other.
enum class Form : std::uint8_t { own, foreign, unreadable };
Result<Form> form_of(const ByteSource& file) {
  Findings ignored;  // whoever examines it finds them again
  const auto archive = TRY(read_archive(file, ArchiveForm::any, ignored));
  if (!archive || archive->members.empty()) return Form::unreadable;
  for (const std::string_view mark : {"Artifacts/tree.json", "Artifacts/content.pack"}) {
    if (archive->find(mark) != nullptr) return Form::own;
  }
  return Form::foreign;
}

Result<void> examine_as(Form form, const Examined& what, Leniency& leniency, Examination& result) {
  if (form == Form::foreign) {
    result.foreign = TRY(examine_foreign(what, leniency, result.findings, result.passed));
    return {};
  }
  auto proof = package_noting(what.file, what.policy, what.at, what.workers, result.passed);
  if (proof.ok()) {
    result.passed = proof.value().evidence().checks;
    result.package = std::move(proof).value();
    return {};
  }
  result.findings.add(proof.error());
  return form == Form::own ? examine_own(what, result.findings) : Result<void>();
}

}  // namespace

Result<Examination> examine(const Examined& what) {
  Leniency leniency(what.tolerances);
  Examination result;
  const auto form = TRY(form_of(what.file));
  const auto done = examine_as(form, what, leniency, result);
  result.tolerated = leniency.used();
  if (done.ok()) return result;
  if (result.findings.none()) return done.error();
  result.findings.add(done.error());
  return result;
}

}  // namespace sallyport::trust
