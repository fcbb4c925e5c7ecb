// SPDX-License-Identifier: Apache-2.0
// PUT package_content: to the disk part by part, under a claim on the package that an upload which falls silent loses.
// What came in before a connection broke stays, and a PUT with Content-Range goes on behind it.
#include <algorithm>

#include "core/format/json_writer.h"
#include "roles/server/content.h"
#include "roles/server/packages.h"
#include "roles/server/problem.h"
#include "roles/server/quota.h"
#include "roles/server/range.h"
#include "roles/server/repr_digest.h"
#include "roles/server/upload.h"

namespace sallyport::server {
namespace {

constexpr std::int64_t renew_seconds = 30;
constexpr std::uint64_t mark_size = std::uint64_t{64} << 20U;  // so much at most comes twice after a crash
constexpr std::uint64_t room_size = std::uint64_t{4} << 20U;  // so much is written between two looks for room

// What a question brings.
struct Coming {
  std::optional<ContentPart> part;     // none: the whole
  std::optional<std::uint64_t> total;  // as far as it says so
  std::optional<Sha256Digest> digest;  // of the whole, where it says so
  bool ends_the_whole() const { return !part || part->first + part->size == part->total; }
};

WebAnswer at_offset(WebAnswer answer, std::uint64_t offset) {
  answer.headers.emplace_back("Upload-Offset", std::to_string(offset));
  return answer;
}

class UploadBody final : public WebBody {
 public:
  UploadBody(World& world, PackageRecord package, Coming coming, std::unique_ptr<Upload> upload, Room room)
      : world_(world),
        package_(std::move(package)),
        coming_(coming),
        upload_(std::move(upload)),
        room_(std::move(room)),
        began_at_(upload_->size()),
        renewed_(world.clock.now()) {}
  UploadBody(const UploadBody&) = delete;
  UploadBody& operator=(const UploadBody&) = delete;

  // What did not come to its end stays for whoever goes on with it.
  ~UploadBody() override {
    if (!is_finished_) static_cast<void>(leave().ok());
  }

  std::uint64_t size_max() const override {
    return coming_.part ? coming_.part->size : world_.package_size_max;
  }

  std::optional<WebAnswer> take(BytesView part) override {
    const auto room = room_.reach(upload_->size() + part.size());
    if (!room.ok()) return answer_with(problem(room.error()));
    if (room.value() == Reserving::not_held) return lost();
    if (room.value() == Reserving::full) return too_much();
    const auto done = put_down(part);
    if (!done.ok()) return answer_with(problem(done.error()));
    return done.value() == Changed::not_found ? std::optional(lost()) : std::nullopt;
  }

  WebAnswer finish() override {
    const auto done = end();
    return done.ok() ? done.value() : answer_with(problem(done.error()));
  }

 private:
  // not_found: the package is not ours any more.
  Result<Changed> put_down(BytesView part) {
    const auto written = write(part);
    is_full_ = began_at_ == 0 && !written.ok() && written.error().code == Code::disk_full;
    TRY(written);
    const bool is_time = world_.clock.now() >= renewed_.plus(renew_seconds);
    if (!is_time && upload_->size() - upload_->marked() < mark_size) return Changed::done;
    TRY(upload_->mark(world_.clock.now()));
    return renew();
  }

  Result<void> write(BytesView part) {
    if (upload_->size() >= room_until_) {
      TRY(check_room(world_.data, part.size(), world_.disk_left_min));
      room_until_ = upload_->size() + room_size;
    }
    return upload_->write(part);
  }

  Result<Changed> renew() {
    renewed_ = world_.clock.now();
    return world_.db.keep_claim(package_.id, package_.holder, renewed_.plus(upload_seconds_max));
  }

  WebAnswer too_much() {
    is_full_ = began_at_ == 0;
    return answer_with(room_.refusal());
  }

  WebAnswer lost() {
    is_finished_ = true;
    return answer_with(Trouble::state_conflict,
                       "the upload was silent for too long, and another one has begun");
  }

