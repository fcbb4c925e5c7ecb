// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyportd/workers.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "adapters/host/random.h"
#include "adapters/signer/open.h"
#include "core/base/library_fault.h"
#include "roles/server/fetch.h"

namespace sallyport::sallyportd {
namespace {

constexpr auto look = std::chrono::milliseconds(20);
constexpr std::int64_t rescan_seconds = 30;

// Engines are asked now and then whether they know more, not at each look for work.
Worker::Step rescans(server::World& world, ApartIntake& intake, const std::string& holder) {
  const auto next = std::make_shared<std::int64_t>(0);
  return [&world, &intake, holder, next](const server::Claimed&,
                                         const server::GoesOn&) -> Result<server::Worked> {
    const auto now = world.clock.now().seconds();
    if (now < *next) return server::Worked::on_nothing;
    const auto worked = attempt([&] { return server::rescan_one(world, intake, holder); });
    const bool is_more = worked.ok() && worked.value() == server::Worked::on_a_package;
    *next = now + (is_more ? 0 : rescan_seconds);
    return worked;
  };
}

}  // namespace

Result<std::unique_ptr<Signer>> intake_signer(const Policy& policy, const server::Settings& settings) {
  auto signer = TRY(open_signer(settings.intake_key));
  if (policy.intake_of(signer->public_key().id()) == nullptr)
    return Error(Code::verdict_signer_unknown, "intake_key", "the key of an intake of the policy",
                 signer->public_key().id().text());
  return signer;
}

Result<std::unique_ptr<Workers>> Workers::start(server::World& world, const server::Settings& settings,
                                                const std::string& program) {
  auto workers = std::unique_ptr<Workers>(new Workers());
  for (std::uint32_t n = 0; n < settings.workers; ++n) {
    auto signer = TRY(intake_signer(world.policy, settings));
    const intake::PolicyFiles policy{copy(as_bytes(world.policy_file)), {}};
    workers->intakes_.push_back(std::make_unique<ApartIntake>(settings, program, policy, std::move(signer)));
    const auto holder = "intake-" + TRY(random_uuid());
    const auto step = [&world, &intake = *workers->intakes_.back(), holder](const server::Claimed& claimed,
                                                                            const server::GoesOn& goes_on) {
      return server::process_one(world, intake, holder, claimed, goes_on);
    };
    workers->threads_.push_back(std::make_unique<Worker>(world, holder, step));
  }
  if (settings.workers > 0) {
    auto signer = TRY(intake_signer(world.policy, settings));
    const intake::PolicyFiles policy{copy(as_bytes(world.policy_file)), {}};
    workers->intakes_.push_back(std::make_unique<ApartIntake>(settings, program, policy, std::move(signer)));
    const auto again = "rescan-" + TRY(random_uuid());
    workers->threads_.push_back(
        std::make_unique<Worker>(world, again, rescans(world, *workers->intakes_.back(), again)));
  }
  if (world.fetcher == nullptr) return workers;
  const auto holder = "fetch-" + TRY(random_uuid());
  const auto step = [&world, holder](const server::Claimed& claimed, const server::GoesOn& goes_on) {
    return server::fetch_one(world, holder, claimed, goes_on);
  };
  workers->threads_.push_back(std::make_unique<Worker>(world, holder, step));
  return workers;
}

Workers::Ended Workers::wait(std::int64_t seconds) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  const auto has_ended = [](const auto& thread) { return thread->has_ended(); };
  while (!std::all_of(threads_.begin(), threads_.end(), has_ended)) {
    if (std::chrono::steady_clock::now() >= until) return Ended::no;
    std::this_thread::sleep_for(look);
  }
  return Ended::yes;
}

Workers::Ended Workers::end() {
  for (const auto& thread : threads_) thread->end();
  if (wait(patience_seconds) == Ended::yes) return Ended::yes;
  for (const auto& intake : intakes_) intake->stop();
  if (wait(killed_seconds) == Ended::yes) return Ended::yes;
  for (const auto& thread : threads_) thread->give_back();
  return Ended::no;
}

}  // namespace sallyport::sallyportd
