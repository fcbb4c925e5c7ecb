// SPDX-License-Identifier: Apache-2.0
// How many proofs of a log a second are checked from their bytes: parsed, one signature of the log and two of
// witnesses, and the way from an entry to the hash of a tree of a million. Prints the number.
#include <chrono>
#include <cstdio>

#include "adapters/signer/memory.h"
#include "core/tlog/proof.h"

namespace {

using namespace sallyport;

struct Party {
  Party(const std::string& n, tlog::KeyUse use)
      : name(n),
        signer(memory_signer(KeyKind::ed25519).value()),
        key(tlog::NoteKey::make(n, use, signer->public_key()).value()) {}
  std::string name;
  std::unique_ptr<Signer> signer;
  tlog::NoteKey key;
};

tlog::NoteSignature cosign(const Party& party, const std::string& text, Instant time) {
  const auto message = tlog::cosignature_message(party.key, time, text).value();
  const auto raw = party.signer->sign(message).value();
  return {party.name, party.key.id(), tlog::print_cosignature(time, raw)};
}

constexpr std::uint64_t size = 1 << 20U;

}  // namespace

int main() {
  const Party log("log.example", tlog::KeyUse::note);
  const Party first("w1.example", tlog::KeyUse::cosignature);
  const Party second("w2.example", tlog::KeyUse::cosignature);
  const auto now = Instant::from_seconds(1800000000).value();
  const auto entry = tlog::package_entry(sha256({}));
  std::vector<tlog::TreeHash> leaves(size, tlog::leaf_hash(as_bytes(tlog::print_entry(entry))));
  const tlog::LeafHashes tree(std::move(leaves));
  const tlog::Head head{size, tlog::root_of(tree, size).value()};
  tlog::Note note{tlog::print_checkpoint({log.name, head}), {}};
  note.signatures.push_back({log.name, log.key.id(), log.signer->sign(as_bytes(note.text)).value()});
  note.signatures.push_back(cosign(first, note.text, now));
  note.signatures.push_back(cosign(second, note.text, now));
  const auto proof = tlog::print_proof(
      {{}, 777777, tlog::inclusion_proof(tree, 777777, size).value(), tlog::print_note(note)});
  const auto policy =
      tlog::parse_log_policy("log " + log.key.text() + "\nwitness a " + first.key.text() + "\nwitness b " +
                             second.key.text() + "\ngroup g all a b\nquorum g\n")
          .value();
  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t count = 0;
  std::chrono::duration<double> taken{};
  while (taken.count() < 3) {
    for (int i = 0; i < 100; ++i, ++count) CHECK(tlog::check_proof(proof, entry, policy, now).ok());
    taken = std::chrono::steady_clock::now() - begin;
  }
  std::printf("%.0f\n", static_cast<double>(count) / taken.count());
  return 0;
}
