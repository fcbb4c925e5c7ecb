// SPDX-License-Identifier: Apache-2.0
// Does the steps that core/install/plan.h decided on, one after the other, until one of them fails.
#pragma once

#include <functional>
#include <optional>

#include "roles/node/books.h"
#include "roles/node/config.h"
#include "roles/node/papers.h"
#include "roles/node/ports.h"
#include "roles/node/unpack.h"
#include "roles/node/verify.h"

namespace sallyport::node {

// What unpacking needs; the steps of a rollback or a recovery have none.
struct Material {
  const StoredFile& copy;  // the private copy
  const Package& package;
  Papers papers;
};

class Executor {
 public:
  Executor(const Ports& ports, Books& books, const Material* material = nullptr)
      : ports_(ports), books_(books), material_(material) {}

  Result<void> run(const install::Steps& steps);

  // After run() failed: which step it was.
  const std::optional<install::Step>& failed() const { return failed_; }
  const std::vector<install::Step>& done() const { return done_; }
  // What unpacking did, if it was among the steps.
  const std::optional<Unpacked>& unpacked() const { return unpacked_; }
  // What a complete generation was found to be, if that was among the steps.
  const std::optional<VerifyReport>& verified() const { return verified_; }
  // What became of the configuration, if that was among the steps.
  const std::vector<ConfigReport>& configured() const { return configured_; }
  const std::vector<install::GenerationNumber>& collected() const { return collected_; }
  // What stood in the way of a collection: the next command tries again.
  const std::vector<Error>& collect_errors() const { return collect_errors_; }
  // A service that did not come back during a fallback or a recovery.
  const std::vector<Error>& restart_errors() const { return restart_errors_; }

 private:
  Result<void> act(const install::Step& step);
  Result<void> unpack_package(const install::Unpack& step);
  Result<void> read_back_package(const install::ReadBack& step);
  Result<void> reveal(const install::Reveal& step);
  Result<void> collect(const install::Collect& step);
  Result<void> carry(const install::CarryConfig& step);
  Result<void> point(const install::Point& step);
  Result<void> stop(install::GenerationNumber generation);
  Result<void> start(install::GenerationNumber generation);
  Result<void> await_health(install::GenerationNumber generation);
  Result<void> restart(install::GenerationNumber generation);
  Result<std::vector<Service>> services(install::GenerationNumber generation);

  const Ports& ports_;
  Books& books_;
  const Material* material_;
  std::optional<install::Step> failed_;
  std::vector<install::Step> done_;
  std::optional<Unpacked> unpacked_;
  std::optional<VerifyReport> verified_;
  std::vector<ConfigReport> configured_;
  std::vector<install::GenerationNumber> collected_;
  std::vector<Error> collect_errors_;
  std::vector<Error> restart_errors_;
};

// Puts the disk in order after an interruption; what it did. The lock must be held.
Result<install::Steps> settle(const Ports& ports, Books& books, std::vector<Error>& restart_errors);

}  // namespace sallyport::node
