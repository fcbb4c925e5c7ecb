// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/recall_view.h"

#include "apps/sallyport/output.h"
#include "core/base/text.h"

namespace sallyport::cli {
namespace {

std::string joined_names(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string_view words_about(node::RecallReport::Effect effect) {
  using Effect = node::RecallReport::Effect;
  switch (effect) {
    case Effect::known:
      return "nothing: the node knew it";
    case Effect::mended:
      return "the node knew it; its copy was damaged or gone, and is here again";
    case Effect::taken:
      break;
  }
  return "what it names is not installed, started or returned to any more";
}

}  // namespace

std::string effect_of(const node::RecallReport& report) {
  std::string text(words_about(report.effect));
  if (!report.alarm) return text;
  const auto names = joined_names(report.services);
  return text +
         "; the active generation has it: " + (names.empty() ? "it has no services" : "services " + names);
}

const Error* describe(const node::RecallReport& report, Event& event) {
  event.checks = report.checks;
  event.signer = report.recall.proposer.text();
  event.effect = effect_of(report);
  return report.alarm ? &*report.alarm : nullptr;
}

void show_alarm(const Error& alarm, Output& output) {
  output.line("\nALARM: the active generation has what was recalled: " + printable(alarm.where) +
              ". A gate that runs denies it from now on.");
}

std::string advice_after_alarm(const std::string& root) {
  return "sallyport node stop --root " + root + ", and install a release without it";
}

}  // namespace sallyport::cli
