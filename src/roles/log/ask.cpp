// SPDX-License-Identifier: Apache-2.0
#include "roles/log/ask.h"

#include <algorithm>

#include "core/tlog/request.h"
#include "core/tlog/witness_answer.h"

namespace sallyport::keeper {
namespace {

// The first one, the one from where the witness says it stands, and another one if somebody else came between.
constexpr int questions_max = 3;
constexpr std::int64_t clock_skew_seconds_max = 300;

// Of a log at one time: its published tiles do not change afterwards, so that no lock is held while others think.
struct Snapshot {
  std::string checkpoint;
  std::string note_text;
  tlog::Head head;
  std::uint64_t cosigned;
  tlog::TileReader reader;

  Result<std::string> request(std::uint64_t old_size) const {
    const tlog::TiledTree tree(reader, head.size);
    auto path = TRY(tlog::consistency_proof(tree, old_size, head.size));
    return tlog::print_add_checkpoint({old_size, std::move(path), checkpoint});
  }
};

Result<Snapshot> take_snapshot(Disk& disk) {
  const auto lock = TRY(disk.lock(paths::lock));
  const auto store = TRY(Store::open(disk));
  const auto note = TRY(tlog::parse_note(store.checkpoint()));
  return Snapshot{store.checkpoint(), note.text, store.published(),
                  store.cosigned().empty() ? 0 : store.cosigned().back(), store.reader()};
}

// Its latest cosignature, of those that the answer holds.
Result<tlog::NoteSignature> own_cosignature(const tlog::Witness& witness, const Snapshot& log,
                                            const std::vector<tlog::NoteSignature>& signatures, Instant now) {
  tlog::Note own{log.note_text, {}};
  std::ranges::copy_if(signatures, std::back_inserter(own.signatures),
                       [&](const auto& signature) { return witness.key.made(signature); });
  const auto time = TRY(tlog::cosigned_by(own, witness.key));
  if (!time) {
    return Error(Code::log_key_refused, "the witness's answer", "a cosignature of " + witness.name,
                 signatures.front().name);
  }
  if (*time > now.plus(clock_skew_seconds_max)) {
    return Error(Code::cosignature_invalid, "the witness's answer", "a time before " + now.print(),
                 time->print());
  }
  return own.signatures.back();
}

Result<tlog::NoteSignature> ask(const tlog::Witness& witness, const Snapshot& log, const Poster& poster,
                                Instant now) {
  auto url = *witness.url;
  if (url.ends_with('/')) url.pop_back();
  url += tlog::add_checkpoint_path;
  auto old_size = std::min(log.cosigned, log.head.size);
  for (int i = 0; i < questions_max; ++i) {
    const auto body = TRY(log.request(old_size));
    const auto said = TRY(poster.post({url, body, tlog::witness_answer_size_max}));
    const auto answer = TRY(tlog::parse_witness_answer(said.status, said.content_type, said.body));
    if (const auto* signatures = std::get_if<std::vector<tlog::NoteSignature>>(&answer))
      return own_cosignature(witness, log, *signatures, now);
    const auto size = std::get<tlog::StandsAt>(answer).size;
    if (size > log.head.size) {
      return Error(Code::log_shrunk, "the witness's answer",
                   "at most " + std::to_string(log.head.size) + " entries", std::to_string(size));
    }
    old_size = size;
  }
  return Error(Code::witness_behind, "the witness's answer", "a cosignature", std::to_string(old_size));
}

Result<void> publish(Disk& disk, const Snapshot& asked, const std::vector<tlog::NoteSignature>& taken) {
  const auto lock = TRY(disk.lock(paths::lock));
  auto store = TRY(Store::open(disk));
  if (store.published() != asked.head) {
    return Error(Code::node_busy, "the log", std::to_string(asked.head.size) + " entries",
                 std::to_string(store.published().size));
  }
  auto note = TRY(tlog::parse_note(store.checkpoint()));
  for (const auto& signature : taken) {
    std::erase_if(note.signatures, [&](const auto& other) {
      return other.name == signature.name && other.key == signature.key;
    });
    note.signatures.push_back(signature);
  }
  return store.publish_cosigned(note);
}

std::vector<const tlog::Witness*> with_address(const tlog::LogPolicy& policy) {
  std::vector<const tlog::Witness*> witnesses;
  for (const auto& member : policy.members) {
    const auto* witness = std::get_if<tlog::Witness>(&member);
    if (witness != nullptr && witness->url) witnesses.push_back(witness);
  }
  return witnesses;
}

}  // namespace

Result<AskReport> ask_witnesses(Disk& disk, const tlog::LogPolicy& policy, const Poster& poster,
                                Workers& workers, Instant now) {
  const auto witnesses = with_address(policy);
  if (witnesses.empty()) return Error(Code::usage_error, "the policy", "a witness with an address", "none");
  const auto log = TRY(take_snapshot(disk));
  std::vector<std::optional<Result<tlog::NoteSignature>>> answers(witnesses.size());
  TRY(workers.run(witnesses.size(), [&](std::size_t i) -> Result<void> {
    answers[i] = ask(*witnesses[i], log, poster, now);
    return {};
  }));
  AskReport report{log.head, {}, {}};
  std::vector<tlog::NoteSignature> taken;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    report.witnesses.push_back({witnesses[i]->name, *witnesses[i]->url, {}});
    if (answers[i]->ok()) {
      taken.push_back(answers[i]->value());
    } else {
      report.witnesses.back().error = answers[i]->error();
    }
  }
  if (!taken.empty()) TRY(publish(disk, log, taken));
  const auto after = TRY(take_snapshot(disk));
  const auto accepted = tlog::check_checkpoint(after.checkpoint, policy, now);
  if (!accepted.ok()) report.missing = accepted.error();
  return report;
}

}  // namespace sallyport::keeper
