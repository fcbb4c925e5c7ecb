// SPDX-License-Identifier: Apache-2.0
#include "roles/node/gate_answer.h"

#include "core/gate/decide.h"

namespace sallyport::node {
namespace {

constexpr auto wait = std::chrono::milliseconds(100);

// Nobody takes in later terms meanwhile.
class TermsInUse {
 public:
  explicit TermsInUse(WorkerBoard& board) : board_(board), terms_(board.take_terms()) {}
  ~TermsInUse() { board_.give_back(); }
  TermsInUse(const TermsInUse&) = delete;
  TermsInUse& operator=(const TermsInUse&) = delete;
  const GateTerms* operator->() const { return &terms_; }

 private:
  WorkerBoard& board_;
  const GateTerms terms_;
};

// One event, from the question to what is written down.
class Case {
 public:
  Case(ExecEvents& events, WorkerBoard& board, const ExecEvent& event)
      : events_(events), board_(board), event_(event), question_{event.access,   Asker::unknown,
                                                                 event.kind,     event.place,
                                                                 Looks::unknown, Steadiness::steady,
                                                                 event.size,     std::nullopt} {}

  void settle() {
    for (auto lacking = answer_if_known(); lacking != gate::Need::nothing; lacking = answer_if_known()) {
      find_out(lacking);
    }
    if (given_ != Given::given) return;
    board_.count(verdict_);
    if (!gate::permits(verdict_.reason)) {
      board_.record({{mode_, question_, verdict_}, event_.process, events_.place_of_last()});
    }
  }

 private:
  // What has to be found out first; nothing: it is answered.
  gate::Need answer_if_known() {
    const TermsInUse terms(board_);
    question_.asker = gate::asker_of(event_.group, terms->service_groups);
    const auto files = gate::listed_for(question_, terms->files, terms->host);
    // Sealed with other parameters than ours it still may be listed.
    if (sealed_ && !files.has(question_.size, *question_.digest)) question_.digest.reset();
    sealed_ = sealed_ && question_.digest;
    const auto need = gate::need(question_, files);
    if (need == gate::Need::looks && !looked_) return need;
    if (need == gate::Need::digest && !measured_) return need;
    // The host's own file systems keep their mode: to enforce a baseline that nobody has found whole locks out.
    mode_ =
        gate::mode_for(question_, board_.overflowed() ? GateMode::enforce : terms->mode, terms->host_mode);
    verdict_ = gate::decide(question_, files, mode_);
    const auto keep = verdict_.reason == GateReason::listed ? Keep::until_changed : Keep::nothing;
    given_ = events_.answer(verdict_.answer, keep);
    return gate::Need::nothing;
  }

  void find_out(gate::Need lacking) {
    if (lacking == gate::Need::looks) {
      looked_ = true;
      question_.looks = events_.look();
      return;
    }
    if (!asked_kernel_) {
      asked_kernel_ = true;
      question_.digest = events_.sealed_digest();
      sealed_ = question_.digest.has_value();
      if (sealed_) return;
    }
    measured_ = true;
    question_.steadiness = events_.hold();
    question_.digest = events_.measure();
  }

  ExecEvents& events_;
  WorkerBoard& board_;
  const ExecEvent& event_;
  GateQuestion question_;
  bool looked_ = false;
  bool asked_kernel_ = false;
  bool sealed_ = false;  // the digest is the kernel's
  bool measured_ = false;
  GateMode mode_{};
  GateVerdict verdict_{};
  Given given_ = Given::too_late;
};

}  // namespace

Result<void> answer_next(ExecEvents& events, WorkerBoard& board) {
  ExecEvent event{};
  switch (TRY(events.next(wait, event))) {
    case Arrived::nothing:
      return {};
    case Arrived::overflow:
      board.alarm_overflow();
      events.forget_all();
      return {};
    case Arrived::event:
      Case(events, board, event).settle();
      return {};
  }
  return {};
}

}  // namespace sallyport::node
