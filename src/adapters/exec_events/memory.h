// SPDX-License-Identifier: Apache-2.0
// Questions that a test makes up, and what came of each; and the same with a kernel that fails.
#pragma once

#include <deque>
#include <vector>

#include "adapters/exec_events/port.h"

namespace sallyport {

struct MadeUpEvent {
  ExecEvent event;
  Looks looks = Looks::plain;
  Steadiness steadiness = Steadiness::steady;
  std::optional<FileDigest> digest = {};
  std::optional<FileDigest> sealed = {};
};

class MemoryExecEvents final : public ExecEvents {
 public:
  struct Answered {
    GateAnswer answer;
    Keep keep;
    bool measured;
  };

  Result<Arrived> next(std::chrono::milliseconds, ExecEvent& event) override {
    if (waiting.empty()) return Arrived::nothing;
    now_ = waiting.front();
    waiting.pop_front();
    measured_ = false;
    event = now_->event;
    return Arrived::event;
  }
  Looks look() override { return now_.value().looks; }
  std::optional<FileDigest> sealed_digest() override { return now_.value().sealed; }
  Steadiness hold() override { return now_.value().steadiness; }
  std::optional<FileDigest> measure() override {
    measured_ = true;
    return now_.value().digest;
  }
  Given answer(GateAnswer answer, Keep keep) override {
    answers.push_back({answer, keep, measured_});
    now_.reset();
    return given;
  }
  // Whoever asks for it before the answer is given is wrong.
  std::string place_of_last() override { return now_ ? "ASKED BEFORE THE ANSWER" : "/made/up"; }
  void forget_all() override { ++forgotten; }

  std::deque<MadeUpEvent> waiting;
  std::vector<Answered> answers;
  int forgotten = 0;
  Given given = Given::given;

 private:
  std::optional<MadeUpEvent> now_;
  bool measured_ = false;
};

// Passes everything on, but says at its n-th call that something was let through unasked.
class OverflowingExecEvents final : public ExecEvents {
 public:
  OverflowingExecEvents(ExecEvents& events, int overflow_at) : events_(events), left_(overflow_at) {}

  Result<Arrived> next(std::chrono::milliseconds wait, ExecEvent& event) override {
    if (--left_ == 0) return Arrived::overflow;
    return events_.next(wait, event);
  }
  Looks look() override { return events_.look(); }
  std::optional<FileDigest> sealed_digest() override { return events_.sealed_digest(); }
  Steadiness hold() override { return events_.hold(); }
  std::optional<FileDigest> measure() override { return events_.measure(); }
  Given answer(GateAnswer answer, Keep keep) override { return events_.answer(answer, keep); }
  std::string place_of_last() override { return events_.place_of_last(); }
  void forget_all() override { events_.forget_all(); }

 private:
  ExecEvents& events_;
  int left_;
};

}  // namespace sallyport
