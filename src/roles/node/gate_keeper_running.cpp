// SPDX-License-Identifier: Apache-2.0
// What runs already when a gate begins, or begins to enforce: nobody has been asked about it.
#include <algorithm>

#include "core/base/text.h"
#include "core/gate/decide.h"
#include "roles/node/gate_keeper.h"

namespace sallyport::node {

// Whoever starts a service under a gate marks its temporary file systems; what was started without one has them marked
// here, and so has what was being started when the gate began.
Result<void> GateKeeper::watch_running(Instant now) {
  if (!in_force() || watched_at_ == now) return {};
  watched_at_ = now;
  std::optional<Error> failed;
  for (const auto& [service, group] : next_.services) {
    auto watched = ports_.confinement.watch_running(service_group(ports_.root, service), ports_.custodian);
    if (!watched.ok()) failed = watched.take_error();
  }
  const auto told = std::exchange(unwatched_, failed ? std::optional(failed->code) : std::nullopt);
  if (!failed || told == unwatched_) return {};
  auto made = event("gate-alarm", "unwatched", now);
  made.error = std::move(failed);
  made.effect = "what a service that runs already writes into its temporary folders is read unasked";
  return ports_.events.record(made);
}

// M28: under terms that are in force, so that whatever comes later is asked about.
Result<void> GateKeeper::look_through(Instant now) {
  const bool again = look_again_at_ && now >= *look_again_at_;
  if (!in_force() || (looked_as_ == next_.mode && !again)) return {};
  const auto unlisted = TRY(find_unlisted());
  TRY(tell_unlisted(unlisted, now));
  next_.unlisted_count = unlisted.size();
  next_.unlisted = {unlisted.begin(), unlisted.begin() + static_cast<std::ptrdiff_t>(
                                                             std::min(unlisted.size(), unlisted_shown_max))};
  look_again_at_ = unlisted.empty() ? std::nullopt : std::optional(now.plus(unlisted_again_seconds));
  looked_as_ = next_.mode;
  return {};
}

Result<std::vector<UnlistedCode>> GateKeeper::find_unlisted() {
  const gate::ListedFiles files(files_);
  std::vector<std::uint64_t> groups;
  for (const auto& [service, group] : next_.services) groups.push_back(group);
  const auto running = TRY(
      ports_.running_code({ports_.root, groups, [&](std::uint64_t size) { return files.has_size(size); }}));
  const auto own = own_processes(running);
  std::vector<UnlistedCode> unlisted;
  for (const auto& code : running) {
    if (own.contains(code.process.pid) || (code.digest && files.has(code.size, *code.digest))) continue;
    const auto service = std::ranges::find_if(
        next_.services, [&](const GuardedService& one) { return one.group == code.group; });
    unlisted.push_back({code.process.pid, service == next_.services.end() ? "" : service->service.text(),
                        valid_utf8(code.file)});
  }
  std::ranges::sort(unlisted);
  return unlisted;
}

// Of each service the two processes that were this program when it was started, and are it still: the first one of its
// namespace, which its record names, and the parent of that.
std::set<int> GateKeeper::own_processes(const std::vector<RunningCode>& running) {
  std::set<int> own;
  for (const auto& [service, group] : next_.services) {
    const auto bytes = ports_.disk.read_small("run/" + service.text() + ".json", run_record_size_max);
    const auto record = bytes.ok() ? parse_run_record(bytes.value()) : Result<RunRecord>(bytes.error());
    if (!record.ok()) continue;
    for (const auto& code : running) {
      if (code.process != record.value().process) continue;
      own.insert({code.process.pid, code.parent});
    }
  }
  return own;
}

Result<void> GateKeeper::tell_unlisted(const std::vector<UnlistedCode>& unlisted, Instant now) {
  std::size_t told = 0;
  for (const auto& one : unlisted) {
    if (unlisted_.contains(one)) continue;
    if (++told > unlisted_shown_max) break;
    auto made = event("gate-alarm", one.file, now);
    made.checks.push_back({"process", std::to_string(one.process)});
    made.checks.push_back({"service", one.service.empty() ? "none" : one.service});
    made.error = runs_unlisted(one);
    made.effect = "it goes on: what runs already is told, and not ended";
    if (told == unlisted_shown_max) made.effect += "; there may be more, of which only the number is told";
    TRY(ports_.events.record(made));
  }
  unlisted_ = {unlisted.begin(), unlisted.end()};
  return {};
}

}  // namespace sallyport::node
