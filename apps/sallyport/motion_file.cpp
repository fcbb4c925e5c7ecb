// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/motion_file.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "adapters/disk/file_source.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/order_file.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/signed_file.h"
#include "apps/sallyport/views.h"
#include "core/crypto/digest.h"
#include "core/format/dsse.h"

namespace sallyport::cli {
namespace {

struct MotionAnswerBy {
  const Policy& policy;
  PersonId person;
  Instant now;
};

void show_persons(std::string_view label, const std::set<PersonId>& persons, Output& output) {
  output.field(label, joined(persons));
  output.json().key(label).begin_array();
  for (const auto& person : persons) output.json().text(person.text());
  output.json().end_array();
}

// "standing", "approved", "refused", "required", "digest".
void show_motion(const deploy::OpenMotion& open, const Policy& policy, Output& output) {
  const auto& ballot = open.motion.ballot;
  output.field("digest", open.motion.digest.text());
  output.field("standing", std::string(deploy::word(ballot.standing)));
  output.json().text("digest", open.motion.digest.text()).text("standing", deploy::word(ballot.standing));
  show_persons("approved", ballot.approved, output);
  show_persons("refused", ballot.refused, output);
  const auto& rule = policy.pools.at(open.pool).approvals.approve;
  output.field("required", rule.describe() + ", none of them " + ballot.proposer.text());
  output.json().text("rule", rule.describe());
}

// Further signatures of the proposer, of the kinds that the policy asks for.
Result<std::string> with_further_keys(std::string envelope, const MotionAnswerBy& by,
                                      const deploy::ProveMotion& prove,
                                      const std::vector<std::unique_ptr<Signer>>& further) {
  for (const auto& key : further) {
    const auto before = std::move(envelope);
    envelope = TRY(deploy::answer_motion(approve::Act::approve,
                                         {as_bytes(before), by.policy, by.person, by.now, {}}, prove, *key))
                   .envelope;
  }
  return envelope;
}

Result<ProposedFile> proposed_by_all_keys(const MotionKind& kind, const MakeProposal& make,
                                          const Arguments& arguments, const MotionAnswerBy& by) {
  const auto keys = TRY(open_keys(arguments));
  auto proposed = TRY(make(by.policy, by.now, *keys.first));
  proposed.envelope =
      TRY(with_further_keys(std::move(proposed.envelope), by, kind.prove(by.policy, by.now), keys.further));
  return proposed;
}

Event event_of(const MotionKind& kind, const std::string& what, const std::string& file,
               const MotionAnswerBy& by) {
  auto activity = kind.command + "-" + what;
  std::ranges::replace(activity, ' ', '-');
  return {std::move(activity),
          by.now,
          by.person.text(),
          base_name(file),
          {},
          {},
          {},
          by.policy.version,
          {},
          {},
          "nothing"};
}

}  // namespace

void name_envelope(Event& event, BytesView file) {
  const auto envelope = parse_envelope(file);
  if (envelope.ok()) event.order = sha256(envelope.value().payload).text();
}

Result<void> propose_file(const MotionKind& kind, const MakeProposal& make, const Arguments& arguments,
                          Output& output) {
  const auto& path = arguments.text("o");
  const auto policy = TRY(load_policy(arguments.text("policy")));
  const auto person = TRY(PersonId::parse(arguments.text("as")));
  const auto now = TRY(arguments.time_or_now("at"));
  const MotionAnswerBy by{policy, person, now};
  const auto log = TRY(open_events(arguments));
  auto event = event_of(kind, "propose", path, by);
  const auto result = proposed_by_all_keys(kind, make, arguments, by);
  if (!result.ok()) return recorded(log.get(), event, result.error());
  TRY(write_result(arguments, path, as_bytes(result.value().envelope), output));
  if (!arguments.has("dry-run")) event.effect = kind.noun + " written";
  event.order = result.value().digest.text();
  event.signer = person.text();
  show_fields(result.value().fields, output, kind.noun);
  output.field("digest", result.value().digest.text());
  output.json().text("digest", result.value().digest.text());
  output.next("another person reads it with: sallyport " + kind.command + " review " + path + " --policy " +
              arguments.text("policy"));
  return recorded(log.get(), event, {});
}

Result<deploy::OpenMotion> show_file(const MotionKind& kind, const ShowMotion& show,
                                     const Arguments& arguments, Output& output) {
  const auto policy = TRY(load_policy(arguments.text("policy")));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto file = TRY(read_whole_file(arguments.text(kind.positional), envelope_size_max));
  auto open = TRY(show(file, policy, now));
  show_motion(open, policy, output);
  return open;
}

Result<void> review_file(const MotionKind& kind, const ShowMotion& show, const std::string& once_granted,
                         const Arguments& arguments, Output& output) {
  const auto open = TRY(show_file(kind, show, arguments, output));
  const bool granted = open.motion.ballot.standing == approve::Standing::granted;
  output.next(granted ? once_granted
                      : "sallyport " + kind.command + " approve " + arguments.text(kind.positional) +
                            " --policy " + arguments.text("policy") + " --as PERSON --key URI --reviewed " +
                            open.motion.digest.text());
  return {};
}

Result<void> answer_file(const MotionKind& kind, approve::Act act, const Arguments& arguments,
                         Output& output) {
  const auto& path = arguments.text(kind.positional);
  const auto policy = TRY(load_policy(arguments.text("policy")));
  const auto now = TRY(arguments.time_or_now("at"));
  const auto person = TRY(PersonId::parse(arguments.text("as")));
  const auto log = TRY(open_events(arguments));
  const auto keys = TRY(open_keys(arguments));
  const auto reviewed = TRY(reviewed_of(arguments));
  const auto file = TRY(OrderFile::open(path));
  const bool approves = act == approve::Act::approve;
  const auto prove = (approves ? kind.prove_to_approve : kind.prove)(policy, now);
  auto event = event_of(kind, approves ? "approve" : "refuse", path, {policy, person, now});
  name_envelope(event, file.content());
  if (const auto open = kind.prove(policy, now)(file.content()); open.ok()) {
    const auto& ballot = open.value().motion.ballot;
    event.checks = {{"proposer", ballot.proposer.text()}, {"approved", joined(ballot.approved)}};
  }
  auto result =
      deploy::answer_motion(act, {file.content(), policy, person, now, reviewed}, prove, *keys.first);
  for (const auto& key : keys.further) {
    if (!result.ok()) break;
    const auto before = std::move(result.value().envelope);
    result = deploy::answer_motion(act, {as_bytes(before), policy, person, now, reviewed}, prove, *key);
  }
  if (!result.ok()) return recorded(log.get(), event, result.error());
  const auto& envelope = result.value().envelope;
  if (arguments.has("dry-run")) {
    would_write({path}, output);
  } else {
    TRY(file.replace(as_bytes(envelope)));
    event.effect = "signature added";
    event.signer = person.text();
  }
  show_motion(TRY(prove(as_bytes(envelope))), policy, output);
  return recorded(log.get(), event, {});
}

Result<std::optional<std::uint64_t>> sequence_option(const Arguments& arguments) {
  constexpr std::uint64_t sequence_max = 1ULL << 53U;  // what a statement can say
  if (!arguments.has("sequence")) return std::optional<std::uint64_t>();
  const auto sequence = TRY(arguments.number("sequence"));
  if (sequence >= 1 && sequence <= sequence_max) return std::optional(sequence);
  return Error(Code::usage_error, "--sequence", "1 to 2^53", std::to_string(sequence));
}

std::uint32_t milliseconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count() %
                                    1000);
}

std::vector<Option> answering_options() {
  return {
      {"policy", "POLICY", "The policy file", Need::required},
      {"as", "PERSON", "Who you are, as the policy names you", Need::required},
      {"key", "URI",
       "Your key: file:PATH or pkcs11:…; where the policy asks for several kinds of signatures, one of each",
       Need::required, Takes::values},
      reviewed_option,
      {"at", "TIME", "Decide as of this time, instead of now"},
      dry_option,
      events_option};
}

}  // namespace sallyport::cli
