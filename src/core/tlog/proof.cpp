// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/proof.h"

#include <algorithm>

#include "core/tlog/lines.h"

namespace sallyport::tlog {
namespace {

constexpr std::string_view header = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_word = "extra ";
constexpr std::string_view index_word = "index ";
constexpr std::string_view since_header = "sallyport-since/1";
constexpr std::string_view since_word = "since ";

Error malformed(std::string where, std::string expected) {
  return {Code::log_proof_malformed, std::move(where), std::move(expected), {}};
}

// Blocks of "since SIZE", hashes, and an empty line.
Result<std::vector<ConsistencyProof>> parse_since(std::string_view text) {
  Lines lines(text);
  if (lines.next() != since_header) return std::vector<ConsistencyProof>();
  const auto wrong = malformed("extra", "up to 64 consistency proofs from ascending sizes");
  std::vector<ConsistencyProof> all;
  while (!lines.at_end()) {
    const auto line = lines.next();
    if (!line || !line->starts_with(since_word)) return wrong;
    const auto from = parse_decimal(line->substr(since_word.size()), tree_size_max);
    const bool is_next = from && *from > (all.empty() ? 0 : all.back().from);
    auto path = parse_hashes(lines, path_length_max);
    if (!is_next || !path || all.size() == proof_since_max) return wrong;
    all.push_back({*from, std::move(*path)});
  }
  return all;
}

std::string print_since(const std::vector<ConsistencyProof>& since) {
  std::string text = std::string(since_header) + "\n";
  for (const auto& [from, path] : since) {
    text += std::string(since_word) + std::to_string(from) + "\n";
    for (const auto& hash : path) text += print_hash(hash) + "\n";
    text += "\n";
  }
  return text;
}

}  // namespace

Result<Proof> parse_proof(std::string_view text) {
  if (text.size() > proof_size_max) return malformed("proof", "at most 512 KiB");
  Lines lines(text);
  if (lines.next() != header) return malformed("line 1", std::string(header));
  auto line = lines.next();
  Proof proof{{}, 0, {}, {}};
  if (line && line->starts_with(extra_word)) {
    const auto extra = parse_base64(line->substr(extra_word.size()), proof_size_max);
    if (!extra.ok()) return malformed("extra", "base64 text");
    proof.since = TRY(parse_since(as_text(extra.value())));
    line = lines.next();
  }
  const auto index = line && line->starts_with(index_word)
                         ? parse_decimal(line->substr(index_word.size()), tree_size_max)
                         : std::nullopt;
  if (!index) return malformed("index", "the number of the entry");
  auto path = parse_hashes(lines, path_length_max);
  if (!path) return malformed("path", "up to 63 hashes and an empty line");
  if (lines.rest().size() > note_size_max || lines.at_end()) return malformed("checkpoint", "a signed note");
  proof.index = *index;
  proof.path = std::move(*path);
  proof.checkpoint = std::string(lines.rest());
  return proof;
}

std::string print_proof(const Proof& proof) {
  std::string text = std::string(header) + "\n";
  if (!proof.since.empty()) {
    text += std::string(extra_word) + base64(as_bytes(print_since(proof.since))) + "\n";
  }
  text += std::string(index_word) + std::to_string(proof.index) + "\n";
  for (const auto& hash : proof.path) text += print_hash(hash) + "\n";
  return text + "\n" + proof.checkpoint;
}

Result<CheckedProof> check_proof(std::string_view text, const Entry& what, const LogPolicy& policy,
                                 Instant now) {
  auto proof = TRY(parse_proof(text));
  auto checkpoint = TRY(check_checkpoint(proof.checkpoint, policy, now));
  TRY(check_inclusion(leaf_hash(as_bytes(print_entry(what))), proof.index, proof.path,
                      checkpoint.checkpoint.head));
  return CheckedProof{std::move(checkpoint), proof.index, std::move(proof.since)};
}

Result<void> check_since(const CheckedProof& proof, const Head& seen) {
  const auto& now = proof.checkpoint.checkpoint.head;
  if (now.size <= seen.size) return check_consistency(seen, now, {});
  const auto known = std::ranges::find(proof.since, seen.size, &ConsistencyProof::from);
  if (known != proof.since.end()) return check_consistency(seen, now, known->path);
  return Error(Code::log_consistency_missing, "proof",
               "that the log begins with the " + std::to_string(seen.size) + " entries seen before",
               "nothing");
}

}  // namespace sallyport::tlog
