// SPDX-License-Identifier: Apache-2.0
#include "roles/server/forward.h"

#include <algorithm>
#include <vector>

#include "core/base/library_fault.h"
#include "core/format/fields.h"
#include "core/format/json.h"
#include "core/format/json_writer.h"
#include "roles/server/audit.h"

namespace sallyport::server {
namespace {

constexpr std::string_view schema = "sallyport-syslog/1";
constexpr std::uint64_t position_size_max = 4096;
constexpr std::uint64_t part_size_max = 1U << 20U;
constexpr std::int64_t look_seconds = 1;
constexpr std::int64_t pause_seconds_max = 300;

constexpr std::string_view beginning = R"({"time":")";  // of each event
constexpr std::size_t unreadable_size_max = 1024;

std::optional<SyslogEvent> read_event(BytesView line, std::uint64_t number) {
  const auto record = parse_audit(line);
  if (!record.ok()) return std::nullopt;
  const auto& r = record.value();
  const auto time = Instant::from_seconds(r.time);
  if (!time.ok()) return std::nullopt;
  return SyslogEvent{number,   time.value(), r.account, r.source, r.action,
                     r.object, r.outcome,    r.code,    r.detail};
}

SyslogEvent unreadable(BytesView line, std::uint64_t number, Instant now) {
  const auto shown = line.first(std::min(line.size(), unreadable_size_max));
  return {number, now, "", "local", "UNREADABLE", "", "fault", "", std::string(as_text(shown))};
}

// One, unless a write was torn and the next event stands behind it.
std::vector<SyslogEvent> events_of(BytesView line, std::uint64_t number, Instant now) {
  if (auto event = read_event(line, number)) return {std::move(*event)};
  const auto at = as_text(line).rfind(beginning);
  if (at == std::string_view::npos || at == 0) return {unreadable(line, number, now)};
  auto last = read_event(line.subspan(at), number);
  if (!last) return {unreadable(line, number, now)};
  return {unreadable(line.first(at), number, now), std::move(*last)};
}

// Whether the line before the position is the one that was taken last.
enum class File : std::uint8_t { same, other };

Result<File> compare(const ByteSource& file, const ForwardPosition& position) {
  if (file.size() < position.offset) return File::other;
  const auto last = TRY(file.read(position.offset - position.last_size, position.last_size, part_size_max));
  return sha256(last) == position.last ? File::same : File::other;
}

}  // namespace

std::string print_position(const ForwardPosition& position) {
  JsonWriter to;
  to.begin_object().text("schema", schema).number("offset", position.offset).number("line", position.line);
  to.number("last_size", position.last_size).text("last", position.last.text()).end_object();
  return to.take() + "\n";
}

Result<ForwardPosition> parse_position(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, position_size_max, Code::json_malformed));
  auto from = TRY(document.object());
  TRY(from.expect("schema", schema));
  ForwardPosition position;
  position.offset = TRY(from.number("offset", fields::number_max));
  position.line = TRY(from.number("line", fields::number_max));
  position.last_size = TRY(from.number("last_size", part_size_max));
  position.last = TRY(fields::parsed<Sha256Digest>(from, "last"));
  TRY(from.finish());
  if (position.last_size > position.offset)
    return from.malformed("last_size", "no more than offset", std::to_string(position.last_size));
  return position;
}

Result<void> Forwarder::begin_anew(std::string why) {
  TRY(record(world_, own_event(world_, "SYSLOG", "fault", std::move(why))));
  const ForwardPosition anew{0, position_ ? position_->line : 0, 0, sha256({})};
  TRY(world_.audit.replace_file(forward_position_file, as_bytes(print_position(anew)), 0600));
  position_ = anew;
  return {};
}

Result<void> Forwarder::load() {
  if (position_) return {};
  if (!TRY(world_.audit.find(forward_position_file))) {
    position_.emplace();
    return {};
  }
  const auto bytes = TRY(world_.audit.read_small(forward_position_file, position_size_max));
  const auto read = parse_position(bytes);
  if (!read.ok())
    return begin_anew("the position of what was sent cannot be read; all that is there is sent");
  position_ = read.value();
  return {};
}

// With its line end.
void Forwarder::add(Batch& batch, BytesView line) {
  auto& behind = batch.behind;
  const bool is_whole = line.back() == '\n';
  ++batch.count;
  ++behind.line;
  for (const auto& event :
       events_of(line.first(line.size() - (is_whole ? 1 : 0)), behind.line, world_.clock.now()))
    batch.frames += syslog_frame(print_syslog(origin_, event));
  behind.offset += line.size();
  behind.last_size = line.size();
  behind.last = sha256(line);
}

void Forwarder::show_waiting(std::uint64_t bytes, std::int64_t oldest) {
  world_.live.syslog_waiting = bytes;
  world_.live.syslog_oldest = static_cast<std::uint64_t>(oldest);
}

Result<Forwarder::Batch> Forwarder::next_batch() {
  TRY(load());
  Batch batch{{}, 0, *position_};
  if (!TRY(world_.audit.find(audit_file))) return batch;
  const auto file = TRY(world_.audit.open(audit_file));
  if (TRY(compare(*file, *position_)) == File::other) {
    TRY(begin_anew(
        "the file of security events is another one; what of the old one was not sent is not sent"));
    batch.behind = *position_;
  }
  const auto from = batch.behind.offset;
  const auto waiting = file->size() - std::min(file->size(), from);
  const auto part = TRY(file->read(from, std::min(waiting, part_size_max), part_size_max));
  BytesView left(part);
  while (batch.count < forwarded_events_max) {
    const auto end = std::find(left.begin(), left.end(), std::uint8_t{'\n'});
    if (end == left.end()) break;
    const auto size = static_cast<std::size_t>(end - left.begin()) + 1;
    add(batch, left.first(size));
    left = left.subspan(size);
  }
  // No event of ours is as long as that.
  if (batch.count == 0 && left.size() == part_size_max) add(batch, left);
  const auto first_line = BytesView(part).first(
      static_cast<std::size_t>(std::find(part.begin(), part.end(), std::uint8_t{'\n'}) - part.begin()));
  const auto first = parse_audit(first_line);
  show_waiting(waiting, first.ok() ? first.value().time : 0);
  return batch;
}

Result<Forwarder::Left> Forwarder::send_one() {
  const auto batch = TRY(next_batch());
  if (batch.count == 0) return Left::nothing;
  TRY(collector_.deliver(batch.frames));
  TRY(world_.audit.replace_file(forward_position_file, as_bytes(print_position(batch.behind)), 0600));
  position_ = batch.behind;
  world_.live.syslog_sent += batch.count;
  if (batch.count == forwarded_events_max) return Left::something;
  show_waiting(0, 0);
  return Left::nothing;
}

std::int64_t Forwarder::step() {
  const auto sent = attempt([&] { return send_one(); });
  if (!sent.ok()) {
    ++world_.live.syslog_failed;
    if (failures_++ == 0) {
      auto event = own_event(world_, "SYSLOG", "fault", sent.error().where + ": " + sent.error().found);
      event.code = name(sent.error().code);
      static_cast<void>(record(world_, event).ok());  // there is the metric
    }
    return std::min(std::int64_t{1} << std::min(failures_ - 1, 16U), pause_seconds_max);
  }
  if (failures_ > 0) {
    const auto tries = std::to_string(std::exchange(failures_, 0));
    static_cast<void>(
        record(world_, own_event(world_, "SYSLOG", "success", "taken again after " + tries + " tries")).ok());
  }
  return sent.value() == Left::something ? 0 : look_seconds;
}

}  // namespace sallyport::server