  // The lock before the claim: who has claimed the package next finds it free.
  Result<void> leave() {
    is_finished_ = true;
    const auto marked = is_full_ ? Result<void>() : upload_->mark(world_.clock.now());
    const bool is_dropped = is_full_ || upload_->marked() == 0;
    auto removed = is_dropped ? upload_->remove_traces() : Result<void>();
    // The rest has its room until it comes, or nobody goes on for a day.
    package_.reserved = is_dropped ? 0 : coming_.total.value_or(upload_->size());
    upload_.reset();
    package_.state = Onboarding::created;
    package_.content.clear();
    package_.size = 0;
    TRY(world_.db.finish_claim(package_, package_.holder));
    TRY(marked);
    return removed;
  }

  Result<WebAnswer> end() {
    const auto there = upload_->size();
    if (there == 0) return answer_with(Trouble::request_malformed, "there is no content");
    if (coming_.part && there - began_at_ < coming_.part->size)
      return answer_with(Trouble::request_malformed, "the body is shorter than Content-Range says");
    if (coming_.ends_the_whole()) return complete();
    TRY(leave());
    return at_offset(answer_empty(204), there);
  }

  // Parts of two files, say: there is nothing to go on with.
  Result<WebAnswer> other_than_said(const Sha256Digest& found) {
    TRY(upload_->remove_traces());
    is_finished_ = true;
    upload_.reset();
    package_.state = Onboarding::created;
    package_.reserved = 0;
    TRY(world_.db.finish_claim(package_, package_.holder));
    return answer_with(Trouble::digest_mismatch, "what came digests to " + found.text());
  }

  Result<WebAnswer> complete() {
    const auto digest = TRY(upload_->complete([this]() -> Result<void> {
      if (world_.clock.now() >= renewed_.plus(renew_seconds)) TRY(renew());
      return {};
    }));
    if (coming_.digest && *coming_.digest != digest) return other_than_said(digest);
    package_.content = digest.text();
    package_.size = upload_->size();
    package_.reserved = 0;
    package_.state = Onboarding::processing;
    if (TRY(world_.db.finish_claim(package_, package_.holder)) == Changed::not_found) return lost();
    is_finished_ = true;
    // It is taken. What goes wrong from here on, intake or the sweeper sets right.
    if (settle_content(world_.data, package_).ok()) static_cast<void>(upload_->remove_traces().ok());
    return answer_empty(202);
  }

