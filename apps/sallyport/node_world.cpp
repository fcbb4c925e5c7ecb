// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/node_world.h"

#include <sys/utsname.h>

#include <climits>
#include <cstdlib>
#include <ctime>

#include "adapters/signer/open.h"
#include "apps/sallyport/inputs.h"
#include "roles/node/books.h"
#include "roles/node/node_key.h"

namespace sallyport::cli {

Result<std::string> absolute_folder(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
  if (!resolved) return Error(Code::node_not_initialised, path, "a folder", "none");
  return std::string(resolved.get());
}

Result<std::unique_ptr<Signer>> open_node_key(Disk& disk, const std::string& root) {
  const auto books = TRY(node::Books::open(disk));
  auto key = TRY(open_signer("file:" + root + "/" + node::paths::private_key));
  TRY(node::check_node_key(key->public_key().id(), books.state().identity.key));
  return key;
}

std::string this_machine() {
  struct utsname names {};
  return ::uname(&names) == 0 ? names.machine : "any";
}

NodeWorld::NodeWorld(std::unique_ptr<Disk> disk, std::string root, Instant now)
    : disk_(std::move(disk)),
      services_(own_program()),
      root_(std::move(root)),
      architecture_(this_machine()),
      now_(now) {}

Result<std::unique_ptr<NodeWorld>> NodeWorld::open_to_look(const Arguments& arguments) {
  auto root = TRY(absolute_folder(arguments.text("root")));
  auto disk = TRY(disk_to_change(arguments, root));
  // A node that lost its identity is damaged, and the books say so; only an empty folder is no node.
  if (!TRY(disk->find("node.json")) && !TRY(disk->find("journal")))
    return Error(Code::node_not_initialised, root, "node.json", "none");
  const auto now = TRY(Instant::from_seconds(std::time(nullptr)));
  std::unique_ptr<NodeWorld> world(new NodeWorld(std::move(disk), std::move(root), now));
  if (arguments.rehearses()) world->rehearsed_.emplace(world->services_);
  return world;
}

Result<std::unique_ptr<NodeWorld>> NodeWorld::open(const Arguments& arguments) {
  auto world = TRY(open_to_look(arguments));
  if (world->rehearsed_) return world;
  world->events_.emplace(TRY(FileEventLog::open(world->root() + "/events.jsonl")));
  return world;
}

Result<std::unique_ptr<NodeWorld>> NodeWorld::open_to_judge(const Arguments& arguments) {
  auto world = TRY(open_to_look(arguments));
  auto events = FileEventLog::open(world->root() + "/events.jsonl");
  if (!events.ok()) {
    world->no_events_ = events.take_error();
    return world;
  }
  world->events_.emplace(std::move(events).value());
  return world;
}

Result<void> NodeWorld::record_verdict(Event event, std::optional<Error> verdict) {
  auto recorded = record(std::move(event), verdict ? &*verdict : nullptr);
  if (!verdict) return recorded;
  if (!recorded.ok()) {
    verdict->effect = "nothing changed; it could not be written into the event log (" +
                      std::string(name(recorded.error().code)) + ")";
  }
  return *verdict;
}

Event NodeWorld::event(std::string activity, std::string subject) const {
  return {std::move(activity), now_, user_name(), std::move(subject), {}, {}, {}, 0, {}, {}, "nothing"};
}

Result<void> NodeWorld::record(Event event, const Error* error) {
  if (error != nullptr) event.error = *error;
  if (error != nullptr && !error->effect.empty()) event.effect = error->effect;
  if (rehearsed_) return {};
  if (no_events_) return *no_events_;
  CHECK(events_.has_value());
  return events_->record(event);
}

}  // namespace sallyport::cli
