// SPDX-License-Identifier: Apache-2.0
// Questions whose time is over, in place of the workers that have them: nothing is found out about their files any
// more.
#pragma once

#include "adapters/exec_events/fanotify.h"

namespace sallyport {

class OverdueEvents final : public ExecEvents {
 public:
  explicit OverdueEvents(Workplace& workplace) : workplace_(workplace) {}

  // One more of them. False: there is none.
  bool claim();
  // The one that was claimed; does not wait.
  Result<Arrived> next(std::chrono::milliseconds, ExecEvent& event) override;
  Looks look() override { return Looks::unknown; }
  std::optional<FileDigest> sealed_digest() override { return std::nullopt; }
  Steadiness hold() override { return Steadiness::written; }
  std::optional<FileDigest> measure() override { return std::nullopt; }
  Given answer(GateAnswer answer, Keep keep) override;
  std::string place_of_last() override { return place_; }
  void forget_all() override { workplace_.forget = true; }

 private:
  Workplace& workplace_;
  int whose_ = 0;
  std::optional<PendingQuestion> question_;
  std::string place_;
};

}  // namespace sallyport