  World& world_;
  PackageRecord package_;
  Coming coming_;
  std::unique_ptr<Upload> upload_;
  Room room_;
  std::uint64_t began_at_;
  std::uint64_t room_until_ = 0;  // up to here there was room when it was looked for
  Instant renewed_;
  bool is_full_ = false;  // and what is there is of this request alone
  bool is_finished_ = false;
};

// What is ignored in a Content-Range would be a part taken for the whole.
std::variant<Coming, WebAnswer> coming_of(World& world, const WebQuestion& question) {
  Coming coming{{}, question.body_size, {}};
  for (const auto& [name, value] : question.headers) {
    if (name == "repr-digest") {
      const auto digest = parse_repr_digest(value);
      if (!digest.ok() || coming.digest)
        return answer_with(Trouble::request_malformed, "Repr-Digest: sha-256=:BASE64:, once");
      coming.digest = digest.value();
    }
    if (name != "content-range") continue;
    auto part = parse_content_range(value);
    if (!part || coming.part)
      return answer_with(Trouble::request_malformed, "Content-Range: bytes FIRST-LAST/TOTAL, once");
    coming.part = part;
    coming.total = part->total;
  }
  if (coming.total.value_or(0) > world.package_size_max) return answer_with(Trouble::content_too_large);
  if (coming.part && question.body_size.value_or(coming.part->size) != coming.part->size)
    return answer_with(Trouble::request_malformed, "Content-Length and Content-Range say different sizes");
  return coming;
}

// Where the bytes go to; or why they do not.
std::variant<Received, WebAnswer> place_of(const Received& there, const Coming& coming) {
  if (!coming.part || coming.part->first == 0) return Received{0, coming.total};
  if (there.size == coming.part->first && there.total.value_or(coming.part->total) == coming.part->total)
    return Received{there.size, coming.total, there.changed};
  return at_offset(
      answer_with(Trouble::upload_offset_wrong,
                  "it goes on at " + std::to_string(there.size) +
                      (there.total ? " of " + std::to_string(*there.total) + " bytes" : std::string())),
      there.size);
}

// Nothing: from here on the bytes go in.
Result<std::optional<WebAnswer>> open(World& world, Upload& upload, Room& room, PackageRecord& package,
                                      const Coming& coming) {
  auto place = place_of(TRY(find_received(world.data, package.id)), coming);
  if (auto* const refusal = std::get_if<WebAnswer>(&place)) return std::optional(std::move(*refusal));
  const auto& there = std::get<Received>(place);
  const auto outcome = TRY(room.hold(coming.total.value_or(0)));
  if (outcome == Reserving::full) return std::optional(answer_with(room.refusal()));
  if (outcome == Reserving::not_held)
    return std::optional(answer_with(Trouble::state_conflict, "somebody else has begun to upload"));
  package.reserved = room.bytes();
  if (there.size == 0)
    TRY(upload.start(there.total));
  else
    TRY(upload.go_on(there));
  return std::optional<WebAnswer>();
}

// The package is ours; whatever happens, it is free again unless the bytes go in.
Result<WebBegun> begin_upload(World& world, PackageRecord& package, const Coming& coming) {
  TRY(check_room(world.data, coming.part ? coming.part->size : coming.total.value_or(0),
                 world.disk_left_min));
  auto upload = Upload::hold(world.data, package.id);
  if (!upload.ok() && upload.error().code == Code::node_busy)
    return WebBegun(answer_with(Trouble::state_conflict, "another upload of it has not ended yet"));
  if (!upload.ok()) return upload.error();
  Room room(world, package);
  auto refusal = TRY(open(world, *upload.value(), room, package, coming));
  if (refusal) return WebBegun(std::move(*refusal));
  return WebBegun(
      std::make_unique<UploadBody>(world, package, coming, std::move(upload).value(), std::move(room)));
}

}  // namespace

bool takes_content(const PackageRecord& package, Instant now) {
  const bool is_held = package.held_until > now.seconds() &&
                       package.held_until <= now.plus(package_hold_seconds_max).seconds();
  return package.state == Onboarding::created ||
         (package.state == Onboarding::uploading && package.source.empty() && !is_held);
}

WebAnswer content_not_taken(const PackageRecord& package) {
  return answer_with(Trouble::state_conflict,
                     "the package is " + std::string(word(package.state)) + "; content is taken in CREATED");
}

Handled put_content(World& world, const Call& call) {
  auto found = TRY(find_package(world, call, Access::change));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return WebBegun(std::move(*answer));
  auto package = std::get<Seen>(found).package;
  if (!takes_content(package, call.now)) return WebBegun(content_not_taken(package));
  const std::vector<std::string_view> media_types{"application/zip", "application/octet-stream"};
  if (!has_media_type(call.question, media_types))
    return WebBegun(media_type_refused(call.question, media_types));
  auto coming = coming_of(world, call.question);
  if (auto* const refusal = std::get_if<WebAnswer>(&coming)) return WebBegun(std::move(*refusal));
  package.state = Onboarding::uploading;
  package.holder = "upload-" + TRY(world.new_id());
  package.held_until = call.now.plus(upload_seconds_max).seconds();
  if (TRY(world.db.change_package(package, Happened::nothing)) == Changed::not_found)
    return WebBegun(answer_with(Trouble::state_conflict, "somebody else has begun to upload"));
  auto begun = begin_upload(world, package, std::get<Coming>(coming));
  if (!begun.ok() || std::holds_alternative<WebAnswer>(begun.value())) {
    package.state = Onboarding::created;
    TRY(world.db.finish_claim(package, package.holder));
  }
  return begun;
}

Handled get_upload(World& world, const Call& call) {
  auto found = TRY(find_package(world, call, Access::change));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return WebBegun(std::move(*answer));
  const auto& package = std::get<Seen>(found).package;
  if (!takes_content(package, call.now)) return WebBegun(content_not_taken(package));
  const auto there = TRY(find_received(world.data, package.id));
  JsonWriter to;
  to.begin_object().number("offset", there.size);
  if (there.total) to.number("total", *there.total);
  return WebBegun(at_offset(answer_json(200, to.end_object().take()), there.size));
}

}  // namespace sallyport::server
