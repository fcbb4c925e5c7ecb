// SPDX-License-Identifier: Apache-2.0
// All that works on packages in this server: intakes side by side, each with its own way to the scanner and the key,
// one that looks again at what is on-boarded, and one that fetches, where it may. Ends in a bounded time, whatever
// hangs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/sallyportd/intake.h"
#include "apps/sallyportd/worker.h"

namespace sallyport::sallyportd {

class Workers {
 public:
  // `program` reads packages; unused where settings.workers is 0.
  static Result<std::unique_ptr<Workers>> start(server::World& world, const server::Settings& settings,
                                                const std::string& program);

  // What is under way has `patience_seconds` to come to its end, then its processes are killed, and what they were at
  // is for another server. `no`: something hangs that cannot be killed (a scanner that does not answer); what it was at
  // is given back as well, and whoever ends the process loses nothing.
  enum class Ended : std::uint8_t { no, yes };
  Ended end();

  static constexpr std::int64_t patience_seconds = 10;
  static constexpr std::int64_t killed_seconds = 5;

 private:
  Workers() = default;
  Ended wait(std::int64_t seconds) const;
  std::vector<std::unique_ptr<ApartIntake>> intakes_;
  std::vector<std::unique_ptr<Worker>> threads_;
};

// The key of settings.intake_key, which has to be one of the policy's.
Result<std::unique_ptr<Signer>> intake_signer(const Policy& policy, const server::Settings& settings);

}  // namespace sallyport::sallyportd
