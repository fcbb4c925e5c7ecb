// SPDX-License-Identifier: Apache-2.0
#include "roles/server/fetch.h"

#include "core/base/library_fault.h"
#include "core/format/json.h"
#include "roles/server/audit.h"
#include "roles/server/content.h"
#include "roles/server/packages.h"
#include "roles/server/problem.h"
#include "roles/server/quota.h"
#include "roles/server/upload.h"

namespace sallyport::server {
namespace {

constexpr std::uint64_t body_size_max = 64U << 10U;
constexpr std::size_t url_size_max = 2048;

// Names and passwords for other servers are kept for nobody.
Result<std::string> parse_request(BytesView body) {
  const auto document = TRY(JsonDocument::parse(body, body_size_max, Code::json_malformed));
  auto top = TRY(document.object());
  auto url = TRY(top.text("addressInformation", url_size_max));
  TRY(top.finish());
  return url;
}

// Held by nobody, from now on: so the sweeper sees for how long.
Result<WebAnswer> begin(World& world, PackageRecord package, Instant now, BytesView body) {
  package.source = TRY(parse_request(body));
  TRY(world.fetcher->check(package.source));
  package.state = Onboarding::uploading;
  package.holder.clear();
  package.held_until = now.seconds();
  if (TRY(world.db.change_package(package, Happened::nothing)) == Changed::not_found)
    return answer_with(Trouble::state_conflict, "somebody else has begun to upload");
  return answer_empty(202);
}

class ToUpload final : public Fetched {
 public:
  ToUpload(World& world, Upload& upload, Room& room, const GoesOn& goes_on)
      : world_(world), upload_(upload), room_(room), goes_on_(goes_on) {}
  Result<void> take(BytesView part) override {
    TRY(check_room(world_.data, part.size(), world_.disk_left_min));
    const auto outcome = TRY(room_.reach(upload_.size() + part.size()));
    if (outcome == Reserving::not_held)
      return Error(Code::node_busy, "package", "ours", "another server's by now");
    if (outcome == Reserving::full) return Error(Code::disk_full, "account", "room", room_.refusal().detail);
    return upload_.write(part);
  }
  bool goes_on() override { return goes_on_(); }

 private:
  World& world_;
  Upload& upload_;
  Room& room_;
  const GoesOn& goes_on_;
};

// What stands behind the path may be a key to the file: it is for whoever fetches, and not to be read in records.
std::string without_query(const std::string& url) {
  return url.substr(0, url.find('?'));
}

// An error repeats no more of an address than its beginning, so that it need not be the whole one.
Error shown(Error error) {
  if (error.where.starts_with("https://")) error.where = without_query(error.where);
  return error;
}

struct Got {
  std::string content;
  std::uint64_t size;
};

Result<Got> fetch(World& world, const PackageRecord& package, Upload& upload, Room& room,
                  const GoesOn& goes_on) {
  ToUpload to(world, upload, room, goes_on);
  TRY(upload.start(std::nullopt));
  TRY(world.fetcher->fetch(package.source, world.package_size_max, to));
  if (upload.size() == 0) return Error(Code::truncated, package.source, "a package", "nothing");
  const auto digest = TRY(upload.complete([]() -> Result<void> { return {}; }));
  return Got{digest.text(), upload.size()};
}

// What the other side does; the rest is for another try.
bool is_final(const Error& error) {
  return kind_of(error.code) == Kind::refused || exit_of(error.code) == Exit::unreachable;
}

// What no other try makes better.
std::optional<Problem> refusal_of(const Result<Got>& got, const Room& room) {
  if (got.ok()) return std::nullopt;
  if (room.is_full()) return room.refusal();
  if (!is_final(got.error())) return std::nullopt;
  return refusal_of_package(shown(got.error()));
}

AuditRecord event_of(const World& world, const PackageRecord& package) {
  AuditRecord event;
  event.time = world.clock.now().seconds();
  event.account = package.owner;
  event.source = "local";
  event.action = "FETCH";
  event.object = "/vnfpkgm/v2/vnf_packages/" + package.id;
  event.outcome = "success";
  event.detail = without_query(package.source);
  return event;
}

Result<void> record_fetched(World& world, const PackageRecord& package, const Result<Got>& got,
                            const std::optional<Problem>& refusal) {
  auto event = event_of(world, package);
  if (!got.ok()) {
    const auto error = shown(got.error());
    event.outcome = refusal ? "refused" : "fault";
    event.code = refusal ? refusal->name : name(error.code);
    event.detail = error.where + ": " + error.found;
  }
  return record(world, event);
}

// Still under the lock of the upload.
Result<Changed> end(World& world, PackageRecord package, const Result<Got>& got,
                    const std::optional<Problem>& refusal, const std::string& holder, Upload& upload) {
  package.state = got.ok() ? Onboarding::processing : Onboarding::error;
  package.reserved = 0;
  if (got.ok()) {
    package.content = got.value().content;
    package.size = got.value().size;
  }
  if (refusal) package.failure = print_problem(*refusal);
  const auto changed = TRY(world.db.finish_claim(package, holder));
  // What goes wrong from here on, intake sets right.
  if (changed == Changed::done && got.ok() && settle_content(world.data, package).ok())
    static_cast<void>(upload.remove_traces().ok());
  return changed;
}

// The package is claimed.
Result<void> work_on(World& world, const PackageRecord& package, const std::string& holder,
                     const GoesOn& goes_on) {
  const auto upload = Upload::hold(world.data, package.id);
  Room room(world, package);
  const auto got = !upload.ok()
                       ? Result<Got>(upload.error())
                       : attempt([&] { return fetch(world, package, *upload.value(), room, goes_on); });
  const auto now = world.clock.now();
  if (upload.ok() && !got.ok()) {
    static_cast<void>(upload.value()->remove_traces().ok());
    static_cast<void>(room.hold(0).ok());
  }
  if (!got.ok() && !goes_on()) {
    // For another server, at once.
    TRY(world.db.keep_claim(package.id, holder, now));
    return {};
  }
  const auto refusal = refusal_of(got, room);
  if (!upload.ok() || (!got.ok() && !refusal)) {
    TRY(world.db.keep_claim(package.id, holder, now.plus(fetch_retry_seconds)));
    return record_fetched(world, package, got, refusal);
  }
  if (TRY(end(world, package, got, refusal, holder, *upload.value())) == Changed::not_found) return {};
  return record_fetched(world, package, got, refusal);
}

}  // namespace

Result<Worked> fetch_one(World& world, const std::string& holder, const Claimed& claimed,
                         const GoesOn& goes_on) {
  const auto now = world.clock.now();
  const auto found = TRY(world.db.claim_fetch(holder, now, now.plus(claim_seconds)));
  if (!found) return Worked::on_nothing;
  claimed(found->id);
  const auto done = work_on(world, *found, holder, goes_on);
  claimed("");
  TRY(done);
  return Worked::on_a_package;
}

Handled upload_from_uri(World& world, const Call& call) {
  if (world.fetcher == nullptr) return WebBegun(answer_with(Trouble::upload_from_uri_off));
  auto found = TRY(find_package(world, call, Access::change));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return WebBegun(std::move(*answer));
  const auto package = std::get<Seen>(found).package;
  if (!takes_content(package, call.now)) return WebBegun(content_not_taken(package));
  return take_small_body(
      call, body_size_max, {"application/json"},
      [&world, package, now = call.now](BytesView body) { return begin(world, package, now, body); });
}

}  // namespace sallyport::server
