// SPDX-License-Identifier: Apache-2.0
#include "roles/node/gate_answer.h"

#include "core/gate/decide.h"

namespace sallyport::node {
namespace {

constexpr auto wait = std::chrono::milliseconds(100);

}  // namespace

void Answerer::adopt_new_terms() {
  const auto published = board_.published();
  if (published == adopted_) return;
  events_.forget_all();
  adopted_ = published;
  board_.adopt(published);
}

// A file is read no further than the decision needs. It is held before it is read, so that what was read is
// what it is.
GateQuestion Answerer::find_out(const ExecEvent& event, const GateTerms& terms) {
  GateQuestion question{event.access,   gate::asker_of(event.group, terms.service_groups),
                        event.kind,     event.place,
                        Looks::unknown, Steadiness::steady,
                        event.size,     std::nullopt};
  const gate::ListedFiles files(terms.files);
  if (gate::need(question, files) == gate::Need::looks) question.looks = events_.look();
  if (gate::need(question, files) == gate::Need::digest) {
    question.steadiness = events_.hold();
    question.digest = events_.measure();
  }
  return question;
}

void Answerer::answer(const ExecEvent& event) {
  const auto terms = board_.terms();
  const auto question = find_out(event, terms);
  const auto mode = board_.counts().overflows == 0 ? terms.mode : GateMode::enforce;
  const auto verdict = gate::decide(question, gate::ListedFiles(terms.files), mode);
  const auto keep = verdict.reason == GateReason::listed ? Keep::until_changed : Keep::nothing;
  if (!events_.answer(verdict.answer, keep).ok()) return;
  board_.count(verdict);
  if (!gate::permits(verdict.reason)) {
    board_.record({{mode, question, verdict}, event.process, events_.place_of_last()});
  }
}

Result<void> Answerer::round() {
  board_.beat();
  adopt_new_terms();
  ExecEvent event{};
  switch (TRY(events_.next(wait, event))) {
    case Arrived::nothing:
      return {};
    case Arrived::overflow:
      board_.alarm_overflow();
      events_.forget_all();
      return {};
    case Arrived::event:
      answer(event);
      return {};
  }
  return {};
}

void answer_questions(ExecEvents& events, GateBoard& board, const std::function<bool()>& go_on) {
  Answerer answerer(events, board);
  while (go_on()) {
    if (!answerer.round().ok()) return;
  }
}

}  // namespace sallyport::node
