// SPDX-License-Identifier: Apache-2.0
#include "roles/server/exceptions.h"

#include "core/format/json_writer.h"
#include "core/trust/scan_exception.h"
#include "roles/server/motions.h"
#include "roles/server/problem.h"

namespace sallyport::server {
namespace {

constexpr std::uint32_t page_size = 100;  // newer ones come by the parameter `after`

Motion motion_of(const ExceptionRecord& exception) {
  return {exception.digest, exception.envelope};
}

// A verdict takes no larger ones.
Result<void> check_size(BytesView envelope) {
  if (envelope.size() <= exception_size_max) return {};
  return Error(Code::scan_exception_invalid, "exception",
               "at most " + std::to_string(exception_size_max) + " bytes", std::to_string(envelope.size()));
}

// To refuse one that is over is no harm; whatever else comes then could never count.
CheckSignatures checked(World& world, Instant now) {
  return [&world, now](BytesView envelope) -> Result<void> {
    const auto proposed = TRY(trust::scan_exception_as_proposed(envelope, world.policy, now));
    if (proposed->motion.events.back().act == approve::Act::refuse) return {};
    TRY(check_size(envelope));
    return trust::check_time(proposed->exception, now);
  };
}

Result<WebAnswer> add_exception(World& world, const Call& call, BytesView body) {
  const auto envelope = TRY(parse_envelope(body));
  const auto digest = sha256(envelope.payload);
  if (digest.text() != call.name("digest")) return answer_with(Trouble::digest_mismatch, digest.text());
  if (auto refusal = check_owner(world, call, envelope.signatures.front().key)) return std::move(*refusal);
  TRY(checked(world, call.now)(body));
  const auto exception = TRY(parse_scan_exception(envelope.payload));
  TRY(trust::check_time(exception, call.now));
  const ExceptionRecord record{0,
                               digest.text(),
                               exception.until.seconds(),
                               call.account.name,
                               std::string(as_text(body)),
                               call.now.seconds()};
  const bool is_new = TRY(world.db.add_exception(record)) == Changed::done;
  return answer_empty(is_new ? 201 : 200, {{"Location", "/api/v1/exceptions/" + digest.text()}});
}

void show(const ScanException& said, Instant now, JsonWriter& to) {
  to.text("name", said.name).text("content", said.content.text()).text("code", said.code);
  to.text("engine", said.engine).text("signature", said.signature).text("pool", said.pool.text());
  to.text("until", said.until.print()).key("over").boolean(now >= said.until);
  to.text("time", said.time.print()).text("proposer", said.proposer.text()).text("reason", said.reason);
}

Result<Verified<ProposedScanException>> proposed_of(World& world, const Call& call,
                                                    const ExceptionRecord& record) {
  const auto stored = TRY(join(world, motion_of(record)));
  const auto text = print_envelope(stored.envelope);
  return trust::scan_exception_as_proposed(as_bytes(text), world.policy, call.now);
}

// For eyes: by this server's policy, as of now.
Result<void> show(World& world, const Call& call, const ExceptionRecord& record, JsonWriter& to) {
  to.begin_object().text("digest", record.digest);
  to.text("brought", TRY(Instant::from_seconds(record.created)).print());
  const auto proposed = proposed_of(world, call, record);
  if (!proposed.ok() && kind_of(proposed.error().code) == Kind::fault) return proposed.error();
  if (proposed.ok()) {
    show(proposed.value()->exception, call.now, to);
    to.text("standing", word(proposed.value()->motion.ballot.standing));
  } else {
    to.text("standing", name(proposed.error().code));
  }
  to.end_object();
  return {};
}

}  // namespace

Handled list_exceptions(World& world, const Call& call) {
  const auto after = number_after(call.target);
  if (!after) return WebBegun(answer_with(Trouble::request_malformed, "after: a number"));
  JsonWriter to;
  to.begin_object().key("exceptions").begin_array();
  auto last = *after;
  for (const auto& record : TRY(world.db.list_exceptions(*after, page_size))) {
    TRY(show(world, call, record, to));
    last = record.number;
  }
  to.end_array().number("last", last).end_object();
  return WebBegun(answer_json(200, to.take()));
}

Handled put_exception(World& world, const Call& call) {
  return take_small_body(call, exception_size_max, envelope_types,
                         [&world, call](BytesView body) { return add_exception(world, call, body); });
}

Handled get_exception(World& world, const Call& call) {
  const auto exception = TRY(world.db.find_exception(call.name("digest")));
  if (!exception) return WebBegun(answer_with(Trouble::not_found));
  const auto stored = TRY(join(world, motion_of(*exception)));
  return WebBegun(answer_json(200, print_envelope(stored.envelope)));
}

Handled post_exception_approvals(World& world, const Call& call) {
  const auto exception = TRY(world.db.find_exception(call.name("digest")));
  if (!exception) return WebBegun(answer_with(Trouble::not_found));
  return take_small_body(call, exception_size_max, envelope_types,
                         [&world, call, motion = motion_of(*exception)](BytesView body) {
                           return add_signatures(world, call, motion, body, checked(world, call.now));
                         });
}

Result<std::vector<std::string>> exceptions_for_intake(World& world, Instant now) {
  std::vector<std::string> all;
  std::uint64_t after = 0;
  while (true) {
    const auto page =
        TRY(world.db.list_exceptions_since(now.plus(-told_when_over_seconds), after, page_size));
    for (const auto& record : page) {
      after = record.number;
      const auto joined = join(world, motion_of(record));
      // What is no envelope is nobody's exception, and stands in the way of no other.
      if (!joined.ok() && kind_of(joined.error().code) == Kind::fault) return joined.error();
      if (joined.ok()) all.push_back(print_envelope(joined.value().envelope));
    }
    if (page.size() < page_size) return all;
  }
}

}  // namespace sallyport::server
