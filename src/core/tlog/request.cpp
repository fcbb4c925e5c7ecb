// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/request.h"

#include "core/tlog/lines.h"

namespace sallyport::tlog {
namespace {

constexpr std::string_view old_word = "old ";

Error malformed(std::string where, std::string expected) {
  return {Code::witness_request_malformed, std::move(where), std::move(expected), {}};
}

// By the signature of any key that is watched for this origin: a log may have several.
Result<const Watched*> watched_log(const Note& note, const std::string& origin,
                                   const std::vector<Watched>& watched) {
  const Watched* known = nullptr;
  for (const auto& log : watched) {
    if (log.key.name() != origin) continue;
    known = &log;
    if (TRY(signed_by(note, log.key)) == Signed::yes) return known;
  }
  if (known == nullptr) return Error(Code::log_unknown, "origin", "a log that this witness watches", origin);
  return Error(Code::log_signature_invalid, origin, "its own signature on the checkpoint", "none");
}

}  // namespace

Result<AddCheckpoint> parse_add_checkpoint(std::string_view text) {
  if (text.size() > add_checkpoint_size_max) return malformed("request", "at most 256 KiB");
  Lines lines(text);
  const auto line = lines.next();
  const auto old_size = line && line->starts_with(old_word)
                            ? parse_decimal(line->substr(old_word.size()), tree_size_max)
                            : std::nullopt;
  if (!old_size) return malformed("line 1", "old and a size");
  auto path = parse_hashes(lines, path_length_max);
  if (!path) return malformed("proof", "up to 63 hashes and an empty line");
  if (lines.at_end()) return malformed("checkpoint", "a signed note");
  return AddCheckpoint{*old_size, std::move(*path), std::string(lines.rest())};
}

std::string print_add_checkpoint(const AddCheckpoint& request) {
  std::string text = std::string(old_word) + std::to_string(request.old_size) + "\n";
  for (const auto& hash : request.path) text += print_hash(hash) + "\n";
  return text + "\n" + request.checkpoint;
}

Result<Accepted> decide(const AddCheckpoint& request, const std::vector<Watched>& watched) {
  const auto note = TRY(parse_note(request.checkpoint));
  auto checkpoint = TRY(parse_claimed_checkpoint(note.text));
  const auto* const log = TRY(watched_log(note, checkpoint.origin, watched));
  if (request.old_size > checkpoint.head.size) {
    return malformed("old", "at most " + std::to_string(checkpoint.head.size));
  }
  if (request.old_size != log->seen.size) {
    return Error(Code::witness_behind, "old", std::to_string(log->seen.size),
                 std::to_string(request.old_size));
  }
  if (checkpoint.head.size == 0 && checkpoint.head.root != empty_root()) {
    return Error(Code::log_forked, checkpoint.origin, "the hash of no entries", checkpoint.head.root.brief());
  }
  TRY(check_consistency(log->seen, checkpoint.head, request.path));
  return Accepted{note.text, std::move(checkpoint)};
}

}  // namespace sallyport::tlog
