// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "roles/server/process.h"

namespace sallyport::server {

// What intake says next.
class ScriptedIntake final : public Intake {
 public:
  Result<Taken> submit(const Content& content, Instant) override {
    ++asked;
    exceptions = content.exceptions;
    auto said = asked <= deaths ? Result<Taken>(Error(Code::examiner_failed, "the worker")) : says;
    if (!said.ok()) return said;
    auto taken = std::move(said).value();
    // "content/ID.DIGEST.csar"
    if (taken.package.empty()) taken.package = content.path.substr(content.path.size() - 69, 64);
    return taken;
  }
  static Taken clean() {
    return {"", "{\"verdict\":1}\n", std::nullopt, std::string(64, 'a'), "Acme", "mme", "1.0", {}};
  }
  int asked = 0;
  int deaths = 0;                       // of whatever reads packages, before it says something
  std::vector<std::string> exceptions;  // that it was given last
  Result<Taken> says = clean();
};

}  // namespace sallyport::server
